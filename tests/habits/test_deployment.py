"""Compose and Kubernetes start the processes that exist, with settings that exist, as `./run` does."""

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.rabbitmq.permissions import KINDS, SERVICES
from plumbing.settings import EVERY, Settings
from tests.habits.tree import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
BASE = ROOT / "deploy/kustomize/base"
MANIFESTS = sorted(path for path in BASE.glob("*.yaml") if path.name != "kustomization.yaml")
PROCESSES = [*SERVICES, "media-node", "gateway-api", "gateway-live"]
# what deploy/container/start reads besides the settings
START = {"AMQP_USER", "AMQP_HOST", "SECRETS"}
SETTINGS = {about.name.upper(): about.metadata for about in fields(Settings)}


def kind_of(process: str) -> str:
    """Return the name that plumbing.settings knows a process by."""
    return process.replace("-", "_")


def command_of(process: str) -> list[str]:
    port = {"gateway-api": "8000", "gateway-live": "8001"}.get(process)
    if port is None:
        return ["python", "-m", "services.media.node" if process == "media-node" else f"services.{process}"]
    part = process.removeprefix("gateway-")
    configuration = f"gateway/{part}/gunicorn.conf.py"
    return ["gunicorn", "-c", configuration, "--bind", f"0.0.0.0:{port}", f"gateway.{part}:create_app()"]


def manifests() -> list[dict[str, Any]]:
    return [document for path in MANIFESTS for document in yaml.safe_load_all(path.read_text())]


def container_of(process: str) -> dict[str, Any]:
    [container] = [
        document["spec"]["template"]["spec"]["containers"][0]
        for document in manifests()
        if document["kind"] in {"Deployment", "DaemonSet"} and document["metadata"]["name"] == process
    ]
    return dict(container)


def exists(command: list[str]) -> bool:
    if command[0] == "gunicorn":
        package, _, factory = command[-1].removesuffix("()").partition(":")
        spec = importlib.util.find_spec(package)
        made = spec is not None and spec.origin is not None and f"def {factory}(" in Path(spec.origin).read_text()
        return made and (ROOT / command[2]).exists()
    return importlib.util.find_spec(f"{command[2]}.__main__") is not None


def test_compose_fits_its_schema() -> None:
    tool = Path(sys.executable).with_name("check-jsonschema")
    command = [str(tool), "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout


def test_compose_has_one_entry_for_each_process_and_for_what_it_stands_on() -> None:
    backing = {"secrets", "migrate", "rabbitmq", "mongo", "coturn", "mailpit", "caddy"}
    assert set(COMPOSE) == {*PROCESSES, *backing}


@pytest.mark.parametrize("process", PROCESSES)
def test_every_process_is_started_by_a_command_that_exists(process: str) -> None:
    assert COMPOSE[process]["command"] == command_of(process)
    assert container_of(process)["args"] == command_of(process)
    assert exists(command_of(process))


@pytest.mark.parametrize("process", PROCESSES)
def test_compose_gives_settings_that_exist_and_that_the_process_reads(process: str) -> None:
    given = set(COMPOSE[process]["environment"]) - START
    unread = {"HEALTH_PORT"} if process.startswith("gateway") else set()
    assert {
        name for name in given - unread if kind_of(process) not in SETTINGS.get(name, {"used_by": ()})["used_by"]
    } == set()


@pytest.mark.parametrize("process", PROCESSES)
def test_compose_gives_every_setting_that_is_needed(process: str) -> None:
    from_secrets = {
        "AMQP_URI",
        "ACTOR_PRIVATE_KEY",
        "ACTOR_PUBLIC_KEYS",
        "LINK_KEY",
        "COOKIE_KEY",
        "ACCOUNTS_KEY",
        "INTEGRATIONS_KEY",
    }
    needed = {name for name, meta in SETTINGS.items() if meta["needed"] and kind_of(process) in meta["used_by"]}
    assert needed - from_secrets - set(COMPOSE[process]["environment"]) == set()


def test_kubernetes_gives_settings_that_exist() -> None:
    given: set[str] = set()
    for document in manifests():
        if document["kind"] == "ConfigMap":
            given |= set(document["data"])
    for process in PROCESSES:
        given |= {entry["name"] for entry in container_of(process)["env"]}
    assert given - START - set(SETTINGS) == set()


def test_the_start_script_names_settings_that_exist() -> None:
    text = (ROOT / "deploy/container/start").read_text()
    named = set(re.findall(r"^name_file ([A-Z_]+)", text, re.MULTILINE))
    assert named == {name for name in SETTINGS if name.endswith(("_KEY", "_KEYS", "_SECRET"))}


def test_each_process_sees_the_secrets_of_its_kind_only() -> None:
    for process in PROCESSES:
        kind = "gateway" if process.startswith("gateway") else kind_of(process)
        assert COMPOSE[process]["environment"]["AMQP_USER"] == kind
        assert COMPOSE[process]["volumes"] == [f"./.run/compose/{kind}:/run/housecall:ro"]
        assert kind in KINDS


def test_no_two_entries_of_compose_publish_the_same_port() -> None:
    published = []
    for entry in COMPOSE.values():
        for port in entry.get("ports", []):
            address, _, protocol = port.partition("/")
            published.append((address.split(":")[-2], protocol or "tcp"))
    assert len(published) == len(set(published))


@pytest.mark.parametrize("service", SERVICES)
def test_kubernetes_scales_each_service_on_its_own_queue(service: str) -> None:
    [scaled] = [
        document
        for document in manifests()
        if document["kind"] == "ScaledObject" and document["metadata"]["name"] == service
    ]
    assert scaled["spec"]["scaleTargetRef"] == {"name": service}
    assert [trigger["metadata"]["queueName"] for trigger in scaled["spec"]["triggers"]] == [f"rpc-{service}"]


def test_kustomize_names_every_manifest() -> None:
    named = yaml.safe_load((BASE / "kustomization.yaml").read_text())["resources"]
    assert sorted(named) == [path.name for path in MANIFESTS]


def test_kubernetes_manifests_fit_their_schemas() -> None:
    tool = Path(sys.executable).with_name("kubernetes-validate")
    command = [str(tool), "--strict", "--no-warn", *map(str, MANIFESTS)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout


def test_the_image_is_built_as_its_linter_likes() -> None:
    linter = Path(sys.executable).with_name("hadolint")
    answer = subprocess.run([linter, "deploy/Dockerfile"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize("script", ["deploy/container/start", "deploy/container/migrate", "deploy/coturn/start"])
def test_scripts_of_the_image_are_valid_and_can_be_run(script: str) -> None:
    shell = shutil.which("sh")
    assert shell is not None
    assert subprocess.run([shell, "-n", ROOT / script], check=False).returncode == 0
    assert (ROOT / script).stat().st_mode & 0o111


def test_the_start_script_completes_the_settings_from_the_secrets(tmp_path: Path) -> None:
    for name, text in {"amqp_password": "pass", "actor.pem": "x", "actors.json": "{}", "link.key": "k"}.items():
        (tmp_path / name).write_text(text)
    show = [sys.executable, "-c", "import json, os; print(json.dumps(dict(os.environ)))"]
    environment = {"SECRETS": str(tmp_path), "AMQP_USER": "invitations", "AMQP_HOST": "broker"}
    answer = subprocess.run(
        [ROOT / "deploy/container/start", *show], env=environment, capture_output=True, text=True, check=True
    )
    found = json.loads(answer.stdout)
    assert found["AMQP_URI"] == "amqp://invitations:pass@broker:5672/housecall"
    assert found["LINK_KEY"] == str(tmp_path / "link.key")
    assert "COOKIE_KEY" not in found


def test_migrate_makes_the_indexes_of_every_service() -> None:
    text = (ROOT / "deploy/container/migrate").read_text()
    assert re.findall(r"for service in (.*); do", text) == [" ".join(SERVICES)]


def test_the_broker_has_a_user_for_every_kind_of_process() -> None:
    spoken = {"gateway" if name.startswith("gateway") else name for name in EVERY}
    assert spoken <= set(KINDS)

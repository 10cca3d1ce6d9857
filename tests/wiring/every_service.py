"""One process of every service and a media node, on a virtual host and databases of their own."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from contracts.catalogue import SERVICES
from deploy.local.ports import free_port
from plumbing.ids import new_id
from tests.backing import make_virtual_host, remove_virtual_host
from tests.wiring.one_service import Stage

NODE = "n1"


@contextmanager
def every_service(
    folder: Path, backing: dict[str, Any], through: str = "", settings: dict[str, str] | None = None
) -> Iterator[Stage]:
    """The stage on which they run, without indexes. Nobody takes their mails. `through` is a module that runs each as its argument."""
    host = make_virtual_host(backing)
    prefix = f"test_{new_id()[-12:]}_"
    stage = Stage(folder, host.uri, backing["mongo_uri"], prefix)
    (folder / "link.key").write_bytes(os.urandom(32))
    more = {
        "BASE_URL": "http://localhost",
        "LINK_KEY": str(folder / "link.key"),
        "SMTP_URI": f"smtp://127.0.0.1:{free_port()}",
        "MAIL_FROM": "Housecall <no-reply@clinic.example>",
        "NODE_ID": NODE,
        "NODE_HOST": "127.0.0.1",
        "NODE_NATIVE": "python",
        **(settings or {}),
    }
    kinds = {name: f"services.{name}" for name in SERVICES} | {"media_node": "services.media.node"}
    starts = [partial(stage.running, f"{through} {module}".strip(), kind, **more) for kind, module in kinds.items()]
    try:
        with ExitStack() as running, ThreadPoolExecutor(len(starts)) as crowd:
            list(crowd.map(lambda start: running.enter_context(start()), starts))
            yield stage
    finally:
        stage.close()
        _drop(backing["mongo_uri"], prefix)
        remove_virtual_host(host)


def _drop(mongo_uri: str, prefix: str) -> None:
    from pymongo import MongoClient

    with MongoClient[dict[str, Any]](mongo_uri) as client:
        for name in SERVICES:
            client.drop_database(f"{prefix}{name}")

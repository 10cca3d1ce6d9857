"""A private mongod: the one from the wheel, a replica set of one member, since only those have transactions and `$$NOW`
leases as production has them.
"""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from deploy.local.problem import SetUpProblem

REPLICA_SET = "housecall"


def mongod_path() -> Path:
    """Return where the wheel put mongod."""
    found = importlib.util.find_spec("fiftyone")
    for place in (found.submodule_search_locations or []) if found else []:
        path = Path(place) / "db" / "bin" / "mongod"
        if path.exists():
            return path
    raise SetUpProblem("mongod is missing: run './run' on x86-64 Linux, or set MONGO_URI to a replica set.")


@dataclass(frozen=True)
class Mongod:
    """One mongod of ours; `directory` holds its data."""

    directory: Path
    port: int

    @property
    def uri(self) -> str:
        """Return the address for clients: acknowledged by the majority, as in production."""
        return f"mongodb://127.0.0.1:{self.port}/?replicaSet={REPLICA_SET}&w=majority"

    def command(self) -> list[str]:
        """Return the command; its cache is small, so that everything fits beside it on one machine."""
        data = self.directory / "data"
        data.mkdir(parents=True, exist_ok=True)
        return [
            *(str(mongod_path()), "--dbpath", str(data), "--port", str(self.port), "--bind_ip", "127.0.0.1"),
            *("--replSet", REPLICA_SET, "--oplogSize", "128", "--wiredTigerCacheSizeGB", "0.25"),
            *("--nounixsocket", "--setParameter", "diagnosticDataCollectionEnabled=false", "--quiet"),
            # a slow query is logged with what people typed
            *("--slowOpSampleRate", "0"),
        ]

    def is_ready(self) -> bool:
        """Tell whether this member is primary, making (or, when the port changed, remaking) the set on the way."""
        member = {"_id": 0, "host": f"127.0.0.1:{self.port}"}
        try:
            with MongoClient[dict[str, object]](
                "127.0.0.1", self.port, directConnection=True, serverSelectionTimeoutMS=1000
            ) as client:
                hello = client.admin.command("hello")
                if hello.get("isWritablePrimary"):
                    return True
                try:
                    current = client.admin.command("replSetGetConfig")["config"]
                except OperationFailure as error:
                    # 94: NotYetInitialized
                    if error.code == 94:
                        client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": [member]})
                    return False
                if current["members"][0]["host"] != member["host"]:
                    changed = {**current, "version": current["version"] + 1, "members": [member]}
                    client.admin.command("replSetReconfig", changed, force=True)
                return False
        except PyMongoError:
            return False

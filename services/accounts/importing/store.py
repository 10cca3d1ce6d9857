"""Where imports and their rows are kept: a row a document, done one after the other."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from plumbing import mongo
from plumbing.store import Documents, Outgoing
from services.accounts.importing.job import DUE, KEPT, RUNNING, Import
from services.accounts.importing.verdicts import Problem, Verdict, Wanted

_DUPLICATE_KEY = 11000
LEASE_SECONDS = 10.0
INDEXES: dict[str, list[IndexModel]] = {
    "imports": [IndexModel([("state", ASCENDING)], name="running", partialFilterExpression={"state": RUNNING})],
    "import_rows": [
        IndexModel([("organisation_id", ASCENDING), ("import_id", ASCENDING), ("state", ASCENDING)], name="by_import"),
        IndexModel([("at", ASCENDING)], name="forget", expireAfterSeconds=int(KEPT.total_seconds())),
    ],
}


class ImportsStore:
    """Imports, and the rows of each."""

    def __init__(self, database: Database[dict[str, Any]], outbox: Outgoing) -> None:
        self.jobs = Documents(database["imports"], outbox, kind=Import, source="accounts", subject="import")
        self._rows = database["import_rows"]

    def keep_rows(self, import_id: str, organisation_id: str, verdicts: Iterable[Verdict], now: datetime) -> None:
        """Each once, however often it is asked for."""
        documents = [
            {
                "_id": f"{import_id}/{verdict.line}",
                "organisation_id": organisation_id,
                "import_id": import_id,
                "line": verdict.line,
                "email": verdict.email,
                "state": DUE if verdict.wanted else verdict.will,
                "wanted": asdict(verdict.wanted) if verdict.wanted else None,
                "problems": [asdict(problem) for problem in verdict.problems],
                "at": now,
            }
            for verdict in verdicts
        ]
        try:
            self._rows.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            if any(each["code"] != _DUPLICATE_KEY for each in error.details["writeErrors"]):
                raise

    def claim(self, owner: str) -> Import | None:
        """An import that nobody works at, for a while."""
        found = mongo.claim(self.jobs.collection, {"state": RUNNING}, owner, LEASE_SECONDS, [("_id", ASCENDING)])
        return self.jobs.get(found["_id"], found["organisation_id"]) if found else None

    def renew(self, import_id: str, owner: str) -> bool:
        """Go on working at it; False when it is another's by now."""
        return mongo.renew(self.jobs.collection, import_id, owner, LEASE_SECONDS)

    def release(self, import_id: str, owner: str) -> None:
        """Somebody else may go on."""
        mongo.release(self.jobs.collection, import_id, owner)

    def due(self, job: Import, most: int) -> list[Wanted]:
        """What is still to be done, in the order of the file."""
        due = self._of(job, {"state": DUE})
        rows = self._rows.find(due, sort=[("line", ASCENDING)], limit=most)
        return [_wanted(row["wanted"]) for row in rows]

    def settle(self, job: Import, line: int, became: str, problems: tuple[Problem, ...] = ()) -> None:
        """This became of the row."""
        change = {"state": became, "problems": [asdict(problem) for problem in problems]}
        self._rows.update_one(self._of(job, {"_id": f"{job.id}/{line}"}), {"$set": change})

    def counts(self, job: Import) -> dict[str, int]:
        """How many rows of each outcome, and how many are due."""
        found = self._rows.aggregate([{"$match": self._of(job, {})}, {"$group": {"_id": "$state", "n": {"$sum": 1}}}])
        return {each["_id"]: each["n"] for each in found}

    def refused(self, job: Import, most: int) -> list[dict[str, Any]]:
        """The first rows of which nothing became, with their problems."""
        rows = self._rows.find(self._of(job, {"state": "refuse"}), sort=[("line", ASCENDING)], limit=most)
        return [{name: row[name] for name in ("line", "email", "problems")} for row in rows]

    def _of(self, job: Import, more: dict[str, Any]) -> dict[str, Any]:
        return {"organisation_id": job.organisation_id, "import_id": job.id, **more}


def _wanted(kept: dict[str, Any]) -> Wanted:
    clinic_ids = kept["clinic_ids"]
    return Wanted(**{**kept, "clinic_ids": None if clinic_ids is None else tuple(clinic_ids)})

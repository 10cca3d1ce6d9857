"""Sends what is due, in every replica: each invitation is claimed with a lease, each mail recorded when it is taken.

What can go wrong, and what then: a process that is killed between the mail server's 250 and the record of it has its mails
sent again, at most `clerk.MOST_UNRECORDED` for each connection, all of the last moment (`clerk.GATHER_SECONDS` and one write);
their Message-ID is the same, by which mailboxes recognise them. A mail whose acceptance is recorded is never sent again.
"""

import itertools
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Generic, Protocol, TypeVar

import structlog

from contracts.errors import Refused
from plumbing import clock
from plumbing.store import Kept
from services.invitations import delivery
from services.invitations.clerk import Clerk, Records
from services.invitations.delivery import AWAY, LATER, Outcome
from services.invitations.invitation import Invitation, Recipient
from services.invitations.phones import is_number
from services.invitations.smtp import Answer

log = structlog.get_logger()
M = TypeVar("M")
Made_co = TypeVar("Made_co", covariant=True)
Taken_contra = TypeVar("Taken_contra", contravariant=True)

CLAIMED_AT_ONCE = 16
"""Invitations, so that the many that have one recipient each do not cost a claim each."""
CONNECTIONS = 2
"""To the mail server, of each replica."""
LEASE_SECONDS = 12.0
"""After which another replica sends what a killed one had claimed; renewed thrice in that time."""
LOOK_SECONDS = 0.5
"""How often each looks for what others left or what is to be tried again; new invitations wake it at once."""
_STOP_SECONDS = 10.0


class Store(Records, Protocol):
    """What the postman needs of services.invitations.store.InvitationsStore."""

    def claim_due(self, now: datetime, owner: str, lease_seconds: float, most: int) -> list[Kept[Invitation]]: ...

    def release(self, ids: Sequence[str], owner: str) -> None: ...


class Composing(Protocol[Made_co]):
    """What the postman needs of services.invitations.carriers.Writer, or of a Composer where all are mails."""

    def mail(self, invitation: Invitation, recipient: Recipient, now: datetime) -> Made_co: ...


class Server(Protocol[Taken_contra]):
    """What the postman needs of services.invitations.carriers.Carriers, or of a MailServer where all are mails."""

    def send(self, mail: Taken_contra, /) -> Answer: ...

    def close(self) -> None: ...


class Postman(Generic[M]):
    """Its own threads, `CONNECTIONS` of them; `owner` names this process in leases."""

    def __init__(
        self,
        store: Store,
        composer: Composing[M],
        open_server: Callable[[], Server[M]],
        owner: str,
        lease_seconds: float,
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self._store = store
        self._composer = composer
        self._open_server = open_server
        self._owner = owner
        self._lease_seconds = lease_seconds
        self._now = now
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._claims = itertools.count()

    def start(self) -> None:
        """Begin to look for what is due."""
        for _ in range(CONNECTIONS):
            thread = threading.Thread(target=self._work, daemon=True)
            thread.start()
            self._threads.append(thread)

    def wake(self) -> None:
        """There is something new to send."""
        self._woken.set()

    def stop(self) -> None:
        """Finish the mails that are being handed over, and leave the others to other replicas."""
        self._stopping.set()
        self._woken.set()
        for thread in self._threads:
            thread.join(_STOP_SECONDS)

    def deliver_due(self, server: Server[M]) -> bool:
        """Send what is due of the next few invitations; False when nothing was."""
        owner = f"{self._owner}/{next(self._claims)}"
        claimed = self._store.claim_due(self._now(), owner, self._lease_seconds, CLAIMED_AT_ONCE)
        if not claimed:
            return False
        clerk = Clerk(self._store, claimed, owner, self._lease_seconds, self._now)
        try:
            with clerk:
                self._deliver([each.state for each in claimed], server, clerk)
        finally:
            self._store.release(clerk.held(), owner)
        return True

    def _work(self) -> None:
        server = self._open_server()
        while not self._stopping.is_set():
            try:
                busy = self.deliver_due(server)
            except Exception:
                # the database is away, or a defect: what was claimed is free again when its lease is over
                log.exception("delivery interrupted")
                busy = False
            if not busy:
                server.close()
                self._woken.wait(LOOK_SECONDS)
                self._woken.clear()
        server.close()

    def _deliver(self, claimed: Sequence[Invitation], server: Server[M], clerk: Clerk) -> None:
        waiting = [(each.id, recipient) for each in claimed for recipient in delivery.due(each, self._now())]
        away: dict[bool, Answer] = {}
        for invitation_id, recipient in waiting:
            if self._stopping.is_set() or not clerk.holds():
                return
            invitation = clerk.latest(invitation_id)
            if not delivery.still_waits(invitation, recipient):
                continue
            # who does not answer one mail answers none; the others of this claim are put off with it, and texts likewise
            by_text = is_number(recipient.address)
            answer = away.get(by_text) or self._send(invitation, recipient, server)
            if answer.kind == AWAY:
                away[by_text] = answer
            clerk.record(
                Outcome(
                    invitation_id,
                    recipient.id,
                    recipient.sending,
                    recipient.attempts,
                    answer.kind,
                    answer.code,
                    answer.problem,
                )
            )

    def _send(self, invitation: Invitation, recipient: Recipient, server: Server[M]) -> Answer:
        try:
            mail = self._composer.mail(invitation, recipient, self._now())
        except (ValueError, LookupError, Refused):
            # a defect about this one mail must not stop the others, nor be tried without a pause
            log.exception("mail not composed", recipient_id=recipient.id)
            return Answer(LATER, None, delivery.NOT_COMPOSED)
        answer = server.send(mail)
        log.info("mail", invitation_id=invitation.id, recipient_id=recipient.id, kind=answer.kind, code=answer.code)
        return answer

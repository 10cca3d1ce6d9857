"""What is done to a seat while it is taken: hold and mute by a host; unmuting and a raised hand by oneself."""

from functools import partial
from typing import Any

from contracts import media
from plumbing.services import Call as Asked
from plumbing.services import answers
from services.media import access, standing
from services.media.entrypoints import Entrypoints
from services.media.views import call_view


class Hosting(Entrypoints):
    """Each is kept with the call before its node is told, so that a node that takes its place knows it too."""

    @answers(media.HOLD_PARTICIPANT)
    def hold_participant(self, request: dict[str, Any], asked: Asked) -> dict[str, Any]:
        """They hear and see nobody, and nobody them, until they are taken back."""
        return self._by_host(request, asked, partial(standing.hold, held=True))

    @answers(media.UNHOLD_PARTICIPANT)
    def unhold_participant(self, request: dict[str, Any], asked: Asked) -> dict[str, Any]:
        """Back in the conversation."""
        return self._by_host(request, asked, partial(standing.hold, held=False))

    @answers(media.MUTE_PARTICIPANT)
    def mute_participant(self, request: dict[str, Any], asked: Asked) -> dict[str, Any]:
        """Silence somebody who is heard and does not know it; only they themselves undo it."""
        return self._by_host(request, asked, partial(standing.mute, kind=request["kind"], muted=True))

    @answers(media.UNMUTE)
    def unmute(self, request: dict[str, Any], asked: Asked) -> dict[str, Any]:
        """One's own sound or picture is to be heard or seen again."""
        return self._by_oneself(request, asked, partial(standing.mute, kind=request["kind"], muted=False))

    @answers(media.RAISE_HAND)
    def raise_hand(self, request: dict[str, Any], asked: Asked) -> dict[str, Any]:
        """One's own hand, up or down."""
        return self._by_oneself(request, asked, partial(standing.raise_hand, raised=request["raised"]))

    def _by_host(self, request: dict[str, Any], asked: Asked, rule: Any) -> dict[str, Any]:
        call = self._hosted(request["call_id"], asked)
        chosen = partial(rule, participant_id=request["participant_id"], now=asked.now)
        return call_view(self._change(call, chosen, asked), asked.actor)

    def _by_oneself(self, request: dict[str, Any], asked: Asked, rule: Any) -> dict[str, Any]:
        call = self.store.calls.get(request["call_id"], asked.organisation_id)
        seat = access.own_seat(call, request["participant_id"], asked.actor)
        self._change(call, partial(rule, participant_id=seat.id, now=asked.now), asked)
        return {"ok": True}

"""Who arrives: a new caller out of what the guest gave and what their link opens. Pure."""

from datetime import datetime, timedelta
from typing import Any

from contracts.actor import Actor
from contracts.errors import Forbidden
from contracts.waiting_order import ARRIVAL
from services.waiting.answers import checked
from services.waiting.caller import Caller, DeviceTest, place_of
from services.waiting.names import name_differs
from services.waiting.order import TARGET, standing


def arriving(
    request: dict[str, Any],
    settings: dict[str, Any],
    actor: Actor,
    caller_id: str,
    now: datetime,
    target: timedelta = TARGET,
) -> Caller:
    """The caller that the guest will be, had they not arrived before; `request` is contracts.waiting.Arrive, loaded.

    `settings` is what the room asks (contracts.room_settings.EffectiveSettings); `target`: how long they should wait at most, of
    who comes before their appointment from then on.

    Raises:
        Forbidden: the gateway did not say which device it is.
        Invalid: an answer does not fit what the room asks, or its consent text was not accepted.
    """
    if not actor.device_id or not actor.organisation_id:
        raise Forbidden("Open the link again: this device could not be told from others.")
    test = request["device_test"]
    answers, consent = checked(settings, request["answers"], request["consent_version"], now)
    return Caller(
        id=caller_id,
        organisation_id=actor.organisation_id,
        room_id=request["room_id"],
        state="waiting",
        display_name=request["display_name"],
        invited_name=request["invited_name"],
        name_differs=name_differs(request["display_name"], request["invited_name"]),
        language=request["language"],
        device_id=actor.device_id,
        recipient_id=actor.recipient_id,
        invitation_id=actor.invitation_id,
        session_id=actor.session_id,
        device_test=DeviceTest(**test) if test else None,
        waiting_since=now,
        place=place_of("waiting", request["room_id"], actor.recipient_id, actor.device_id),
        away_since=now,
        answers=answers,
        role=request["role"],
        for_recipient_id=request["for_recipient_id"],
        consent=consent,
        target_at=max(now, request.get("planned_at") or now) + target,
        standing=standing(settings.get("order", ARRIVAL), now, request.get("planned_at")),
    )

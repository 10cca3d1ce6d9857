"""From a request to an invitation: what is made of who asks, what they typed, and when it is to be. Pure."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from contracts.actor import Actor
from contracts.errors import Conflict, Forbidden, Invalid
from contracts.guests import CLIENT, MOST_RECIPIENTS
from plumbing.ids import follow
from services.invitations.invitation import Invitation, Planned, Recipient, Repeats, Sender
from services.invitations.mail_settings import MailSettings, worded
from services.invitations.phones import NO_TEXTS, Texting
from services.invitations.recipients import Verdict, to_send, understand
from services.invitations.repeating import planned_of
from services.invitations.roles import roles_of


def check_may_invite(room: dict[str, Any]) -> None:
    """Raises Forbidden for who may not invite to the room (contracts.rooms.RoomView), Conflict where nobody can now."""
    if not room["may_receive"]:
        raise Forbidden("Only the owner of a User Room, and reception, may invite to it.")
    if room["state"] != "open":
        raise Conflict("This room is not open. Choose another one, or ask your administrator.", state=room["state"])


def check_may_read(room: dict[str, Any]) -> None:
    """Raises Forbidden for who may see the room and not its invitations."""
    if not room["may_receive"]:
        raise Forbidden("Only the owner of a User Room, and reception, see who was invited to it.")


def understood(typed: str, most: int = MOST_RECIPIENTS, texting: Texting = NO_TEXTS) -> list[Verdict]:
    """The verdicts; raises Invalid where nothing at all was typed."""
    verdicts = understand(typed, most, texting)
    if not verdicts:
        raise Invalid(errors=[{"pointer": "/recipients", "detail": "Give at least one e-mail address."}])
    return verdicts


def sender_of(
    actor: Actor, member: dict[str, Any] | None, organisation: dict[str, Any], settings: MailSettings
) -> Sender:
    """Who invites: the member, or the organisation where a program does; named, and replied to, as the settings allow."""
    clinic_address = organisation.get("contact_email")
    sender = Sender(
        name=member["name"] if member else organisation["name"],
        organisation=organisation["name"],
        email=(member or {}).get("email") or clinic_address,
        phone=organisation.get("contact_phone"),
        member_id=actor.id if member else None,
    )
    return worded(sender, clinic_address, settings)


def previewed(
    request: dict[str, Any],
    room: dict[str, Any],
    sender: Sender,
    language: str,
    neutral: bool,
    now: datetime,
    series: Repeats | None = None,
) -> Invitation:
    """The invitation as it would be, to nobody. Raises Invalid for a time that is none."""
    return Invitation(
        id="",
        organisation_id=room["organisation_id"],
        room_id=room["id"],
        room_name=room["name"],
        session_id=None,
        title=request["title"],
        message=request["message"],
        language=language,
        sender=sender,
        planned=_as_typed(request["planned"]) if request["planned"] else None,
        recipients=(),
        link_hashes=(),
        created_at=now,
        neutral=neutral,
        series=series,
    )


def _as_typed(asked: dict[str, Any]) -> Planned:
    """A time that is not booked; the scheduler says, when it is, whether it can be."""
    try:
        local = datetime.fromisoformat(asked["local_start"]).replace(
            tzinfo=ZoneInfo(asked["zone"]), fold=int(asked.get("which") == "second")
        )
        starts_at = local.astimezone(UTC)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        detail = "There is no such time, or no such zone."
        raise Invalid(detail, errors=[{"pointer": "/planned", "detail": detail}]) from None
    minutes = asked["minutes"]
    return Planned(asked["local_start"], asked["zone"], minutes, starts_at, starts_at + timedelta(minutes=minutes))


def draft(
    request: dict[str, Any], verdicts: list[Verdict], room: dict[str, Any], sender: Sender, language: str,
    session: dict[str, Any] | None, hash_of_link: Callable[[str, int], str], *, id: str, now: datetime,
    neutral: bool = False, series: Repeats | None = None,
) -> Invitation:  # fmt: skip
    """The invitation to be kept, all its mails due at once. Repeated with the same `id`, all its ids and links are the same."""
    recipients = []
    roles = roles_of(request.get("roles", ()), verdicts)
    for address, name in to_send(verdicts):
        recipient_id = follow(id, f"recipient {address}")
        role, for_address = roles.get(address, (CLIENT, None))
        recipients.append(
            Recipient(
                id=recipient_id,
                address=address,
                name=name,
                link_hash=hash_of_link(recipient_id, 1),
                queued_at=now,
                next_try_at=now,
                role=role,
                for_recipient_id=follow(id, f"recipient {for_address}") if for_address else None,
            )
        )
    return Invitation(
        id=id,
        organisation_id=room["organisation_id"],
        room_id=room["id"],
        room_name=room["name"],
        session_id=session["id"] if session else None,
        title=request["title"],
        message=request["message"],
        language=language,
        sender=sender,
        planned=planned_of(session["planned"]) if session else None,
        recipients=tuple(recipients),
        link_hashes=tuple(one.link_hash for one in recipients if one.link_hash),
        created_at=now,
        due_at=now,
        calendar_revision=session["sequence"] if session and not series else 0,
        neutral=neutral,
        series=series,
    )

"""Mails that are no invitations: asked for by another service, sent as every other. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from plumbing import texts as catalogues
from plumbing.ids import follow
from services.invitations import times
from services.invitations.invitation import Invitation, Notice, Recipient, Sender
from services.invitations.repeating import planned_of
from services.invitations.texts import TEXTS, Words, kept_in_order

HOST_ADDED, HOST_REMOVED, HOST_MOVED, HOST_CANCELLED = "host_added", "host_removed", "host_moved", "host_cancelled"
_TAKES_BACK = (HOST_REMOVED, HOST_CANCELLED)


def draft(request: dict[str, Any], *, id: str, organisation_id: str, now: datetime) -> Invitation:
    """What contracts.invitations.SendNotice asks for, due at once."""
    values = request["values"]
    recipient = Recipient(follow(id, "recipient"), request["address"], request["name"], None, now, now)
    return Invitation(
        id=id,
        organisation_id=organisation_id,
        room_id="",
        room_name="",
        session_id=None,
        title="",
        message="",
        language=request["language"],
        sender=Sender(values.get("sender", values["organisation"]), values["organisation"]),
        planned=None,
        recipients=(recipient,),
        link_hashes=(),
        created_at=now,
        due_at=now,
        notice=Notice(request["kind"], request["link"]),
    )


def text_draft(request: dict[str, Any], number: str, *, id: str, organisation_id: str, now: datetime) -> Invitation:
    """What contracts.text_notices.SendText asks for, to a number that was understood, due at once."""
    asked = {
        "kind": request["kind"],
        "address": number,
        "name": None,
        "language": request["language"],
        "values": {"organisation": request["organisation"]},
        "link": request["secret"],
    }
    return draft(asked, id=id, organisation_id=organisation_id, now=now)


def of_hosts(
    member: dict[str, Any],
    kind: str,
    organisation: dict[str, Any],
    session: dict[str, Any],
    *,
    id: str,
    now: datetime,
    revision: int = 0,
) -> Invitation:
    """To a member who became a host of a session or is none any more, or whose session moved or was cancelled.

    With a calendar entry, whose SEQUENCE is `revision`. Of a series it says no time and has no entry: it has many.
    """
    request = {
        "kind": kind,
        "address": member["email"],
        "name": member["name"],
        "language": member.get("language") or organisation["language"],
        "values": {"organisation": organisation["name"]},
        "link": None,
    }
    made = draft(request, id=id, organisation_id=organisation["id"], now=now)
    made = replace(made, title=session["title"])
    if session.get("series_id"):
        return made
    return replace(
        made,
        planned=planned_of(session["planned"]),
        session_id=session["id"],
        calendar_revision=revision,
        cancelled_at=now if kind in _TAKES_BACK else None,
    )


def hosts_told(type: str, data: Mapping[str, Any], by: str | None) -> list[tuple[str, str]]:
    """Which hosts an event about a session or series (contracts.scheduler.EVENTS) is told to, as what; never who did it, `by`."""
    hosts = list(data.get("host_member_ids", ()))
    added, removed = list(data.get("hosts_added", ())), list(data.get("hosts_removed", ()))
    told = [(id, HOST_REMOVED) for id in removed]
    if type in ("session.created", "series.created"):
        added = hosts
    elif type == "session.cancelled":
        told += [(id, HOST_CANCELLED) for id in hosts]
    elif type == "session.updated" and "time" in data["changed"]:
        told += [(id, HOST_MOVED) for id in hosts if id not in added]
    return [(id, kind) for id, kind in [*((id, HOST_ADDED) for id in added), *told] if id != by]


def notice_words(invitation: Invitation) -> Words:
    """The words of this notice in its language. Raises LookupError for an invitation or a kind that is none."""
    assert invitation.notice  # noqa: S101 asked before
    language = TEXTS.choose([invitation.language])
    gettext = TEXTS.translations(language).gettext
    heading, opening, button = _WORDS[invitation.notice.kind](gettext)
    planned = invitation.planned
    sender = invitation.sender
    names = {
        "sender": kept_in_order(sender.name, language),
        "organisation": kept_in_order(sender.organisation, language),
    }
    help = gettext("Nobody reads replies to this e-mail. If you have questions, please contact %(organisation)s.")
    return Words(
        language=language,
        direction=catalogues.direction(language),
        organisation=sender.organisation,
        subject=heading % names,
        heading=heading % names,
        opening=opening % names,
        help=help % names,
        button=button,
        day=times.day(planned, language) if planned else "",
        hours=times.hours(planned, language) if planned else "",
        zone=times.zone(planned, language) if planned else "",
        message=invitation.title,
    )


_Gettext = Callable[[str], str]


def _member_invited(gettext: _Gettext) -> tuple[str, str, str]:
    return (
        gettext("Your account at %(organisation)s"),
        gettext("%(sender)s has made an account for you. Set it up within seven days."),
        gettext("Set up your account"),
    )


def _password_reset(gettext: _Gettext) -> tuple[str, str, str]:
    return (
        gettext("Choose a new password"),
        gettext(
            "Somebody asked for a new password for this address. If it was you, choose one within an hour. "
            "If it was not, you need not do anything."
        ),
        gettext("Choose a new password"),
    )


def _password_changed(gettext: _Gettext) -> tuple[str, str, str]:
    return (
        gettext("Your password was changed"),
        gettext("If it was not you, ask whoever runs your organisation's account to suspend yours at once."),
        "",
    )


def _not_you(gettext: _Gettext) -> str:
    return gettext(
        "If it was not you, choose a new password at once, by Forgot your password on the sign-in page, "
        "and tell whoever runs your organisation's account."
    )


def _second_step_added(gettext: _Gettext) -> tuple[str, str, str]:
    said = gettext("Signing in to your account now also asks for it.")
    return gettext("A second step of signing in was added"), f"{said} {_not_you(gettext)}", ""


def _second_step_removed(gettext: _Gettext) -> tuple[str, str, str]:
    said = gettext("An app or a security key no longer counts when you sign in.")
    return gettext("A second step of signing in was removed"), f"{said} {_not_you(gettext)}", ""


def _second_step_reset(gettext: _Gettext) -> tuple[str, str, str]:
    said = gettext(
        "Whoever runs your organisation's account has taken your second step of signing in away. Set it up again."
    )
    not_asked = gettext("If you did not ask for this, choose a new password at once and ask them why.")
    return gettext("Your second step of signing in was reset"), f"{said} {not_asked}", ""


def _recovery_code_used(gettext: _Gettext) -> tuple[str, str, str]:
    said = gettext("Somebody signed in to your account with one of your recovery codes. It works no more.")
    return gettext("A recovery code was used"), f"{said} {_not_you(gettext)}", ""


def _recovery_codes_used_up(gettext: _Gettext) -> tuple[str, str, str]:
    said = gettext(
        "Somebody signed in to your account with the last of your recovery codes. Set up your second step anew to get others."
    )
    return gettext("Your recovery codes are used up"), f"{said} {_not_you(gettext)}", ""


def _sign_up(gettext: _Gettext) -> tuple[str, str, str]:
    return (
        gettext("Set up your organisation"),
        gettext(
            "Somebody wants to set up an organisation on Housecall with this address. If it was you, go on within a day. "
            "If it was not, you need not do anything."
        ),
        gettext("Set up your organisation"),
    )


def _sign_up_known(gettext: _Gettext) -> tuple[str, str, str]:
    return (
        gettext("You have an account already"),
        gettext(
            "Somebody wants to set up an organisation on Housecall with this address, and it has an account or an invitation already. "
            "If it was you, sign in, or use the link of your invitation. If it was not, you need not do anything."
        ),
        gettext("Sign in"),
    )


def _host_added(gettext: _Gettext) -> tuple[str, str, str]:
    said = gettext("You are expected in the call. Sign in to see it among your sessions.")
    return gettext("You are now a host of a session"), said, ""


def _host_removed(gettext: _Gettext) -> tuple[str, str, str]:
    said = gettext("Others host it now; you need not do anything.")
    return gettext("You are no longer a host of a session"), said, ""


def _host_moved(gettext: _Gettext) -> tuple[str, str, str]:
    said = gettext("This is the time now. Sign in to see it among your sessions.")
    return gettext("A session that you host was moved"), said, ""


def _host_cancelled(gettext: _Gettext) -> tuple[str, str, str]:
    said = gettext("It does not take place; you need not do anything.")
    return gettext("A session that you host was cancelled"), said, ""


def _caller_waits(gettext: _Gettext) -> tuple[str, str, str]:
    return (
        gettext("Somebody is waiting: %(sender)s"),
        gettext("Nobody has seen them yet. Who it is, and since when, stands on the page."),
        gettext("Open the Waiting Area"),
    )


def _caller_worse(gettext: _Gettext) -> tuple[str, str, str]:
    return (
        gettext("Somebody who waits feels worse: %(sender)s"),
        gettext("Look at once. Who it is stands on the page."),
        gettext("Open the Waiting Area"),
    )


_WORDS = {
    "caller_waits": _caller_waits,
    "caller_worse": _caller_worse,
    HOST_ADDED: _host_added,
    HOST_REMOVED: _host_removed,
    HOST_MOVED: _host_moved,
    HOST_CANCELLED: _host_cancelled,
    "member_invited": _member_invited,
    "password_reset": _password_reset,
    "password_changed": _password_changed,
    "second_step_added": _second_step_added,
    "second_step_removed": _second_step_removed,
    "second_step_reset": _second_step_reset,
    "recovery_code_used": _recovery_code_used,
    "recovery_codes_used_up": _recovery_codes_used_up,
    "sign_up": _sign_up,
    "sign_up_known": _sign_up_known,
}

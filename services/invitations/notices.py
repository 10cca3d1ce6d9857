"""Mails that are no invitations: asked for by another service, sent as every other. Pure."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from plumbing import texts as catalogues
from plumbing.ids import follow
from services.invitations.invitation import Invitation, Notice, Recipient, Sender
from services.invitations.texts import TEXTS, Words, kept_in_order


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


def notice_words(invitation: Invitation) -> Words:
    """The words of this notice in its language. Raises LookupError for an invitation or a kind that is none."""
    assert invitation.notice  # noqa: S101 asked before
    language = TEXTS.choose([invitation.language])
    gettext = TEXTS.translations(language).gettext
    heading, opening, button = _WORDS[invitation.notice.kind](gettext)
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


_WORDS = {
    "member_invited": _member_invited,
    "password_reset": _password_reset,
    "password_changed": _password_changed,
    "sign_up": _sign_up,
    "sign_up_known": _sign_up_known,
}

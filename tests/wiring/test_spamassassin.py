"""Mails as SpamAssassin judges them, by its own rules and without asking the network: each occasion, each language, neutral or not."""

import re
import subprocess
from dataclasses import replace

from contracts.people import LANGUAGES
from services.invitations.invitation import Invitation
from tests.unit.invitations.mails import composer
from tests.unit.invitations.things import NOW, invitation, planned, recipient, timed

OCCASIONS = ("without a time", "invited", "moved", "reminded", "soon", "cancelled")
MOST_POINTS = 2.0
_STATUS = re.compile(r"^X-Spam-Status: \w+, score=(-?[\d.]+) required=\S+ tests=((?:.|\n\s)*?) autolearn", re.MULTILINE)


def sent(why: str, language: str, neutral: bool) -> Invitation:
    told = {"moved": planned("2027-03-28T10:00", "Asia/Tokyo"), "invited": None}.get(why, planned())
    who = recipient(told=told, reminding={"reminded": 24 * 60, "soon": 10}.get(why))
    made = invitation() if why == "without a time" else timed(who)
    return replace(made, language=language, neutral=neutral, cancelled_at=NOW if why == "cancelled" else None)


def test_no_mail_comes_near_to_being_taken_for_spam() -> None:
    mails = {
        (why, language, neutral): composer().mail(made := sent(why, language, neutral), made.recipients[0], NOW).content
        for why in OCCASIONS
        for language in LANGUAGES
        for neutral in (False, True)
    }
    box = "".join(
        f"From us Mon Nov 23 09:00:00 2026\n{mail.decode()}\n".replace("\r\n", "\n") for mail in mails.values()
    )
    # local rules only, nobody's own preferences, many mails in one run
    judged = subprocess.run(
        ["spamassassin", "-L", "-x", "-t", "--mbox"], input=box, capture_output=True, text=True, check=True
    ).stdout
    points = _STATUS.findall(judged)
    assert len(points) == len(mails)
    assert {mail: found for mail, found in zip(mails, points, strict=True) if float(found[0]) >= MOST_POINTS} == {}


def test_what_looks_like_spam_is_found() -> None:
    mail = "From: x\nSubject: FREE MONEY!!! VIAGRA\n\nClick here http://1.2.3.4/ to get $1,000,000 viagra cialis\n"
    judged = subprocess.run(
        ["spamassassin", "-L", "-x", "-t"], input=mail, capture_output=True, text=True, check=True
    ).stdout
    assert float(_STATUS.findall(judged)[0][0]) > MOST_POINTS

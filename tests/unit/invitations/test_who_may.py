"""Who may invite to a room, and who may read its invitations: what rooms says of the room decides."""

import pytest

from contracts.errors import Conflict, Forbidden
from services.invitations.sending import check_may_invite, check_may_read

RECEIVES = {"may_receive": True, "state": "open"}


def test_who_receives_for_a_room_invites_to_it_and_reads_its_invitations() -> None:
    check_may_invite(RECEIVES)
    check_may_read(RECEIVES)


def test_who_does_not_receive_for_a_room_neither_invites_to_it_nor_reads_its_invitations() -> None:
    sees_only = {**RECEIVES, "may_receive": False}
    for check in (check_may_invite, check_may_read):
        with pytest.raises(Forbidden):
            check(sees_only)


def test_nobody_is_invited_to_a_room_that_is_not_open() -> None:
    with pytest.raises(Conflict):
        check_may_invite({**RECEIVES, "state": "suspended"})

"""What each guest comes as, and for whom. Pure."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from contracts.errors import Invalid
from contracts.guests import CLIENT, COMPANIONS
from services.invitations.recipients import Verdict, to_send, understand

NOBODY = "Say which client a carer or an interpreter comes for."
NO_CLIENT = "A carer or an interpreter comes for a client of the same invitation."
TWICE = "This address is given two roles."
_NOBODY_YET: Mapping[str, str] = MappingProxyType({})


def roles_of(
    asked: Iterable[dict[str, Any]], verdicts: list[Verdict], already: Mapping[str, str] = _NOBODY_YET
) -> dict[str, tuple[str, str | None]]:
    """By address: the role, and for a companion their client's address. Who is not here is a client.

    `already`: the roles of those who are invited to the same, by address.

    `asked` are contracts.guests.GuestRole, loaded; one for an address that gets no mail is nobody's.

    Raises Invalid for a companion of nobody, of somebody who is not invited or no client, and for two roles of one address.
    """
    invited = {address for address, _ in to_send(verdicts)}
    found: dict[str, tuple[str, str | None]] = {}
    places: dict[str, int] = {}
    for place, each in enumerate(asked):
        address, role = _normalised(each["address"]), each["role"]
        if address not in invited:
            continue
        if address in found:
            raise _invalid(place, "address", TWICE)
        if role in COMPANIONS and not each["for_address"]:
            raise _invalid(place, "for_address", NOBODY)
        found[address] = (role, _normalised(each["for_address"]) if role in COMPANIONS else None)
        places[address] = place
    for address, (_, client) in found.items():
        known = client in invited or client in already
        if client and (not known or already.get(client, found.get(client, (CLIENT, None))[0]) != CLIENT):
            raise _invalid(places[address], "for_address", NO_CLIENT)
    return found


def _normalised(address: str) -> str:
    """As it is kept: written another way it is the same one."""
    verdicts = understand(address)
    return (verdicts[0].address if verdicts else None) or address


def _invalid(place: int, field: str, detail: str) -> Invalid:
    return Invalid(detail, errors=[{"pointer": f"/roles/{place}/{field}", "detail": detail}])

"""The rules of an organisation's clinics: each has a name of its own, and one is removed when nobody is in it. Pure."""

import unicodedata
from dataclasses import replace

from contracts.errors import Conflict, NotFound
from plumbing.store import Change
from services.accounts.organisation import Clinic, Organisation, clinic_said


def add_clinic(organisation: Organisation, clinic: Clinic) -> Change[Organisation] | None:
    """One more clinic; unchanged when it is there already (a command repeated). Raises Conflict for a name that another has."""
    if any(known.id == clinic.id for known in organisation.clinics):
        return None
    _check_name_is_free(organisation, clinic)
    return Change(replace(organisation, clinics=(*organisation.clinics, clinic)), clinic_said("created", clinic.id))


def rename_clinic(organisation: Organisation, clinic_id: str, name: str) -> Change[Organisation] | None:
    """Another name. Raises NotFound, and Conflict for a name that another has."""
    renamed = Clinic(clinic_id, name)
    if find_clinic(organisation, clinic_id) == renamed:
        return None
    _check_name_is_free(organisation, renamed)
    clinics = tuple(renamed if known.id == clinic_id else known for known in organisation.clinics)
    return Change(replace(organisation, clinics=clinics), clinic_said("changed", clinic_id))


def remove_clinic(organisation: Organisation, clinic_id: str, members: int, rooms: int) -> Change[Organisation]:
    """A clinic less. `members` and `rooms` are those still in it.

    Raises NotFound, and Conflict for one that is not empty and for the last one.
    """
    find_clinic(organisation, clinic_id)
    if members:
        raise Conflict("Somebody is still in this clinic. Move its members to another one first.", members=members)
    if rooms:
        raise Conflict("A room still belongs to this clinic. Give it to another one first.", rooms=rooms)
    if len(organisation.clinics) == 1:
        raise Conflict("This is the only clinic. An organisation has at least one; rename it instead.")
    clinics = tuple(known for known in organisation.clinics if known.id != clinic_id)
    return Change(replace(organisation, clinics=clinics), clinic_said("removed", clinic_id))


def find_clinic(organisation: Organisation, clinic_id: str) -> Clinic:
    """The clinic. Raises NotFound."""
    for known in organisation.clinics:
        if known.id == clinic_id:
            return known
    raise NotFound


def _check_name_is_free(organisation: Organisation, clinic: Clinic) -> None:
    if any(known.id != clinic.id and _key(known.name) == _key(clinic.name) for known in organisation.clinics):
        detail = "Another clinic has this name. Choose one that your members can tell apart."
        raise Conflict(detail, errors=[{"pointer": "/name", "detail": detail}])


def _key(name: str) -> str:
    """Equal for names that look alike: in whatever case, width and spacing."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())

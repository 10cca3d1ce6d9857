"""What the error codes of Twilio's Messages API are about (https://www.twilio.com/docs/api/errors). Pure."""

from services.invitations import delivery

_OPTED_OUT = 21610
# not a number, no mobile, not reachable by this provider, no texts to this number
_NO_NUMBER = frozenset({21211, 21214, 21217, 21401, 21407, 21421, 21612, 21614, 30005, 30006, 60200})
_UNREACHABLE = 30003
_FILTERED = frozenset({30004, 30007})


def problem_of(code: int | None) -> str:
    """What an error code of the provider is about, in a word of `delivery.PROBLEMS`; also of what is reported afterwards."""
    if code == _OPTED_OUT:
        return delivery.OPTED_OUT
    if code in _NO_NUMBER:
        return delivery.NO_NUMBER
    if code == _UNREACHABLE:
        return delivery.UNREACHABLE
    return delivery.TEXT_UNWANTED if code in _FILTERED else delivery.TEXT_REFUSED

"""The kinds of refusal that cross from one process to another, and the one table that turns them into HTTP.

A message tells its reader what to do. It never holds patient data: it crosses the bus and is logged.
"""

import typing


class Refused(Exception):
    """A command was understood and not carried out. `detail` is for the reader; `extra` for their program (plain JSON)."""

    status = 400
    title = "Refused"

    def __init__(self, detail: str = "", **extra: typing.Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.extra = extra


class Invalid(Refused):
    """A field does not fit. `errors` is a list of `{pointer, detail}`, one for each."""

    status = 422
    title = "A field does not fit"


class NotSignedIn(Refused):
    status = 401
    title = "Sign in first"


class Forbidden(Refused):
    status = 403
    title = "You may not do this"


class NotFound(Refused):
    """There is none such, or it belongs to somebody else: the two are not told apart."""

    status = 404
    title = "Not found"


class Gone(Refused):
    """A link was revoked, replaced or has expired."""

    status = 410
    title = "This link no longer works"


class PastKeeping(Refused):
    """What was asked for is older than what is kept. `extra`: oldest, the first cursor that still leads somewhere."""

    status = 410
    title = "This is not kept any more"


class Conflict(Refused):
    """The state of the thing does not allow it now; `extra` says what is in the way."""

    status = 409
    title = "This is not possible now"


class LimitReached(Refused):
    """A plan's limit. `extra`: limit (name), used, allowed, plan, allowed_by (the plan that would allow it, or null)."""

    status = 403
    title = "Your plan does not include this"


class Outdated(Refused):
    """The version that the change was based on is no longer the current one."""

    status = 412
    title = "Somebody changed this meanwhile"


class Reused(Refused):
    """An Idempotency-Key came again with another request (draft-ietf-httpapi-idempotency-key-header §2.7). Use a new one."""

    status = 422
    title = "This key was used for something else"


class TooMany(Refused):
    """`extra`: retry_after_seconds."""

    status = 429
    title = "Too many tries"


class Unavailable(Refused):
    """The service did not answer in time, or the bus is away. A changing command may or may not have been carried out."""

    status = 503
    title = "This part is not available at the moment; try again"


class Unexpected(Refused):
    """A defect on our side. Says nothing more on purpose; the service's log has the rest."""

    status = 500
    title = "Something went wrong on our side"


KINDS: dict[str, type[Refused]] = {
    kind.__name__: kind
    for kind in (
        Refused, Invalid, NotSignedIn, Forbidden, NotFound, Gone, PastKeeping, Conflict, LimitReached, Outdated, Reused, TooMany, Unavailable,
        Unexpected,
    )
}  # fmt: skip


def problem(error: Refused, instance: str | None = None) -> dict[str, typing.Any]:
    """The error as problem details (RFC 9457). `type` is a relative reference into the documentation."""
    kind = type(error).__name__
    body: dict[str, typing.Any] = {
        "type": f"/docs/errors#{kind.lower()}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
    }
    if instance:
        body["instance"] = instance
    return {**error.extra, **body}


def pointers(messages: typing.Any, pointer: str = "") -> list[dict[str, str]]:
    """marshmallow's nested messages as a list of `{pointer: JSON pointer (RFC 6901), detail}`."""
    if isinstance(messages, dict):
        found = []
        for key, value in messages.items():
            step = "" if key == "_schema" else "/" + str(key).replace("~", "~0").replace("/", "~1")
            found += pointers(value, pointer + step)
        return found
    texts = messages if isinstance(messages, list) else [messages]
    return [{"pointer": pointer, "detail": str(text)} for text in texts]

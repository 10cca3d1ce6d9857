"""Where a list goes on: the next page's address, in a Link header (RFC 8288), beside the `cursor` in the answer."""

from urllib.parse import urlencode

import msgspec
from flask import Response, request

DESCRIBED = {"Link": {"schema": {"type": "string"}, "description": 'The next page, rel="next"; none on the last one.'}}


class _Page(msgspec.Struct):
    """Of a page only where it ended; the rest is skipped."""

    cursor: str | None = None


def with_next(response: Response) -> Response:
    """The answer with the address of the page after it, which is this one's with another cursor."""
    cursor = msgspec.json.decode(response.get_data(), type=_Page).cursor
    if cursor is not None:
        given = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
        response.headers["Link"] = f'<{request.path}?{urlencode([*given, ("cursor", cursor)])}>; rel="next"'
    return response

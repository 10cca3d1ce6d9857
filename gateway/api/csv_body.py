"""The bytes of a CSV file as text, whichever program saved it."""

import codecs

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

from contracts.errors import Refused
from gateway.api.bodies import MOST_BYTES
from gateway.problems import TooLarge

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# Excel's "CSV" without more words, in western Europe and the Americas
_FALLBACK = "windows-1252"
_TYPES = frozenset({"text/csv", "text/plain", "application/vnd.ms-excel", "text/tab-separated-values"})


class NoTable(Refused):
    status = 415
    title = "Send text/csv"


class Unreadable(Refused):
    status = 400
    title = "This is not text"


def read_text(request: Request) -> tuple[str, str]:
    """The body and the encoding that it was read by: UTF-8 or UTF-16 as marked, else UTF-8, else Windows-1252.

    The last is a guess that whoever sent it has to look at, because every byte means something in it. Raises NoTable,
    TooLarge, and Unreadable for what is no text at all (a spreadsheet's own format, say).
    """
    if request.mimetype not in _TYPES:
        raise NoTable("Send the table as text/csv.")
    try:
        body = request.get_data(cache=True)
    except RequestEntityTooLarge as error:
        raise TooLarge(f"Send at most {MOST_BYTES} bytes.") from error
    return decode(body)


def decode(body: bytes) -> tuple[str, str]:
    """As read_text, of the bytes alone."""
    marked = next((name for mark, name in _MARKS if body.startswith(mark)), None)
    if marked is None and b"\0" in body:
        raise Unreadable("This looks like a spreadsheet's own file. Save it as CSV (UTF-8) and send that.")
    for encoding in (marked,) if marked else ("utf-8", _FALLBACK):
        try:
            return body.decode(encoding), "utf-8" if encoding.startswith("utf-8") else encoding
        except UnicodeDecodeError:
            continue
    raise Unreadable("The file is in no encoding that we know. Save it as CSV (UTF-8) and send that.")

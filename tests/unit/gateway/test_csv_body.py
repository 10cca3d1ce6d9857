"""The bytes of a CSV file, whichever program saved it."""

import codecs

import pytest

from gateway.api.csv_body import Unreadable, decode

TEXT = "email,name\nj@example.com,Jürgen Groß\n"


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("windows-1252"), "windows-1252"),
    ],
)
def test_a_file_is_read_as_it_was_saved_and_says_how(body: bytes, encoding: str) -> None:
    assert decode(body) == (TEXT, encoding)


@pytest.mark.parametrize("body", [b"PK\x03\x04\x14\x00\x06\x00", b"email,name\nj@example.com,\x81\xff\n"])
def test_what_is_no_text_is_refused(body: bytes) -> None:
    with pytest.raises(Unreadable):
        decode(body)

"""Where a list goes on: a link to the next page, which asks the same."""

from flask import Flask

from gateway.api import asking, paging


def linked(app: Flask, address: str, answer: object) -> str | None:
    with app.test_request_context(address):
        return paging.with_next(asking.reply(answer)).headers.get("Link")


def test_a_page_says_where_the_next_one_is_and_keeps_what_was_asked(app: Flask) -> None:
    address = "/api/sessions?starts_from=2027-03-01T00%3A00%3A00Z&cursor=old&limit=2"
    link = linked(app, address, {"items": [{"cursor": "none of ours"}], "cursor": "2027-03-02T08:00:00.000Z_a b"})
    expected = "starts_from=2027-03-01T00%3A00%3A00Z&limit=2&cursor=2027-03-02T08%3A00%3A00.000Z_a+b"
    assert link == f'</api/sessions?{expected}>; rel="next"'


def test_the_last_page_says_none(app: Flask) -> None:
    assert linked(app, "/api/sessions", {"items": [], "cursor": None}) is None
    assert linked(app, "/api/sessions", {"items": []}) is None

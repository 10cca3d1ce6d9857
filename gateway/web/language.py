"""In which language a page is shown: what the reader chose, else what their browser asks for."""

from flask import Request, Response

from plumbing.texts import Texts

COOKIE = "language"
_A_YEAR_SECONDS = 365 * 24 * 3600
# Each language in its own words: whoever cannot read the page must be able to find theirs.
NAMES = {"en": "English", "de": "Deutsch", "ar": "العربية"}


def of(request: Request, texts: Texts) -> str:
    """`?language=` chooses, and is remembered; the cookie holds an earlier choice."""
    return texts.choose(
        [request.args.get("language"), request.cookies.get(COOKIE)], request.headers.get("Accept-Language")
    )


def chosen(request: Request) -> bool:
    """Whether the reader chose; if not, a page may follow the language of the invitation or the member."""
    return bool(request.args.get("language") or request.cookies.get(COOKIE))


def remember(request: Request, response: Response, texts: Texts) -> None:
    """Keeps a choice made by `?language=`."""
    wished = request.args.get("language")
    if wished in texts.languages:
        response.set_cookie(COOKIE, wished, max_age=_A_YEAR_SECONDS, samesite="Lax", secure=request.is_secure, path="/")

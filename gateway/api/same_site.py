"""Cross-site request forgery: a change is taken only from our own pages, or from a program that no page can imitate.

A browser cannot send `X-Housecall` to another site without asking first (CORS preflight), which is never granted; it always
says in `Origin` or `Sec-Fetch-Site` where a change comes from. A cookie is Lax besides. A bearer token is no cookie: what brings
one was given it, no page can send it to another site without asking first either, and beside one no cookie counts
(gateway.api.asking). Nor does any where programs come to exchange their secrets for tokens.
"""

from flask import Request

from gateway.api_clients import bearer
from gateway.problems import ForeignOrigin

HEADER = "X-Housecall"
_WITHOUT_COOKIES = ("/oauth2/", "/v1/", "/api/sms/", "/api/mail/bounces")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def check(request: Request, own_origin: str) -> None:
    """Raises ForeignOrigin for a change that another site's page may have caused."""
    if request.method in _SAFE_METHODS or bearer(request) is not None or request.path.startswith(_WITHOUT_COOKIES):
        return
    origin = request.headers.get("Origin")
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if origin is not None and origin != own_origin:
        raise ForeignOrigin(f"Open Housecall at {own_origin} and try again.")
    if fetch_site not in (None, "same-origin", "none"):
        raise ForeignOrigin(f"Open Housecall at {own_origin} and try again.")
    if origin is None and fetch_site is None and HEADER not in request.headers:
        raise ForeignOrigin(f"Send the header {HEADER}: 1 with every change.")

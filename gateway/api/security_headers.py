"""What browsers are told about every answer: where it may be used, what it may load, and that it is not to be kept.

Pages of `gateway.web` say their own policy; these are the defaults, with a nonce for templates that need one.
"""

import base64
import os
from urllib.parse import urlsplit

from flask import Flask, Response, g, request


def nonce() -> str:
    """This answer's own nonce, for `<script nonce>` and `<style nonce>`; in templates `csp_nonce()`."""
    if "csp_nonce" not in g:
        g.csp_nonce = base64.b64encode(os.urandom(16)).decode()
    return str(g.csp_nonce)


def register(app: Flask, base_url: str, live_url: str) -> None:
    """Add the headers to every answer of this app that does not set its own."""
    live = urlsplit(live_url)
    connect = f"'self' {live.scheme}://{live.netloc}" if live.netloc else "'self'"
    https = urlsplit(base_url).scheme == "https"
    app.jinja_env.globals["csp_nonce"] = nonce

    @app.after_request
    def add(response: Response) -> Response:
        own = f" 'nonce-{g.csp_nonce}'" if "csp_nonce" in g else ""
        headers = response.headers
        headers.setdefault(
            "Content-Security-Policy",
            f"default-src 'none'; script-src 'self'{own}; style-src 'self'{own}; img-src 'self' data: blob:; font-src 'self'; "
            f"media-src 'self' blob: mediastream:; connect-src {connect}; manifest-src 'self'; base-uri 'none'; "
            "form-action 'self'; frame-ancestors 'none'",
        )
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault(
            "Permissions-Policy", "camera=(self), microphone=(self), display-capture=(self), geolocation=()"
        )
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if https:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.path.startswith("/api/"):
            headers.setdefault("Cache-Control", "private, no-store")
        return response

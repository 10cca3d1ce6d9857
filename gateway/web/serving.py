"""Sends the listed files and the texts: for ever under an address with their version, else checked by their tag."""

import hashlib
import json

from flask import Blueprint, Response, abort, request

from gateway.web.assets import Assets
from plumbing import texts as catalogues
from plumbing.texts import Texts

_FOR_EVER = "public, max-age=31536000, immutable"
_TEXTS = "texts/"


def serve_assets(blueprint: Blueprint, files: Assets, texts: Texts) -> None:
    """Adds `/assets/<name>` and `/assets/<version>/<name>`."""

    @blueprint.get("/assets/<path:name>")
    def asset(name: str) -> Response:
        version, _, rest = name.partition("/")
        kept = version == files.version
        name = rest if kept else name
        if name.startswith(_TEXTS):
            body, media_type = _texts(name, texts), "application/json"
        elif name in files.files:
            body, media_type = files.files[name].read_bytes(), files.media_type(name)
        else:
            abort(404)
        response = Response(body, content_type=f"{media_type}; charset=utf-8")
        response.headers["Cache-Control"] = _FOR_EVER if kept else "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.set_etag(hashlib.sha256(body).hexdigest()[:16])
        response.make_conditional(request)
        return response


def _texts(name: str, texts: Texts) -> bytes:
    """The texts of one language for the modules: `texts/<language>.json`."""
    language = name.removeprefix(_TEXTS).removesuffix(".json")
    if language not in texts.languages or not name.endswith(".json"):
        abort(404)
    content = {
        "language": language,
        "direction": catalogues.direction(language),
        "messages": texts.messages(language),
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()

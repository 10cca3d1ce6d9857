"""Sends the listed files and the texts: for ever under an address with their version, else checked by their tag."""

import gzip
import hashlib
import json
from functools import lru_cache

from flask import Blueprint, Response, abort, request

from gateway.web import catalogues as sources
from gateway.web.assets import Assets
from plumbing import texts as catalogues
from plumbing.texts import Texts

_FOR_EVER = "public, max-age=31536000, immutable"
_TEXTS = "texts/"
# What only members read is most of it, and guests come by slow networks.
_WITHOUT_STAFF = "-guest"
_STAFF_MODULES = "assets/js/staff/"
_NOT_WORTH_BYTES = 1_000


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
        squeezed = len(body) > _NOT_WORTH_BYTES and request.accept_encodings.quality("gzip") > 0
        if squeezed:
            body = _squeeze(body)
        response = Response(body, content_type=f"{media_type}; charset=utf-8")
        if squeezed:
            response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
        response.headers["Cache-Control"] = _FOR_EVER if kept else "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.set_etag(hashlib.sha256(body).hexdigest()[:16])
        response.make_conditional(request)
        return response


@lru_cache(maxsize=256)
def _squeeze(body: bytes) -> bytes:
    """Each file once for each process; without a time in it, so that its tag stays the same."""
    return gzip.compress(body, mtime=0)


@lru_cache(maxsize=1)
def _said_to_guests() -> frozenset[str]:
    """Every text of a module that is not only the staff's."""
    return frozenset(text.text for text in sources.texts() if not text.place.startswith(_STAFF_MODULES))


def _texts(name: str, texts: Texts) -> bytes:
    """The texts of one language for the modules: `texts/<language>.json`, and `texts/<language>-guest.json` without the staff's."""
    wished = name.removeprefix(_TEXTS).removesuffix(".json")
    language = wished.removesuffix(_WITHOUT_STAFF)
    if language not in texts.languages or not name.endswith(".json"):
        abort(404)
    messages = texts.messages(language)
    if wished != language:
        messages = {text: said for text, said in messages.items() if text in _said_to_guests()}
    content = {"language": language, "direction": catalogues.direction(language), "messages": messages}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()

"""A sign-in provider (OpenID Connect) on real HTTP that does what a test says, right or wrong."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

CLIENT, SECRET = "housecall", "a secret/with: odd signs"


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


@dataclass
class OddProvider:
    """`claims` are of whoever comes next. What is in `odd` is done otherwise than it should be."""

    port: int = 0
    claims: dict[str, Any] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)
    odd: dict[str, Any] = field(default_factory=dict)
    keys: list[RSAKey] = field(default_factory=lambda: [RSAKey.generate_key(2048, {"kid": "first"})])
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    gate: threading.Event = field(default_factory=threading.Event)
    redeeming: threading.Event = field(default_factory=threading.Event)

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.port}"

    def says(self, **claims: Any) -> None:
        """Who comes next, and nothing odd about it."""
        self.claims, self.odd, self.more = claims, {}, {}

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
            "authorization_response_iss_parameter_supported": True,
            "id_token_signing_alg_values_supported": ["RS256"],
            **self.odd.get("configuration", {}),
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent back: whoever comes is let in at once."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        answer = {"code": code, "state": asked["state"], "iss": self.issuer, **self.odd.get("answer", {})}
        return (
            f"{asked['redirect_uri']}?{urlencode({name: value for name, value in answer.items() if value is not None})}"
        )

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Redeem a code, once, for who holds the verifier and the secret."""
        self.redeeming.set()
        if self.odd.get("waits"):
            self.gate.wait(30)
        pair = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        if pair != "housecall:a+secret%2Fwith%3A+odd+signs":
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = _text(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if asked is None or asked["code_challenge"] != challenge or asked["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "access", "token_type": "Bearer", "id_token": self._id_token(asked)}

    def _id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"],
            **self.claims, **self.odd.get("claims", {}),
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        match self.odd.get("signature"):
            case "none":
                return f"{_text(json.dumps({'alg': 'none'}).encode())}.{_text(json.dumps(claims).encode())}."
            case "public key as secret":
                # by hand: the library would not write such a token
                header = _text(json.dumps({"alg": "HS256", "kid": "first"}).encode())
                signed = f"{header}.{_text(json.dumps(claims).encode())}"
                mac = hmac.new(self.keys[0].as_pem(private=False), signed.encode(), hashlib.sha256)
                return f"{signed}.{_text(mac.digest())}"
            case "client secret":
                return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET), ["HS256"])
            case "stranger":
                key = RSAKey.generate_key(2048, {"kid": self.keys[-1].kid or ""})
                return jwt.encode({"alg": "RS256", "kid": key.kid or ""}, claims, key, ["RS256"])
        key = self.keys[-1]
        return jwt.encode({"alg": "RS256", "kid": key.kid or ""}, claims, key, ["RS256"])


def _handler(provider: OddProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            provider.asked.append(parts.path)
            if "redirects" in provider.odd and parts.path != "/authorize":
                self._send(302, {}, provider.odd["redirects"])
            elif "status" in provider.odd:
                self._send(provider.odd["status"], {})
            elif parts.path == "/.well-known/openid-configuration":
                self._send(200, provider.configuration())
            elif parts.path == "/keys":
                self._send(200, KeySet(list(provider.keys)).as_dict(private=False))
            elif parts.path == "/userinfo":
                self._send(200, {"sub": provider.claims["sub"], **provider.more})
            else:
                self._send(302, {}, provider.authorize(dict(parse_qsl(parts.query))))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._send(*provider.token(dict(parse_qsl(body)), self.headers["Authorization"]))

        def _send(self, status: int, content: Any, location: str | None = None) -> None:
            body = json.dumps(content).encode()
            if provider.odd.get("endless"):
                body *= 500_000
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            if location:
                self.send_header("Location", location)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def odd_provider() -> Iterator[OddProvider]:
    """It answers on a port of its own."""
    provider = OddProvider()
    server = ThreadingHTTPServer(("localhost", 0), _handler(provider))
    server.daemon_threads = True
    provider.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.gate.set()
        server.shutdown()
        server.server_close()
        thread.join(5)

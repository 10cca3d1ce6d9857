import base64
import hashlib
import hmac

from services.media.turn import VALID_SECONDS, ice_servers

NOW = 1_763_805_600.7


def test_the_credential_is_the_one_that_coturn_computes() -> None:
    (server,) = ice_servers(["turn:turn.example:3478?transport=udp"], b"shared", "seat", NOW)
    assert server["username"] == f"{1_763_805_600 + VALID_SECONDS}:seat"
    expected = hmac.new(b"shared", server["username"].encode(), hashlib.sha1).digest()
    assert base64.b64decode(server["credential"]) == expected
    assert server["urls"] == ["turn:turn.example:3478?transport=udp"]


def test_without_a_turn_server_there_is_no_entry() -> None:
    assert ice_servers([], b"shared", "seat", NOW) == []
    assert ice_servers(["turn:turn.example"], None, "seat", NOW) == []

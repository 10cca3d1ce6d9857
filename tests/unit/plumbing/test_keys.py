"""Keys from files."""

import json
from pathlib import Path

import pytest
from joserfc.jwk import OKPKey

from plumbing.keys import KeyProblem, public_keys, read_private_key, read_public_keys, read_secret

KEY = OKPKey.generate_key("Ed25519", {"kid": "rooms"})


def test_a_pair_goes_through_its_files(tmp_path: Path) -> None:
    (tmp_path / "rooms.pem").write_bytes(KEY.as_pem(private=True))
    (tmp_path / "public.json").write_text(json.dumps(public_keys({"rooms": KEY})))
    assert read_private_key(str(tmp_path / "rooms.pem"), "rooms").as_dict(private=False) == KEY.as_dict(private=False)
    assert read_public_keys(str(tmp_path / "public.json"))["rooms"].as_dict(private=False)["x"] == KEY.as_dict()["x"]
    assert '"d"' not in (tmp_path / "public.json").read_text()


@pytest.mark.parametrize("content", ["", "nonsense", "{}", '{"keys": [{}]}', '{"keys": [{"kty": "OKP"}]}'])
def test_what_holds_no_key_is_said_in_one_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "key"
    path.write_text(content)
    for read in (lambda: read_private_key(str(path), "rooms"), lambda: read_public_keys(str(path))):
        with pytest.raises(KeyProblem) as problem:
            read()
        assert str(problem.value).startswith(str(path))


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyProblem, match=r"nowhere cannot be read: No such file"):
        read_secret(str(tmp_path / "nowhere"))
    with pytest.raises(KeyProblem, match="empty"):
        read_secret("")


def test_a_secret_is_long_and_ends_before_its_line_does(tmp_path: Path) -> None:
    (tmp_path / "link").write_bytes(b"x" * 32 + b"\n")
    assert read_secret(str(tmp_path / "link")) == b"x" * 32
    (tmp_path / "short").write_bytes(b"x" * 31)
    with pytest.raises(KeyProblem, match="32"):
        read_secret(str(tmp_path / "short"))

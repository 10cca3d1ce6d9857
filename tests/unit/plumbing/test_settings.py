"""Settings from the environment."""

import pytest

from plumbing.settings import EVERY, SERVICES, SettingProblem, load, markdown

ROOMS = {
    "AMQP_URI": "amqp://rooms:secret@broker/housecall",
    "MONGO_URI": "mongodb://database/?replicaSet=rs0",
    "ACTOR_PRIVATE_KEY": "/keys/rooms.pem",
    "ACTOR_PUBLIC_KEYS": "/keys/public.json",
}


def test_what_is_not_set_takes_its_default() -> None:
    settings = load("rooms", ROOMS)
    assert settings.amqp_uri == ROOMS["AMQP_URI"]
    assert settings.database_prefix == "housecall_"
    assert settings.health_port == 0
    assert settings.clock_offset_seconds == 0.0


def test_values_have_their_form() -> None:
    settings = load(
        "media", {**ROOMS, "HEALTH_PORT": " 8080 ", "TURN_URLS": "turn:a, turns:b", "CLOCK_OFFSET_SECONDS": "-3.5"}
    )
    assert settings.health_port == 8080
    assert settings.turn_urls == ("turn:a", "turns:b")
    assert settings.clock_offset_seconds == -3.5


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"AMQP_URI": ""}, "AMQP_URI is needed and not set"),
        ({"AMQP_URI": "http://broker"}, "AMQP_URI must be an address that begins with amqp://"),
        ({"MONGO_URI": "mongodb://"}, "MONGO_URI must be an address"),
        ({"HEALTH_PORT": "99999"}, "HEALTH_PORT must be a number from 0 to 65535, not '99999'"),
        ({"HEALTH_PORT": "http"}, "HEALTH_PORT must be a number"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL must be one of debug, info, warning, error, not 'loud'"),
        ({"ENVIRONMENT": "production", "CLOCK_OFFSET_SECONDS": "1"}, "CLOCK_OFFSET_SECONDS must be 0"),
    ],
)
def test_a_value_that_does_not_fit_is_one_sentence_that_names_its_setting(wrong: dict[str, str], says: str) -> None:
    with pytest.raises(SettingProblem) as problem:
        load("rooms", {**ROOMS, **wrong})
    assert str(problem.value).startswith(says)
    assert str(problem.value).endswith(".")


def test_a_wrong_address_is_shown_without_its_password() -> None:
    with pytest.raises(SettingProblem) as problem:
        load("rooms", {**ROOMS, "AMQP_URI": "https://rooms:secret@broker/"})
    assert "secret" not in str(problem.value)
    assert "broker" in str(problem.value)


def test_a_process_ignores_what_is_not_its_own() -> None:
    assert load("rooms", {**ROOMS, "COOKIE_KEY": "/x", "NODE_UDP_PORT": "nonsense"}).cookie_key == ""


def test_every_process_can_be_told_what_it_needs() -> None:
    for process in EVERY:
        with pytest.raises(SettingProblem, match="AMQP_URI"):
            load(process, {})
    with pytest.raises(LookupError):
        load("kitchen", {})


def test_the_table_names_every_setting_once() -> None:
    rows = [line for line in markdown().splitlines() if line.startswith("| `")]
    names = [row.split("`")[1] for row in rows]
    assert len(names) == len(set(names))
    assert {"AMQP_URI", "MONGO_URI", "ACTOR_PRIVATE_KEY", "HEALTH_PORT", "NODE_ID"} <= set(names)
    assert all(row.count(" | ") == 4 for row in rows)
    assert len(SERVICES) == 7

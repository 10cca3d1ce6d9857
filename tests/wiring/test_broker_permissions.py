"""On a real broker, each kind of process can do its work under its own user, and nothing of another's."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import amqp
import pytest

from deploy.rabbitmq.definitions import definitions
from deploy.rabbitmq.permissions import KINDS
from tests.backing import VirtualHost


@dataclass(frozen=True)
class Users:
    """The users of one test: each kind's name with a suffix, since users belong to the whole broker."""

    vhost: VirtualHost
    suffix: str

    def connect(self, kind: str) -> amqp.Connection:
        place = urlsplit(self.vhost.uri)
        return amqp.Connection(
            f"{place.hostname}:{place.port}", f"{kind}{self.suffix}", "secret", virtual_host=self.vhost.name
        )

    def may_publish(self, kind: str, exchange: str, key: str) -> bool:
        with self.connect(kind) as connection:
            channel = connection.channel()
            channel.confirm_select()
            try:
                channel.basic_publish_confirm(amqp.Message("{}"), exchange, key)
            except amqp.exceptions.AccessRefused:
                return False
        return True

    def may_answer(self, kind: str, queue: str, key: str) -> bool:
        with self.connect(kind) as connection:
            channel = connection.channel()
            try:
                channel.queue_declare(queue, durable=True, auto_delete=False)
                channel.queue_bind(queue, "nameko-rpc", key)
                channel.basic_consume(queue)
            except amqp.exceptions.AccessRefused:
                return False
        return True


@pytest.fixture
def users(vhost: VirtualHost) -> Iterator[Users]:
    suffix = f"-{uuid.uuid4().hex[:8]}"
    whole = definitions(dict.fromkeys((*KINDS, "admin"), "secret"))
    for kind in KINDS:
        [user] = [user for user in whole["users"] if user["name"] == kind]
        hashed = {key: user[key] for key in ("password_hash", "hashing_algorithm", "tags")}
        vhost.management("PUT", f"/api/users/{kind}{suffix}", hashed)
        [row] = [row for row in whole["permissions"] if row["user"] == kind]
        vhost.management("PUT", f"/api/permissions/{{vhost}}/{kind}{suffix}", row)
        [topics] = [row for row in whole["topic_permissions"] if row["user"] == kind]
        vhost.management("PUT", f"/api/topic-permissions/{{vhost}}/{kind}{suffix}", topics)
    for exchange in ("nameko-rpc", "rooms.events", "accounts.events", "media.signals", "media_node.events"):
        vhost.management("PUT", f"/api/exchanges/{{vhost}}/{exchange}", {"type": "topic", "durable": True})
    yield Users(vhost, suffix)
    for kind in KINDS:
        vhost.management("DELETE", f"/api/users/{kind}{suffix}")


REPLY = "0193a1b2-0000-7000-8000-000000000000"


def test_a_media_node_answers_and_reports_and_calls_nobody(users: Users) -> None:
    assert users.may_answer("media_node", "rpc-media_node_n1", "media_node_n1.*")
    assert users.may_publish("media_node", "nameko-rpc", REPLY)
    assert users.may_publish("media_node", "media.signals", "participant")
    assert users.may_publish("media_node", "media_node.events", "node.alive")
    assert not users.may_publish("media_node", "nameko-rpc", "accounts.sign_in")
    assert not users.may_publish("media_node", "accounts.events", "member.added")
    assert not users.may_answer("media_node", "rpc-accounts", "accounts.*")
    assert not users.may_answer("media_node", "rpc-media_node_n1", "accounts.*")


def test_a_service_calls_others_and_answers_for_itself_only(users: Users) -> None:
    assert users.may_answer("rooms", "rpc-rooms", "rooms.*")
    assert users.may_publish("rooms", "nameko-rpc", "accounts.get_member")
    assert users.may_publish("media", "nameko-rpc", "media_node_n1.open_call")
    assert users.may_publish("rooms", "rooms.events", "room.created")
    assert not users.may_publish("rooms", "accounts.events", "member.added")
    assert not users.may_answer("rooms", "rpc-accounts", "accounts.*")
    assert not users.may_answer("rooms", "rpc-rooms", "accounts.*")


def test_the_gateway_calls_and_says_no_events(users: Users) -> None:
    assert users.may_publish("gateway", "nameko-rpc", "rooms.get_room")
    assert not users.may_publish("gateway", "rooms.events", "room.created")
    assert not users.may_answer("gateway", "rpc-rooms", "rooms.*")

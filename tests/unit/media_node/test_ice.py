"""The lite agent's reading of what strangers send, and its answers as another implementation reads them."""

import random

import pytest
from aioice import stun

from services.media.node.ice import binding_response, random_text, read_binding_request

PASSWORD = random_text(24)


def request(password=PASSWORD, username="node:browser", nominates=True):
    message = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
    message.attributes["USERNAME"] = username
    message.attributes["PRIORITY"] = 1
    if nominates:
        message.attributes["USE-CANDIDATE"] = None
    message.add_message_integrity(password.encode())
    return message


def test_a_browsers_request_is_read_and_its_sender_proven():
    read = read_binding_request(bytes(request()))
    assert read is not None
    assert (read.local_fragment, read.nominates) == ("node", True)
    assert read.is_from(PASSWORD)
    assert not read.is_from("another")


def test_a_request_that_does_not_nominate_says_so():
    read = read_binding_request(bytes(request(nominates=False)))
    assert read is not None
    assert not read.nominates


@pytest.mark.parametrize("address", [("192.0.2.7", 50000), ("2001:db8::7", 50001), ("::ffff:192.0.2.9", 50002)])
def test_another_implementation_reads_the_answer(address):
    asked = request()
    read = read_binding_request(bytes(asked))
    assert read is not None
    answer = stun.parse_message(binding_response(read, address, PASSWORD))
    assert answer.check_message_integrity(PASSWORD.encode())
    assert answer.transaction_id == asked.transaction_id
    assert answer.message_class == stun.Class.RESPONSE
    assert answer.attributes["XOR-MAPPED-ADDRESS"] == (address[0].replace("::ffff:", ""), address[1])


def test_a_changed_byte_is_not_from_whoever_knows_the_password():
    whole = bytes(request())
    signed_until = len(whole) - 8 - 24
    for place in range(8, signed_until):
        changed = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        read = read_binding_request(changed)
        assert read is None or not read.is_from(PASSWORD)


def test_no_part_of_a_request_and_no_noise_is_taken_for_one():
    whole = bytes(request())
    assert [read_binding_request(whole[:size]) for size in range(len(whole))] == [None] * len(whole)
    noise = random.Random(5)
    for _ in range(20000):
        data = (
            whole[:20] + noise.randbytes(noise.randrange(80))
            if noise.random() < 0.5
            else noise.randbytes(noise.randrange(120))
        )
        read = read_binding_request(data)
        assert read is None or not read.is_from(PASSWORD)


def test_fragments_and_passwords_differ():
    assert len({random_text(24) for _ in range(1000)}) == 1000

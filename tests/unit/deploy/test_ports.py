"""Ports are chosen free and remembered, and what somebody else holds is not taken."""

import socket
from pathlib import Path

import pytest

from deploy.local.ports import Ports, free_port, is_free
from deploy.local.problem import SetUpProblem
from deploy.local.stack import fixed_ports


def listen(port: int) -> socket.socket:
    holder = socket.socket()
    holder.bind(("127.0.0.1", port))
    holder.listen()
    return holder


def test_the_same_port_is_taken_at_the_next_start(tmp_path: Path) -> None:
    first = Ports(tmp_path / "ports.json").take("api")
    assert Ports(tmp_path / "ports.json").take("api") == first


def test_a_remembered_port_that_somebody_took_is_replaced(tmp_path: Path) -> None:
    first = Ports(tmp_path / "ports.json").take("api")
    with listen(first):
        assert Ports(tmp_path / "ports.json").take("api") != first


def test_a_chosen_port_that_is_taken_is_one_sentence(tmp_path: Path) -> None:
    with listen(free_port()) as holder:
        port = holder.getsockname()[1]
        ports = Ports(tmp_path / "ports.json", {"api": port})
        with pytest.raises(SetUpProblem, match=rf"^Port {port} \(api\) is taken: stop what uses it, or choose another"):
            ports.take("api")


def test_two_names_never_share_a_port(tmp_path: Path) -> None:
    ports = Ports(tmp_path / "ports.json")
    taken = [ports.take(f"p{number}") for number in range(20)]
    assert len(set(taken)) == len(taken)


def test_a_udp_port_is_looked_for_among_udp_ports() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
        holder.bind(("127.0.0.1", 0))
        assert not is_free(holder.getsockname()[1], socket.SOCK_DGRAM)


@pytest.mark.parametrize("text", ["", "0", "65536", "http", "-1"])
def test_a_chosen_port_that_is_none_is_one_sentence(text: str) -> None:
    with pytest.raises(SetUpProblem, match="HOUSECALL_API_PORT must be a port from 1 to 65535"):
        fixed_ports({"HOUSECALL_API_PORT": text})

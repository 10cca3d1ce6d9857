"""The forwarder in C behind the interface of `plan.Forwarder`. ImportError where the extension was not built."""

import socket
from collections.abc import Callable
from typing import Any

from services.media.node.forwarding.plan import Extensions, Handed, RoutePlan, SourcePlan, SrtpSession
from services.media.node.forwarding.rtp import extension_template
from services.media.node.native.engine import Engine


class NativeForwarder:
    """`functions` and `handle_of`: see `choice.open_forwarder`. Keeps each link's SRTP sessions alive while the engine uses them."""

    name = "native"

    def __init__(
        self, sock: socket.socket, functions: tuple[int, int, int, int], handle_of: Callable[[Any], int]
    ) -> None:
        self._handle_of = handle_of
        self._engine = Engine(sock.fileno(), int(sock.family), *functions)
        self._sessions: dict[int, tuple[SrtpSession, SrtpSession]] = {}
        self.tick = self._engine.tick
        self.send = self._engine.send
        self.add_link = self._engine.add_link
        self.set_address = self._engine.set_address
        self.remove_source = self._engine.remove_source
        self.open_route = self._engine.open_route
        self.close_route = self._engine.close_route
        self.remove_route = self._engine.remove_route
        self.source_report = self._engine.source_report
        self.route_report = self._engine.route_report
        self.report = self._engine.report

    def receive(self) -> list[Handed]:
        return [Handed(*each) for each in self._engine.receive()]

    def set_keys(self, link: int, receiving: SrtpSession, sending: SrtpSession) -> None:
        self._engine.set_keys(link, self._handle_of(receiving), self._handle_of(sending))
        self._sessions[link] = (receiving, sending)

    def set_extensions(self, link: int, extensions: Extensions) -> None:
        self._engine.set_extensions(link, extensions.audio_level, extensions.transport_cc)

    def remove_link(self, link: int) -> None:
        self._engine.remove_link(link)
        self._sessions.pop(link, None)

    def add_source(self, plan: SourcePlan) -> int:
        rates, repairs = list(plan.clock_rates.items()), list(plan.repairs.items())
        return int(self._engine.add_source(plan.link, plan.video, plan.retransmits, rates, repairs))

    def bind_stream(self, source: int, ssrc: int, repair: bool) -> None:
        self._engine.bind_stream(source, ssrc, repair)

    def add_route(self, plan: RoutePlan) -> int:
        ids = plan.extensions
        block, sent_time_at, level_at = extension_template(plan.mid, ids.mid, ids.sent_time, ids.audio_level)
        types = [(theirs, *ours) for theirs, ours in plan.payload_types.items()]
        return int(
            self._engine.add_route(
                plan.source, plan.link, plan.ssrc, plan.repair_ssrc, types, block, sent_time_at, level_at, plan.cname
            )
        )

    def close(self) -> None:
        self._engine.close()
        self._sessions.clear()

"""Which links, sources and routes there are, and how they hang together, in the pure Python forwarder. No packets."""

import itertools
from collections.abc import Iterator
from typing import Any

from services.media.node.forwarding.plan import MOST_STREAMS, Address, Extensions, RoutePlan, SourcePlan, SrtpSession
from services.media.node.forwarding.streams import Link, Route, Source


class Tables:
    """The part of `plan.Forwarder` that is told what to do. Ids are never used again; an id that is gone is a KeyError."""

    def __init__(self) -> None:
        self._ids: Iterator[int] = itertools.count()
        self._links: dict[int, Link] = {}
        self._link_ids: dict[int, int] = {}
        self._by_address: dict[Address, Link] = {}
        self._sources: dict[int, Source] = {}
        self._routes: dict[int, Route] = {}

    def _link_id(self, address: Address) -> int:
        link = self._by_address.get(address)
        return self._link_ids[id(link)] if link else -1

    def add_link(self) -> int:
        number, link = next(self._ids), Link()
        self._links[number], self._link_ids[id(link)] = link, number
        return number

    def set_address(self, link: int, address: Address) -> None:
        mine = self._links[link]
        if mine.address is not None and self._by_address.get(mine.address) is mine:
            del self._by_address[mine.address]
        former = self._by_address.get(address)
        if former is not None:
            former.address = None
        mine.address = address
        self._by_address[address] = mine

    def set_keys(self, link: int, receiving: SrtpSession, sending: SrtpSession) -> None:
        self._links[link].receiving, self._links[link].sending = receiving, sending

    def set_extensions(self, link: int, extensions: Extensions) -> None:
        self._links[link].extensions = extensions

    def remove_link(self, link: int) -> None:
        gone = self._links.pop(link, None)
        if gone is None:
            return
        for number in [number for number, source in self._sources.items() if source.link is gone]:
            self.remove_source(number)
        for number in [number for number, route in self._routes.items() if route.link is gone]:
            self.remove_route(number)
        if gone.address is not None and self._by_address.get(gone.address) is gone:
            del self._by_address[gone.address]
        del self._link_ids[id(gone)]

    def add_source(self, plan: SourcePlan) -> int:
        number, link = next(self._ids), self._links[plan.link]
        self._sources[number] = source = Source(plan, link)
        link.sources.append(source)
        return number

    def bind_stream(self, source: int, ssrc: int, repair: bool) -> None:
        mine = self._sources[source]
        if len(mine.link.streams) >= MOST_STREAMS and ssrc not in mine.link.streams:
            return
        mine.link.streams[ssrc] = (mine, repair)
        if not repair:
            mine.ssrc = ssrc

    def remove_source(self, source: int) -> None:
        gone = self._sources.pop(source, None)
        if gone is None:
            return
        for number in [number for number, route in self._routes.items() if route.source is gone]:
            self.remove_route(number)
        gone.link.sources.remove(gone)
        gone.link.streams = {ssrc: stream for ssrc, stream in gone.link.streams.items() if stream[0] is not gone}

    def add_route(self, plan: RoutePlan) -> int:
        number, source, link = next(self._ids), self._sources[plan.source], self._links[plan.link]
        self._routes[number] = route = Route(plan, source, link)
        source.routes.append(route)
        link.routes[plan.ssrc] = route
        return number

    def close_route(self, route: int) -> None:
        self._routes[route].open = False

    def remove_route(self, route: int) -> None:
        gone = self._routes.pop(route, None)
        if gone is not None:
            gone.source.routes.remove(gone)
            if gone.link.routes.get(gone.plan.ssrc) is gone:
                del gone.link.routes[gone.plan.ssrc]

    def source_report(self, source: int) -> dict[str, Any]:
        mine = self._sources[source]
        return {
            "packets": mine.packets, "bytes": mine.bytes, "frames": mine.frames, "lost": mine.lost, "jitter": mine.jitter,
            "lost_fraction": mine.lost_fraction, "repaired": mine.repaired, "nacks": mine.nacks,
            "key_frame_requests": mine.key_frame_requests, "level": mine.level & 127,
        }  # fmt: skip

    def route_report(self, route: int) -> dict[str, Any]:
        mine = self._routes[route]
        block = mine.reported
        return {
            "packets": mine.packets, "bytes": mine.bytes, "retransmitted": mine.retransmitted, "nacks": mine.nacks,
            "key_frame_requests": mine.key_frame_requests, "open": mine.open,
            "lost": block.lost if block else 0, "lost_fraction": block.lost_fraction if block else 0,
            "round_trip": mine.round_trip,
        }  # fmt: skip

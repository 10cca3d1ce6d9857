"""The only file that knows private parts of aiortc, aioice and pylibsrtp.

aiortc keeps SDP, DTLS and keys. Its receiver always decodes and its sender always encodes, and it has no place to put others:
`RTCPeerConnection` finds its parts as globals of its module. So the modules are loaded a second time under our own names, with our
parts in place of theirs; aiortc itself is not changed, and its own peer connections work beside ours in one process.
"""

import asyncio
import copy
import importlib.metadata
import importlib.util
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import aioice
import aiortc.codecs
import aiortc.rtcdtlstransport
import aiortc.rtcpeerconnection
import aiortc.rtcrtpreceiver
import aiortc.rtcrtpsender
import pylibsrtp
from aiortc import RTCConfiguration, RTCPeerConnection
from aiortc.rtcconfiguration import RTCBundlePolicy
from aiortc.rtcicetransport import RTCIceParameters
from aiortc.rtcrtpparameters import RTCRtcpFeedback, RTCRtpHeaderExtensionParameters

from services.media.node.forwarding.plan import Extensions, SourcePlan, merged
from services.media.node.forwarding.rtp import read_header
from services.media.node.port import Port, Wire

PINNED = {"aiortc": "1.16.0", "aioice": "0.13.0", "pylibsrtp": "1.0.0"}
_TRANSPORT_CC = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
_EXTENSION_NAMES = {
    "urn:ietf:params:rtp-hdrext:sdes:mid": "mid",
    "urn:ietf:params:rtp-hdrext:ssrc-audio-level": "audio_level",
    "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time": "sent_time",
    _TRANSPORT_CC: "transport_cc",
}
_BUNDLED = RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)


def check_versions() -> None:
    """RuntimeError when a tapped library is another version than the one whose private parts are written down here."""
    for name, wanted in PINNED.items():
        found = importlib.metadata.version(name)
        if found != wanted:
            raise RuntimeError(
                f"the media node needs {name}=={wanted} and found {found}: services/media/node/taps.py must be reviewed first"
            )


def srtp_functions() -> tuple[int, int, int, int]:
    """Addresses of pylibsrtp's own libsrtp: unprotect, protect, unprotect_rtcp, protect_rtcp."""
    from pylibsrtp._binding import ffi, lib

    names = ("srtp_unprotect", "srtp_protect", "srtp_unprotect_rtcp", "srtp_protect_rtcp")
    found = [int(ffi.cast("uintptr_t", ffi.addressof(lib, name))) for name in names]
    return found[0], found[1], found[2], found[3]


def srtp_handle(session: pylibsrtp.Session) -> int:
    """The `srtp_t` of a session; valid as long as the session lives."""
    from pylibsrtp._binding import ffi

    return int(ffi.cast("uintptr_t", session._srtp[0]))


def extension_ids(parameters: Any) -> Extensions:
    """The negotiated header extension ids of RTCRtpParameters."""
    names = {
        _EXTENSION_NAMES[each.uri]: each.id for each in parameters.headerExtensions if each.uri in _EXTENSION_NAMES
    }
    return Extensions(**names)


def wire_of(connection: RTCPeerConnection) -> Wire | None:
    """The connection's place at the port; None before it has an m-line."""
    transceivers = connection.getTransceivers()
    return _wire_at(transceivers[0].receiver.transport) if transceivers else None


def _wire_at(transport: Any) -> Wire:
    """Of one of our DTLS transports, which aiortc declares as its own."""
    wire: Wire = transport.wire
    return wire


def payload_types(receiver: "NodeReceiver", parameters: Any) -> dict[int, tuple[int, int]]:
    """The receiver's payload type → (the sender's for the same codec, its RTX or 0), for a route."""
    repairs = {
        codec.parameters.get("apt"): codec.payloadType for codec in parameters.codecs if aiortc.codecs.is_rtx(codec)
    }
    found: dict[int, tuple[int, int]] = {}
    for incoming in receiver.codecs:
        for outgoing in parameters.codecs:
            if aiortc.rtcpeerconnection.is_codec_compatible(incoming, outgoing):
                found[incoming.payloadType] = (outgoing.payloadType, repairs.get(outgoing.payloadType, 0))
                break
    return found


class NodeConnection:
    """Stands where `aioice.Connection` stood: a place at the node's one port."""

    def __init__(self, port: Port, local_username: str | None, local_password: str | None) -> None:
        self.wire: Wire = port.wire()
        self.ice_controlling = False
        self.remote_is_lite = False
        self.remote_username: str | None = None
        self.remote_password: str | None = None
        self.local_candidates: list[aioice.Candidate] = []
        self.remote_candidates: list[aioice.Candidate] = []
        self._gone = asyncio.Event()

    @property
    def local_username(self) -> str:
        return self.wire.fragment

    @property
    def local_password(self) -> str:
        return self.wire.password

    async def gather_candidates(self) -> None:
        host, port = self.wire.port.announced
        self.local_candidates = [
            aioice.Candidate(
                foundation="1", component=1, transport="udp", priority=2130706431, host=host, port=port, type="host"
            )
        ]

    async def add_remote_candidate(self, candidate: aioice.Candidate | None) -> None:
        """A lite agent learns the remote's address from its checks."""

    async def connect(self) -> None:
        await self.wire.reached.wait()
        if self.wire.closed:
            raise ConnectionError

    async def recv(self) -> bytes:
        data = None if self.wire.closed else await self.wire.inbox.get()
        if data is None:
            raise ConnectionError
        return data

    async def send(self, data: bytes) -> None:
        self.wire.send(data)

    async def get_event(self) -> aioice.ConnectionClosed:
        await self._gone.wait()
        return aioice.ConnectionClosed()

    async def close(self) -> None:
        self.wire.close()
        self._gone.set()


class NodeDtls(aiortc.rtcdtlstransport.RTCDtlsTransport):
    """Gives the keys to the forwarder as soon as the handshake is done."""

    @property
    def wire(self) -> Wire:
        connection: Any = self.transport._connection
        wire: Wire = connection.wire
        return wire

    def _setup_srtp(self) -> None:
        super()._setup_srtp()
        if self._state != aiortc.rtcdtlstransport.State.FAILED and not self.wire.closed:
            self.wire.port.forwarder.set_keys(self.wire.link, self._rx_srtp, self._tx_srtp)


class NodeReceiver(aiortc.rtcrtpreceiver.RTCRtpReceiver):
    """Tells the forwarder of an incoming stream. No decoder, no jitter buffer in use."""

    def __init__(self, kind: str, transport: NodeDtls) -> None:
        super().__init__(kind, transport)
        self.kind = kind
        self.source: int | None = None
        self.codecs: list[Any] = []
        self.mid = ""
        self.on_source: Callable[[], None] | None = None

    def _set_rtcp_ssrc(self, ssrc: int) -> None:
        """The forwarder has a feedback SSRC of its own for each link."""

    async def receive(self, parameters: Any) -> None:
        wire = _wire_at(self.transport)
        if self.source is not None or wire.closed:
            return
        codecs = [codec for codec in parameters.codecs if not aiortc.codecs.is_rtx(codec)]
        repairs = {
            codec.payloadType: int(codec.parameters["apt"])
            for codec in parameters.codecs
            if aiortc.codecs.is_rtx(codec) and "apt" in codec.parameters
        }
        retransmits = any(
            feedback.type == "nack" and not feedback.parameter for codec in codecs for feedback in codec.rtcpFeedback
        )
        clock_rates = {codec.payloadType: codec.clockRate for codec in codecs}
        forwarder = wire.port.forwarder
        self.source = forwarder.add_source(
            SourcePlan(wire.link, self.kind == "video", clock_rates, repairs, retransmits)
        )
        self.codecs, self.mid = codecs, parameters.muxId
        wire.extensions = merged(wire.extensions, extension_ids(parameters))
        forwarder.set_extensions(wire.link, wire.extensions)
        for encoding in parameters.encodings[:1]:
            forwarder.bind_stream(self.source, encoding.ssrc, False)
            if encoding.rtx:
                forwarder.bind_stream(self.source, encoding.rtx.ssrc, True)
        if self.on_source is not None:
            self.on_source()

    async def stop(self) -> None:
        wire = _wire_at(self.transport)
        if self.source is not None and not wire.closed:
            wire.port.forwarder.remove_source(self.source)
        self.source = None

    def _handle_disconnect(self) -> None:
        """Nothing was started that would have to end."""


class NodeSender(aiortc.rtcrtpsender.RTCRtpSender):
    """Remembers what was negotiated for an outgoing stream, and says when it may flow."""

    def __init__(self, kind: Any, transport: NodeDtls) -> None:
        super().__init__(kind, transport)
        self.parameters: Any = None
        self.on_ready: Callable[[], None] | None = None

    @property
    def ssrcs(self) -> tuple[int, int]:
        """(media, retransmission)."""
        return self._ssrc, self._rtx_ssrc

    def rename(self, stream_id: str, track_id: str, ssrc: int | None = None, repair_ssrc: int | None = None) -> None:
        """The msid and, for an m-line that is used for another source, new SSRCs: a receiver's replay window knows the former ones."""
        self._stream_id, self._track_id = stream_id, track_id
        if ssrc is not None and repair_ssrc is not None:
            self._ssrc, self._rtx_ssrc = ssrc, repair_ssrc

    async def send(self, parameters: Any) -> None:
        self.parameters = parameters
        if self.on_ready is not None:
            self.on_ready()

    async def stop(self) -> None:
        self.on_ready = None


def bind_unknown_stream(plain: bytes, receivers: list[NodeReceiver], mid_extension: int) -> bool:
    """Give a stream whose SSRC no SDP announced to the m-line that its MID names (RFC 9143 §9.2); False where it fits none."""
    header = read_header(plain)
    if header is None:
        return False
    mid = header.extensions.get(mid_extension, b"").decode("ascii", "replace")
    for receiver in receivers:
        if receiver.source is not None and mid and receiver.mid == mid:
            repair = header.payload_type not in {codec.payloadType for codec in receiver.codecs}
            _wire_at(receiver.transport).port.forwarder.bind_stream(receiver.source, header.ssrc, repair)
            return True
    return False


def second_copy(module: ModuleType, name: str) -> ModuleType:
    """The module loaded again under another name, so that its globals can be other ones."""
    spec = importlib.util.spec_from_file_location(f"{module.__package__}.{name}", module.__file__)
    if spec is None or spec.loader is None:
        raise RuntimeError(f"{module.__name__} has no source file to load again")
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = loaded
    spec.loader.exec_module(loaded)
    return loaded


def _with_transport_cc() -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """aiortc's codecs and header extensions, and transport-wide congestion control, which it knows by name only."""
    codecs, extensions = copy.deepcopy(aiortc.codecs.CODECS), copy.deepcopy(aiortc.codecs.HEADER_EXTENSIONS)
    for kind, listed in codecs.items():
        for codec in listed:
            if not aiortc.codecs.is_rtx(codec):
                codec.rtcpFeedback.append(RTCRtcpFeedback(type="transport-cc"))
        extensions[kind].append(RTCRtpHeaderExtensionParameters(id=4, uri=_TRANSPORT_CC))
    return codecs, extensions


class Taps:
    """Makes peer connections whose media goes through one port."""

    def __init__(self, port: Port) -> None:
        check_versions()
        self._port = port
        self._publish = self._tapped("_publish", *_with_transport_cc())
        self._subscribe = self._tapped("_subscribe", aiortc.codecs.CODECS, aiortc.codecs.HEADER_EXTENSIONS)

    def publish_connection(self) -> RTCPeerConnection:
        """For a browser's offer to send."""
        connection: RTCPeerConnection = self._publish.RTCPeerConnection(_BUNDLED)
        return connection

    def subscribe_connection(self) -> RTCPeerConnection:
        """For our offer to send; transport-cc is not in it, since nothing here is paced yet."""
        connection: RTCPeerConnection = self._subscribe.RTCPeerConnection(_BUNDLED)
        return connection

    def _tapped(self, name: str, codecs: dict[str, list[Any]], extensions: dict[str, list[Any]]) -> Any:
        ice: Any = second_copy(sys.modules["aiortc.rtcicetransport"], f"rtcicetransport{name}")
        ice.Connection = self._connection

        class LiteGatherer(ice.RTCIceGatherer):
            def getLocalParameters(self) -> RTCIceParameters:  # noqa: N802 aiortc's name
                found = super().getLocalParameters()
                return RTCIceParameters(found.usernameFragment, found.password, iceLite=True)

        tapped: Any = second_copy(aiortc.rtcpeerconnection, f"rtcpeerconnection{name}")
        tapped.RTCIceGatherer, tapped.RTCDtlsTransport = LiteGatherer, NodeDtls
        tapped.RTCRtpReceiver, tapped.RTCRtpSender = NodeReceiver, NodeSender
        tapped.CODECS, tapped.HEADER_EXTENSIONS = codecs, extensions
        return tapped

    def _connection(
        self, local_username: str | None = None, local_password: str | None = None, **_: Any
    ) -> NodeConnection:
        return NodeConnection(self._port, local_username, local_password)

"""The private parts of aiortc, aioice and pylibsrtp that the node leans on. Another version has to be read before it is used."""

import inspect
from typing import Any

import aiortc.rtcdtlstransport
import aiortc.rtcicetransport
import aiortc.rtcpeerconnection
import aiortc.rtcrtpreceiver
import aiortc.rtcrtpsender
import pytest
from pylibsrtp import Policy, Session

from services.media.node import taps
from tests.habits.tree import name_of, sources


def test_another_version_is_refused_by_name(monkeypatch):
    taps.check_versions()
    monkeypatch.setitem(taps.PINNED, "aiortc", "1.17.0")
    with pytest.raises(RuntimeError, match=r"aiortc==1\.17\.0 and found 1\.16\.0"):
        taps.check_versions()


@pytest.mark.parametrize(
    "name", ["RTCIceGatherer", "RTCDtlsTransport", "RTCRtpReceiver", "RTCRtpSender", "CODECS", "HEADER_EXTENSIONS"]
)
def test_the_peer_connection_finds_its_parts_as_globals_of_its_module(name):
    assert hasattr(aiortc.rtcpeerconnection, name)
    assert name in inspect.getsource(aiortc.rtcpeerconnection.RTCPeerConnection)


def test_a_gatherer_makes_its_connection_from_a_global_with_these_arguments():
    made = inspect.getsource(aiortc.rtcicetransport.RTCIceGatherer.__init__)
    assert "self._connection = Connection(" in made
    assert "local_username=local_username" in made
    used = {
        name
        for part in (aiortc.rtcicetransport.RTCIceTransport, aiortc.rtcicetransport.RTCIceGatherer)
        for name in inspect.getsource(part).split("_connection.")[1:]
        for name in [name.split("(")[0].split()[0].strip(")],:")]
    }
    ours = {
        *dir(taps.NodeConnection),
        "ice_controlling",
        "remote_is_lite",
        "remote_username",
        "remote_password",
        "local_candidates",
        "remote_candidates",
    }
    assert used <= ours, used - ours


def test_keys_are_set_up_in_one_method_into_two_sessions():
    source = inspect.getsource(aiortc.rtcdtlstransport.RTCDtlsTransport._setup_srtp)
    assert "self._rx_srtp = Session(" in source
    assert "self._tx_srtp = Session(" in source


@pytest.mark.parametrize("method", ["receive", "stop", "_set_rtcp_ssrc", "_handle_disconnect"])
def test_the_receiver_is_driven_through_what_we_replace(method):
    assert method in vars(aiortc.rtcrtpreceiver.RTCRtpReceiver)
    assert method in vars(taps.NodeReceiver)


def test_the_sender_is_named_in_descriptions_by_what_we_set():
    written = inspect.getsource(aiortc.rtcpeerconnection.create_media_description_for_transceiver)
    for name in ("_stream_id", "_track_id", "_ssrc", "_rtx_ssrc"):
        assert f"sender.{name}" in written
    assert {"send", "stop"} <= set(vars(aiortc.rtcrtpsender.RTCRtpSender))


def test_libsrtp_is_borrowed_by_address_and_decrypts_what_it_encrypted():
    import ctypes

    key = bytes(range(30))
    sessions = [
        Session(Policy(key=key, ssrc_type=kind)) for kind in (Policy.SSRC_ANY_OUTBOUND, Policy.SSRC_ANY_INBOUND)
    ]
    unprotect, protect, *_ = (
        ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)(at)
        for at in taps.srtp_functions()
    )
    plain = b"\x80\x60\x00\x01" + bytes(8) + b"payload"
    buffer, size = ctypes.create_string_buffer(plain, 200), ctypes.c_int(len(plain))
    assert protect(taps.srtp_handle(sessions[0]), buffer, ctypes.byref(size)) == 0
    assert size.value > len(plain)
    assert unprotect(taps.srtp_handle(sessions[1]), buffer, ctypes.byref(size)) == 0
    assert buffer.raw[: size.value] == plain


def test_aiortc_itself_is_left_as_it_is():
    module: Any = aiortc.rtcpeerconnection
    assert module.RTCRtpReceiver is aiortc.rtcrtpreceiver.RTCRtpReceiver
    assert all(each.uri != taps._TRANSPORT_CC for kind in ("audio", "video") for each in module.HEADER_EXTENSIONS[kind])


def test_nobody_else_in_the_node_touches_private_parts():
    others = [path for path in sources("services") if "services/media/node" in name_of(path) and path.name != "taps.py"]
    assert others
    for path in others:
        text = path.read_text()
        assert "aioice" not in text, name_of(path)
        assert "pylibsrtp._binding" not in text, name_of(path)
        assert "import aiortc." not in text, name_of(path)
        assert "from aiortc." not in text, name_of(path)

"""The node forwards what was encoded: no decoder is made, no decoding thread started, during a whole call."""

import threading

import aiortc.codecs
import aiortc.rtcrtpreceiver
import pytest
from aiortc.codecs import g711, g722, h264, opus, vpx

from tests.media.participants import Participant, running, until

DECODERS = (opus.OpusDecoder, vpx.Vp8Decoder, h264.H264Decoder, g722.G722Decoder, g711.PcmaDecoder, g711.PcmuDecoder)


@pytest.fixture
def decoded(monkeypatch):
    """What was made or started that decodes."""
    found = []
    for decoder in DECODERS:
        monkeypatch.setattr(decoder, "__init__", lambda self, *_args: found.append(type(self).__name__))
    monkeypatch.setattr(aiortc.rtcrtpreceiver, "get_decoder", lambda codec: found.append(codec.name))
    monkeypatch.setattr(aiortc.rtcrtpreceiver, "decoder_worker", lambda *_args: found.append("decoder_worker"))
    return found


def test_a_whole_call_runs_without_a_decoder(play, backend, decoded):
    async def call():
        async with running(backend) as node:
            anna, ben = [await Participant(node, name).join() for name in ("anna", "ben")]
            await until(lambda: len(anna.numbers("ben", "camera")) > 20 and len(ben.numbers("anna", "microphone")) > 20)
            # the participants' own, one for each stream that they receive, which keep what comes and decode nothing
            threads = [thread for thread in threading.enumerate() if thread.name.endswith("-decoder")]
            assert len(threads) == 4

    play(call())
    assert decoded == []


def test_a_decoder_would_be_noticed(decoded):
    aiortc.codecs.get_decoder(aiortc.codecs.CODECS["video"][0])
    assert decoded == ["Vp8Decoder"]

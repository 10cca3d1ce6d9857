"""A browser's part in a call, as far as a recording needs one: sound out, whatever comes in, over the live connection."""

import asyncio
from typing import Any

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack
from aiortc.rtcconfiguration import RTCBundlePolicy

from tests.journeys.client import Live

_CONFIGURATION = RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)


class Browser:
    """`seat` is the reply of `call.join`."""

    def __init__(self, live: Live, seat: dict[str, Any]) -> None:
        self._live, self._participant_id = live, seat["participant_id"]
        self._sending = RTCPeerConnection(_CONFIGURATION)
        self._receiving = RTCPeerConnection(_CONFIGURATION)

    async def connect(self) -> None:
        """Send sound, and answer the first offer of the node for what others send, if one comes."""
        transceiver = self._sending.addTransceiver(AudioStreamTrack(), "sendonly")
        await self._sending.setLocalDescription(await self._sending.createOffer())
        tracks = [{"mid": transceiver.mid, "source": "microphone"}]
        answer = await self._ask("call.publish", sdp=self._sending.localDescription.sdp, tracks=tracks)
        await self._sending.setRemoteDescription(RTCSessionDescription(answer["sdp"], "answer"))
        await self._ask("call.subscribe")
        offer = await asyncio.to_thread(self._live.wait_for, lambda frame: frame["type"] == "call.offer", "an offer")
        await self._receiving.setRemoteDescription(RTCSessionDescription(offer["sdp"], "offer"))
        await self._receiving.setLocalDescription(await self._receiving.createAnswer())
        await self._ask("call.answer", offer_id=offer["offer_id"], sdp=self._receiving.localDescription.sdp)

    async def close(self) -> None:
        """Gone, without a word to anybody but the node."""
        await self._sending.close()
        await self._receiving.close()

    async def _ask(self, kind: str, **fields: Any) -> Any:
        answer = await asyncio.to_thread(self._live.ask, type=kind, participant_id=self._participant_id, **fields)
        assert answer["type"] == "reply", answer
        return answer["result"]

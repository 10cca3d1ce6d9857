"""Real browsers: Chromium pages with fake devices, whose decoded pictures and heard sound are counted, over both forwarders."""

import statistics
import time
from typing import Any

from tests.media.browsers import browsing
from tests.media.participants import until


def test_two_browsers_see_and_hear_each_other_and_a_third_joins_leaves_and_comes_back(play, backend):
    async def call():
        async with browsing(backend) as browsers:
            await browsers.join("anna")
            await browsers.join("ben")
            await browsers.decodes("anna", "ben")
            await browsers.decodes("ben", "anna")

            cem = await browsers.join("cem")
            for listener, speaker in (("anna", "cem"), ("cem", "anna"), ("cem", "ben"), ("ben", "cem")):
                await browsers.decodes(listener, speaker)

            await cem.reload()
            await browsers.start("cem", cem)
            for listener, speaker in (("anna", "cem"), ("cem", "ben"), ("anna", "ben")):
                await browsers.decodes(listener, speaker)

            await cem.close()
            await browsers.node.calls.unseat("call", "cem")
            deadline = time.monotonic() + 5
            while "cem camera" in await browsers.received("anna"):
                assert time.monotonic() < deadline
            found = await browsers.decodes("anna", "ben")
            assert found["ben camera"]["lost"] == 0
            assert browsers.errors == []

    play(call(), 60)


def test_a_shared_screen_is_seen_beside_the_camera(play, backend):
    async def call():
        async with browsing(backend) as browsers:
            await browsers.join("anna")
            ben = await browsers.join("ben")
            await browsers.decodes("anna", "ben", 5)
            await ben.evaluate("share()")
            seen: dict[str, Any] = {}
            deadline = time.monotonic() + 10
            while seen.get("ben screen", {}).get("frames", 0) < 5:
                assert time.monotonic() < deadline, seen
                seen = await browsers.received("anna")
            await browsers.decodes("anna", "ben", 5)

    play(call(), 60)


def test_not_a_packet_reaches_a_browser_that_is_not_seated_or_on_hold(play, backend):
    async def call():
        async with browsing(backend) as browsers:
            node = browsers.node
            await browsers.join("anna")
            await browsers.join("ben", seated=False)
            await until(lambda: {"anna", "ben"} <= set(node.said("seat.first_packet")))
            assert node.port.report()["sent"] == 0
            assert await browsers.received("anna") == await browsers.received("ben") == {}
            node.calls.seat("call", "ben")
            await browsers.decodes("anna", "ben")
            node.calls.hold("call", "ben", True)
            sent = node.port.report()["sent"]
            came = node.port.report()["received"]
            await until(lambda: node.port.report()["received"] > came + 100)
            assert node.port.report()["sent"] == sent
            node.calls.hold("call", "ben", False)
            await browsers.decodes("anna", "ben")

    play(call(), 60)


def test_the_first_picture_comes_soon_after_the_seat(play, backend):
    """A bound for a busy machine; the figure itself is the bench's."""

    async def call():
        async with browsing(backend) as browsers:
            await browsers.join("anna")
            ben = await browsers.join("ben", seated=False)
            await until(lambda: len(browsers.node.said("seat.first_packet")) == 2)
            seated_at = time.time()
            browsers.node.calls.seat("call", "ben")
            await browsers.decodes("anna", "ben", 1)
            await browsers.decodes("ben", "anna", 1)
            firsts = [
                (await page.evaluate("Object.values(state.firstFrame)[0]")) / 1000 - seated_at
                for page in (browsers.pages["anna"], ben)
            ]
            assert statistics.mean(firsts) < 1.5

    play(call(), 60)


def test_congestion_feedback_lets_the_publisher_find_its_bandwidth(play, backend):
    async def call():
        async with browsing(backend) as browsers:
            await browsers.join("anna")
            await browsers.join("ben")
            # Chromium begins at 300 kbit/s and goes up only when feedback tells it that there is room
            estimate, deadline = 0, time.monotonic() + 40
            while estimate < 600_000:
                assert time.monotonic() < deadline, estimate
                sent = await browsers.pages["ben"].evaluate("sent()")
                estimate = max((each["bandwidth"] for each in sent if each.get("bandwidth")), default=0)
            assert browsers.node.port.report()["transport_feedback_sent"] > 0

    play(call(), 90)

"""Who hears whom: real ICE, DTLS, SRTP and RTCP between aiortc's peers and a real node, over both forwarders."""

from functools import partial

from tests.media.participants import KnownTrack, Participant, running, until


async def flows(listener: Participant, speaker: Participant, frames: int = 20) -> None:
    """Wait until that many whole frames of sound and picture have come."""
    for source, kind in (("microphone", "audio"), ("camera", "video")):
        if kind in speaker.kinds:
            await until(partial(heard, listener, speaker, source, frames), what=f"{source} of {speaker.name}")


def heard(listener: Participant, speaker: Participant, source: str, frames: int) -> bool:
    return len(listener.numbers(speaker.name, source)) >= frames


def test_what_one_sends_reaches_the_other_byte_for_byte(play, backend):
    async def call():
        async with running(backend) as node:
            anna, ben = await Participant(node, "anna").join(), await Participant(node, "ben").join()
            await flows(anna, ben)
            await flows(ben, anna)
            for listener, speaker in ((anna, ben), (ben, anna)):
                numbers = listener.numbers(speaker.name, "camera")
                assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
                whole = listener.received[speaker.name, "camera"].frames[1:]
                assert len(numbers) == len(whole)

    play(call())


def test_three_hear_each_other_and_one_who_only_watches_hears_all(play, backend):
    async def call():
        async with running(backend) as node:
            speakers = [await Participant(node, name).join() for name in ("anna", "ben", "cem")]
            watcher = await Participant(node, "dora", kinds=()).join()
            for listener in (*speakers, watcher):
                for speaker in speakers:
                    if speaker is not listener:
                        await flows(listener, speaker, 10)

    play(call())


def test_nothing_reaches_or_leaves_somebody_who_is_connected_and_not_seated(play, backend):
    async def call():
        async with running(backend) as node:
            anna = await Participant(node, "anna").join()
            ben = await Participant(node, "ben", seated=False).join()
            await until(lambda: {"anna", "ben"} <= set(node.said("seat.first_packet")), what="both send")
            sent = node.port.report()["received"]
            await until(lambda: node.port.report()["received"] > sent + 100, what="packets come")
            assert node.port.report()["sent"] == 0
            assert anna.received == ben.received == {}
            node.calls.seat("call", "ben")
            await flows(anna, ben)
            await flows(ben, anna)

    play(call())


def test_not_one_packet_passes_to_or_from_somebody_on_hold(play, backend):
    async def call():
        async with running(backend) as node:
            anna, ben, cem = [await Participant(node, name).join() for name in ("anna", "ben", "cem")]
            for listener, speaker in ((anna, ben), (ben, anna), (ben, cem), (cem, anna)):
                await flows(listener, speaker, 5)
            node.calls.hold("call", "ben", True)
            before = routes(node, "ben")
            await flows(cem, anna, len(cem.numbers("anna", "camera")) + 30)
            assert routes(node, "ben") == before
            assert before
            node.calls.hold("call", "ben", False)
            heard = len(anna.numbers("ben", "camera"))
            await until(lambda: len(anna.numbers("ben", "camera")) > heard + 10)
            assert entries(node, "anna", "ben")["lost"] == 0

    play(call())


def test_what_was_said_on_hold_cannot_be_asked_for_afterwards(play, backend):
    async def call():
        async with running(backend) as node:
            anna, ben = [await Participant(node, name).join() for name in ("anna", "ben")]
            await flows(anna, ben, 5)
            node.calls.hold("call", "ben", True)
            held_at = ben.tracks["video"].number
            await until(lambda: ben.tracks["video"].number > held_at + 20)
            free_at = ben.tracks["video"].number
            node.calls.hold("call", "ben", False)
            await until(lambda: any(number > free_at for number in anna.numbers("ben", "camera")))
            silent = set(range(held_at + 2, free_at - 1))
            assert not silent & set(anna.numbers("ben", "camera"))

    play(call())


def test_a_muted_kind_does_not_pass_and_the_other_does(play, backend):
    async def call():
        async with running(backend) as node:
            anna, ben = [await Participant(node, name).join() for name in ("anna", "ben")]
            await flows(anna, ben, 5)
            node.calls.mute("call", "ben", "audio", True)
            before = entries(node, "anna", "ben", "audio")["packets"]
            heard = len(anna.numbers("ben", "camera"))
            await until(lambda: len(anna.numbers("ben", "camera")) > heard + 20)
            assert entries(node, "anna", "ben", "audio")["packets"] == before
            node.calls.mute("call", "ben", "audio", False)
            await until(lambda: entries(node, "anna", "ben", "audio")["packets"] > before + 10)

    play(call())


def test_who_leaves_is_gone_from_the_others_and_their_lines_are_used_again(play, backend):
    async def call():
        async with running(backend) as node:
            anna, ben = [await Participant(node, name).join() for name in ("anna", "ben")]
            await flows(anna, ben, 5)
            first = anna.offers[-1]
            await node.calls.unseat("call", "ben")
            assert ("ben", "closed") in [(name, body["type"]) for name, body in node.signals]
            await until(lambda: anna.offers[-1]["tracks"] == [], what="an offer without ben")
            cem = await Participant(node, "cem").join()
            await flows(anna, cem, 5)
            last = anna.offers[-1]
            assert {track["mid"] for track in last["tracks"]} == {track["mid"] for track in first["tracks"]}
            assert ssrcs(last["sdp"]).isdisjoint(ssrcs(first["sdp"]))

    play(call())


def test_a_crashed_browser_takes_its_seat_again_with_new_connections(play, backend):
    async def call():
        async with running(backend) as node:
            anna, ben = [await Participant(node, name).join() for name in ("anna", "ben")]
            await flows(anna, ben, 5)
            again = await Participant(node, "ben", seated=False).join()
            await flows(again, anna)
            await until(lambda: anna.numbers("ben", "camera") and len(anna.numbers("ben", "camera")) > 10)
            assert node.port.report()["links"] == 4
            await ben.stop()

    play(call())


def test_a_second_picture_comes_as_a_screen(play, backend):
    async def call():
        async with running(backend) as node:
            anna, ben = [await Participant(node, name).join() for name in ("anna", "ben")]
            await flows(anna, ben, 5)
            shared = ben.sending.addTransceiver(KnownTrack("ben", "video"), "sendonly")
            await ben.sending.setLocalDescription(await ben.sending.createOffer())
            await ben.offer({shared.mid: "screen"})
            await until(lambda: len(anna.numbers("ben", "screen")) > 10, what="the screen")
            await flows(anna, ben, len(anna.numbers("ben", "camera")) + 5)
            assert len(set(msids(anna.offers[-1]["sdp"]))) == 3

    play(call())


def test_a_call_that_ends_disconnects_everybody(play, backend):
    async def call():
        async with running(backend) as node:
            for name in ("anna", "ben"):
                await Participant(node, name).join()
            await until(lambda: len(node.said("seat.connected")) == 2)
            await node.calls.close_call("call")
            report = node.port.report()
            assert (report["links"], report["sources"], report["routes"]) == (0, 0, 0)
            assert [body["type"] for _, body in node.signals[-2:]] == ["closed", "closed"]

    play(call())


def test_everybody_is_reported_connected_and_heard_once(play, backend):
    async def call():
        async with running(backend) as node:
            ben = await Participant(node, "ben").join()
            await until(lambda: node.said("seat.first_packet") == ["ben"])
            assert node.said("seat.connected") == ["ben"]
            await ben.stop()
            await until(lambda: node.said("seat.lost") == ["ben"], what="ben is missed")
            assert node.calls.report()["call"]["participants"]["ben"]["seated"]

    play(call())


def entries(node, listener, speaker, kind="video"):
    receives = node.calls.report()["call"]["participants"][listener]["receives"]
    return next(each for each in receives if each["participant_id"] == speaker and each["kind"] == kind)


def routes(node, name):
    """How many packets went to or came from this participant on each route."""
    participants = node.calls.report()["call"]["participants"]
    return {
        (listener, each["participant_id"], each["mid"]): each["packets"]
        for listener, report in participants.items()
        for each in report["receives"]
        if name in (listener, each["participant_id"])
    }


def ssrcs(sdp):
    """Of the m-lines that send."""
    sections = [part for part in sdp.split("m=")[1:] if "a=sendonly" in part]
    return {line.split()[0] for part in sections for line in part.splitlines() if line.startswith("a=ssrc:")}


def msids(sdp):
    return [line for line in sdp.splitlines() if line.startswith("a=msid:")]

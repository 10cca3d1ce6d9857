"""What each person in a call sees and hears, recognised by content."""

import time

from deploy.demo.signals import BARS, RECOGNISE, Mark, recognised
from deploy.demo.stage import Failed, Person

_OTHERS = "video[data-participant-id]"
_LISTEN_SECONDS = 1.2
_PATIENCE_SECONDS = 60.0


def sees_and_hears(viewer: Person, *others: Person) -> str:
    """Waits until the viewer sees and hears exactly these others, each by the picture and tone that only they send.

    Returns what was counted, in words. Raises Failed with what is wrong when it does not become so.
    """
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        wrong, frames = _wrong(viewer, [person.mark for person in others])
        if wrong is None:
            return f"{viewer.name} sees and hears {len(others)}, {frames} frames"
        if time.monotonic() > until:
            raise Failed(f"{viewer.name}: {wrong}")


def all_see_and_hear(*people: Person) -> None:
    """Waits until each of them sees and hears all the others and nobody else. Raises as `sees_and_hears`."""
    for viewer in people:
        sees_and_hears(viewer, *(other for other in people if other is not viewer))


def _wrong(viewer: Person, marks: list[Mark]) -> tuple[str | None, int]:
    videos = viewer.page.locator(_OTHERS)
    if videos.count() != len(marks):
        viewer.page.wait_for_timeout(100)
        return f"sees {videos.count()} people, not {len(marks)}", 0
    found = viewer.page.evaluate(
        f"([selector, how]) => Promise.all([...document.querySelectorAll(selector)].map(video => ({RECOGNISE})(video, how)))",
        [_OTHERS, {"bars": BARS, "seconds": _LISTEN_SECONDS}],
    )
    for mark in marks:
        reasons = [recognised(mark, seen) for seen in found]
        if None not in reasons:
            return f"nobody is number {mark.number}: {'; '.join(str(reason) for reason in reasons)}", 0
    return None, sum(seen["frames"] for seen in found)

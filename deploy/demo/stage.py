"""The browsers of the demonstration: one Chromium for each person, each with a picture and a tone of its own."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, ViewportSize, sync_playwright

from deploy.demo.signals import Mark

WIDE = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=360, height=740)
PATIENCE_MS = 40_000
PICTURE_MS = 90_000
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
)  # fmt: skip


class Failed(Exception):
    """Something was not as the article says; the text says what."""


@dataclass
class Person:
    """Somebody with a browser. `page` is the one tab that they look at."""

    name: str
    mark: Mark
    browser: Browser
    context: BrowserContext
    page: Page


class Stage:
    """Opens a browser for each person, prints each step with its time, and keeps a picture of it."""

    def __init__(self, playwright: Playwright, pictures: Path, say: Callable[[str], None] = print) -> None:
        self._playwright = playwright
        self._pictures = pictures
        self._say = say
        self._people: list[Person] = []
        self._step = 0
        self._began = time.monotonic()
        pictures.mkdir(parents=True, exist_ok=True)
        for old in pictures.glob("*.png"):
            old.unlink()

    def enter(self, name: str, number: int, *, phone: bool = False) -> Person:
        """A new person with a browser of their own. `number` (1 to 15) is what their picture and tone carry."""
        mark = Mark(number)
        folder = self._pictures / "media"
        folder.mkdir(exist_ok=True)
        film, sound = folder / f"{number}.y4m", folder / f"{number}.wav"
        mark.write_picture(film)
        mark.write_tone(sound)
        browser = self._playwright.chromium.launch(
            executable_path=chromium(),
            args=[*FLAGS, f"--use-file-for-fake-video-capture={film}", f"--use-file-for-fake-audio-capture={sound}"],
            ignore_default_args=["--mute-audio"],
        )
        context = browser.new_context(
            viewport=PHONE if phone else WIDE, has_touch=phone, is_mobile=phone, locale="en-GB",
            permissions=["camera", "microphone", "clipboard-read", "clipboard-write"],
        )  # fmt: skip
        context.set_default_timeout(PATIENCE_MS)
        person = Person(name, mark, browser, context, context.new_page())
        self._people.append(person)
        return person

    @contextmanager
    def step(self, title: str, *looking: Person) -> Iterator[None]:
        """One step of the play: its time is printed when it is true; a picture of each who looks is kept."""
        self._step += 1
        began = time.monotonic()
        try:
            yield
        except Exception:
            for person in self._people:
                self._picture(f"{self._step:02d}-failed-{person.name}", person)
            self._say(f"  ✗ {title}")
            raise
        took = time.monotonic() - began
        self._say(f"  ✓ {time.monotonic() - self._began:6.1f} s  {title}  ({took:.1f} s)")
        for person in looking:
            self._picture(f"{self._step:02d}-{_file_name(title)}-{person.name}", person)

    def tell(self, text: str) -> None:
        """Something seen within a step."""
        self._say(f"               {text}")

    def until(self, true: Callable[[], bool], what: str, seconds: float = PATIENCE_MS / 1000) -> None:
        """Look until it is so. Raises Failed with what was not."""
        deadline = time.monotonic() + seconds
        while not true():
            if time.monotonic() > deadline:
                raise Failed(f"not seen in time: {what}")
            time.sleep(0.1)

    def _picture(self, name: str, person: Person) -> None:
        if not person.page.is_closed():
            person.page.screenshot(path=self._pictures / f"{_file_name(name)}.png", timeout=PICTURE_MS)

    def close(self) -> None:
        for person in self._people:
            person.browser.close()


@contextmanager
def stage(pictures: Path, say: Callable[[str], None] = print) -> Iterator[Stage]:
    """A stage whose browsers are closed at the end, whatever happens."""
    with sync_playwright() as playwright:
        opened = Stage(playwright, pictures, say)
        try:
            yield opened
        finally:
            opened.close()


def chromium() -> str:
    """The path of Debian's Chromium; raises Failed with what to do where there is none."""
    found = subprocess.run(
        ["sh", "-c", "command -v chromium"], capture_output=True, text=True, check=False
    ).stdout.strip()
    if not found:
        raise Failed("There is no Chromium here. Install it: apt-get install chromium")
    return found


def _file_name(text: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in text.lower())[:70].strip("-")

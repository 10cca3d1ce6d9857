"""Real Chromium pages that take part in a call on a node in this process, each with a fake camera and microphone of its own."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

from tests.media.participants import Node, running

_PAGE = Path(__file__).with_name("page.html")
_FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)  # fmt: skip


class Browsers:
    """`pages`: by participant."""

    def __init__(self, node: Node, browser: Browser) -> None:
        self.node, self._browser = node, browser
        self.pages: dict[str, Page] = {}
        self.errors: list[str] = []
        self._tasks: set[asyncio.Task[Any]] = set()

    def hear(self, name: str, body: dict[str, Any]) -> None:
        """A signal of the node to one page."""
        if name in self.pages and body["type"] == "offer":
            task = asyncio.get_running_loop().create_task(self.pages[name].evaluate("body => onOffer(body)", body))
            self._tasks.add(task)
            task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None and "closed" not in str(task.exception()):
            self.errors.append(str(task.exception()))

    async def join(self, name: str, seated: bool = True) -> Page:
        """A new page that sends and receives."""
        calls = self.node.calls

        async def publish(_: Any, participant: str, sdp: str, tracks: list[dict[str, str]]) -> str:
            return await calls.publish("call", participant, sdp, {track["mid"]: track["source"] for track in tracks})

        async def answer(_: Any, participant: str, offer_id: str, sdp: str) -> None:
            await calls.answer("call", participant, offer_id, sdp)

        page = await (await self._browser.new_context()).new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        await page.expose_binding("publishTo", publish)
        await page.expose_binding("subscribeTo", lambda _, participant: calls.subscribe("call", participant))
        await page.expose_binding("answerTo", answer)
        await page.route("**/*", lambda route: route.fulfill(body=_PAGE.read_text(), content_type="text/html"))
        await page.goto("http://localhost/")
        if seated:
            calls.seat("call", name)
        await self.start(name, page)
        return page

    async def start(self, name: str, page: Page) -> None:
        """Also after a reload: the page joins as this participant."""
        self.pages[name] = page
        await page.evaluate("name => { window.participant = name; return join(name); }", name)

    async def received(self, name: str) -> dict[str, Any]:
        """By `participant source`: packets, decoded frames, samples, losses."""
        found: dict[str, Any] = await self.pages[name].evaluate("received()")
        return found

    async def decodes(self, name: str, of: str, frames: int = 15, seconds: float = 15.0) -> dict[str, Any]:
        """Wait until the page has decoded so many more pictures of the other, and heard them."""
        picture, sound = f"{of} camera", f"{of} microphone"
        before, deadline = await self.received(name), time.monotonic() + seconds
        while time.monotonic() < deadline:
            now = await self.received(name)
            more = now.get(picture, {}).get("frames", 0) - before.get(picture, {}).get("frames", 0)
            samples = (now.get(sound, {}).get("samples") or 0) - (before.get(sound, {}).get("samples") or 0)
            if more >= frames and samples > 0:
                return now
            await asyncio.sleep(0.05)
        raise AssertionError(f"{name} does not decode {of}: {await self.received(name)} {self.errors}")


@asynccontextmanager
async def browsing(backend: str) -> AsyncIterator[Browsers]:
    chromium = shutil.which("chromium")
    if chromium is None:
        raise RuntimeError("the browser tests need Chromium: apt-get install chromium")
    async with running(backend) as node, async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium, args=_FLAGS, ignore_default_args=["--mute-audio"]
        )
        browsers = Browsers(node, browser)
        node.listeners.append(browsers.hear)
        try:
            yield browsers
        finally:
            await browser.close()

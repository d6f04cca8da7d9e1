"""A headless Chromium, spoken to over its own pipe (Chrome DevTools Protocol); no driver, no extra package."""

from __future__ import annotations

import asyncio
import base64
import fcntl
import json
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)
SECONDS_MAX = 60
LOOKS_A_SECOND = 20
FIRST_FREE = 100
MESSAGE_BYTES_MAX = 64 * 1024 * 1024


@dataclass
class Browser:
    """One page in one browser."""

    reader: asyncio.StreamReader
    writer: asyncio.WriteTransport
    session: str = ""
    number: int = 0
    complaints: list[str] = field(default_factory=list)
    """What the browser itself found wrong: refused resources, failed loads, errors."""

    async def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command and its answer; what happened meanwhile is looked at on the way."""
        self.number += 1
        message: dict[str, Any] = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        self.writer.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = await self._next()
            if answer.get("id") == self.number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    async def open(self, url: str, width: int, height: int, cookies: dict[str, str] | None = None) -> None:
        """Load a page at a window size, as a phone or a desk would."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())}
        await self.ask("Network.setExtraHTTPHeaders", headers=headers if cookies else {})
        await self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < height,
        )
        await self.ask("Page.navigate", url=url)
        async with asyncio.timeout(SECONDS_MAX):
            while (await self._next()).get("method") != "Page.loadEventFired":
                pass

    async def value(self, expression: str) -> Any:
        """What a JavaScript expression is in the page."""
        answer = await self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        return answer["result"].get("value")

    async def press(self, selector: str) -> None:
        """Click what a person would click."""
        assert await self.value(f"Boolean(document.querySelector({json.dumps(selector)}))"), selector
        await self.ask("Runtime.evaluate", expression=f"document.querySelector({json.dumps(selector)}).click()")

    async def until(self, expression: str) -> None:
        """Wait for a condition, over pages that come and go."""
        for _ in range(SECONDS_MAX * LOOKS_A_SECOND):
            if await self.value(expression) is True:
                return
            await asyncio.sleep(1 / LOOKS_A_SECOND)
        raise AssertionError(f"never true: {expression}")

    async def screenshot(self, path: Path, *, whole: bool = True) -> None:
        """The page as a person sees it."""
        answer = await self.ask("Page.captureScreenshot", captureBeyondViewport=whole)
        await asyncio.to_thread(path.write_bytes, base64.b64decode(answer["data"]))

    async def _next(self) -> dict[str, Any]:
        async with asyncio.timeout(SECONDS_MAX):
            message: dict[str, Any] = json.loads((await self.reader.readuntil(b"\0"))[:-1])
        parameters = message.get("params", {})
        match message.get("method"):
            case "Log.entryAdded":
                self.complaints.append(str(parameters["entry"]["text"]))
            case "Network.loadingFailed":
                self.complaints.append(str(parameters["errorText"]))
            case "Runtime.exceptionThrown":
                self.complaints.append(str(parameters["exceptionDetails"]["text"]))
            case _:
                pass
        return message


@asynccontextmanager
async def browser(profile: Path) -> AsyncIterator[Browser]:
    """A fresh browser with a fresh profile."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None and not os.environ.get("CI"):
        pytest.skip("no chromium here; CI installs it: the pages are checked as people see them")
    assert program, "install chromium: the pages are checked as people see them"
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    # Chromium reads commands on 3 and answers on 4; the pipes must not be in the way of their own copies.
    high_in, high_out = (fcntl.fcntl(each, fcntl.F_DUPFD, FIRST_FREE) for each in (theirs_in, theirs_out))
    process = await asyncio.create_subprocess_exec(
        program,
        *FLAGS,
        f"--user-data-dir={profile}",
        "about:blank",
        pass_fds=(3, 4),
        preexec_fn=lambda: (os.dup2(high_in, 3), os.dup2(high_out, 4)),
        stderr=asyncio.subprocess.DEVNULL,
    )
    for each in (theirs_in, theirs_out, high_in, high_out):
        os.close(each)
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=MESSAGE_BYTES_MAX)
    incoming, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(ours_in, "rb"))
    outgoing, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, os.fdopen(ours_out, "wb"))
    try:
        yield await _attached(Browser(reader, outgoing))
    finally:
        outgoing.close()
        incoming.close()
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _attached(made: Browser) -> Browser:
    target = await made.ask("Target.createTarget", url="about:blank")
    attached = await made.ask("Target.attachToTarget", targetId=target["targetId"], flatten=True)
    made.session = attached["sessionId"]
    for domain in ("Page", "Log", "Network", "Runtime"):
        await made.ask(f"{domain}.enable")
    return made

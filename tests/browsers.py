"""A real browser for tests: Debian's Chromium, driven by Playwright, against a real server."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from starlette.applications import Starlette

from pipeline.web import listening

_START_SECONDS = 30
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


def chromium() -> str:
    """Return where Chromium is; its absence is a failure that says what to do."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    assert found, "these tests need Chromium: apt-get install chromium, or make setup-dev"
    return found


@contextmanager
def browser() -> Iterator[Browser]:
    """Give a browser without a window."""
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@contextmanager
def served(app: Starlette) -> Iterator[str]:
    """Serve an application from a thread; give its address."""
    with listening("127.0.0.1", 0) as socket:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]}, daemon=True)
        thread.start()
        until = time.monotonic() + _START_SECONDS
        while not server.started and time.monotonic() < until:
            time.sleep(0.05)
        assert server.started, "the server did not start"
        yield f"http://127.0.0.1:{socket.getsockname()[1]}"
        server.should_exit = True
        thread.join(_START_SECONDS)


def faults(page: Page) -> list[object]:
    """Return what keeps people from using a page: grave violations of axe's rules, and more width than there is."""
    violations = Axe().run(page, options={"runOnly": _RULES}).response["violations"]
    grave: list[object] = [
        (violation["id"], [node["target"] for node in violation["nodes"]][:3])
        for violation in violations
        if violation["impact"] in {"serious", "critical"}
    ]
    fits = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return grave if fits else [*grave, "too wide"]

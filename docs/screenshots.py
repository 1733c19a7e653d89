"""Takes the pictures in docs/images: ``make screenshots``. They are of `chidao serve` over the bundled samples."""  # noqa: INP001

from __future__ import annotations

import argparse
import hashlib
import io
import itertools
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import click
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

Scheme = Literal["light", "dark"]
ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "data" / "samples" / "files"
SHOWN = SAMPLES / "xa-dong-van-rac-cho-phien-2026.png"
SIZES = {1280: 800, 390: 844}
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
QUALITY = 60


def main(arguments: list[str] | None = None) -> None:
    """Read the samples, serve what was read, and take every page in two sizes, light and dark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    folder = parser.parse_args(arguments).out
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="chidao-") as work:
        results = Path(work) / "results"
        inbox = shutil.copytree(SAMPLES, Path(work) / "inbox")
        subprocess.run(_command("run", inbox, "--out", results), check=True, capture_output=True)
        with served(results) as address, chromium() as browser:
            for width, scheme in itertools.product(SIZES, SCHEMES):
                with window(browser, address, width, scheme) as page:
                    take_all(page, address.partition("/login")[0], f"{folder}/{{}}-{width}-{scheme}.webp")


def pages() -> dict[str, str]:
    """Return the addresses by the names of their pictures."""
    sha256 = hashlib.sha256(SHOWN.read_bytes()).hexdigest()
    return {
        "search": "/?q=bao+cao&lang=en",
        "notice": f"/notice/{sha256}?lang=en",
        "review": "/review?lang=en",
        "tracking": "/tracking?lang=en&as_of=2024-06-20",
        "runs": "/runs?lang=en",
    }


@contextmanager
def window(browser: Browser, address: str, width: int, scheme: Scheme) -> Iterator[Page]:
    """Give a window of a size that has shown the token."""
    context = browser.new_context(viewport={"width": width, "height": SIZES[width]}, color_scheme=scheme)
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


def take_all(page: Page, host: str, form: str) -> None:
    """Take all pages; what the application does not have is said and left out."""
    page.goto(f"{host}/runs")
    run = page.locator("a[href*='/runs/']").first.get_attribute("href") or ""
    for name, path in {**pages(), "report": f"{run.partition('?')[0]}/report.html"}.items():
        found = page.goto(host + path, wait_until="networkidle")
        if found is None or not found.ok:
            click.echo(f"{name}: there is no such page")
            continue
        save(page, Path(form.format(name)))


def save(page: Page, path: Path) -> None:
    """Write what the window shows as a small picture."""
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
    picture.convert("RGB").save(path, "WEBP", quality=QUALITY, method=6)
    click.echo(f"{path.name}: {path.stat().st_size // 1024} kB")


@contextmanager
def served(results: Path) -> Iterator[str]:
    """Serve the results from a process of its own; give the address that opens them."""
    command = _command("serve", "--out", results, "--port", "0")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        line = server.stdout.readline() if server.stdout else ""
        try:
            yield re.sub(r"^Open ", "", line).strip()
        finally:
            server.terminate()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give a browser without a window."""
    where = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=where, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def _command(*words: str | Path) -> list[str]:
    return [sys.executable, "-c", "import sys, chidao; sys.argv[0] = 'chidao'; chidao.main()", *map(str, words)]


if __name__ == "__main__":
    main()

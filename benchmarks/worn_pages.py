"""Pages as offices keep them: printed from the bundled samples, then worn by a seeded machine of nine kinds."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from PIL import Image

from pipeline.learn.scanned import print_pdf
from pipeline.learn.typeset import Layout, set_notice

Pixels = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Wear:
    """What happens to a page: resolution, and how strong each ill is."""

    dpi: int = 200
    lean: float = 0.0
    grain: float = 0.0
    blur: float = 0.0
    shadow: float = 0.0
    fading: float = 0.0
    specks: float = 0.0
    sealed: bool = False
    one_bit: bool = False
    jpeg: int = 90


CLASSES = {
    "scan300": Wear(300),
    "scan200": Wear(grain=5, lean=0.5, jpeg=70),
    "scan150": Wear(150, grain=5, lean=0.4, jpeg=60),
    "skew": Wear(grain=5, lean=3.0, jpeg=70),
    "seal": Wear(grain=5, lean=0.6, sealed=True, jpeg=75),
    "fax": Wear(grain=18, blur=0.6, specks=40, one_bit=True),
    "faded": Wear(grain=8, fading=0.6, jpeg=60),
    "photo": Wear(grain=8, blur=0.7, shadow=0.5, lean=1.5, jpeg=55),
    "worst": Wear(150, grain=9, blur=0.5, shadow=0.35, lean=1.8, specks=15, sealed=True, jpeg=45),
}


@dataclass(frozen=True, slots=True)
class Scan:
    """A worn document: its pages, and the text that they print."""

    name: str
    kind: str
    dpi: int
    pages: tuple[Image.Image, ...]
    truth: str


def make_scans(cases: list[Path], kinds: list[str]) -> Iterator[Scan]:
    """Yield every case in every kind; the wear depends on the names alone."""
    for case in cases:
        layout = Layout.model_validate_json((case / "layout.json").read_bytes())
        truth = (case / "notice.txt").read_text(encoding="utf-8")
        printed = print_pdf(set_notice(layout))
        for kind in kinds:
            wear = CLASSES[kind]
            chance = np.random.default_rng(zlib.crc32(f"{case.name}/{kind}".encode()))
            clean = _render(printed, wear.dpi)
            pages = tuple(_wear(page, wear, chance, last=page is clean[-1]) for page in clean)
            yield Scan(case.name, kind, wear.dpi, pages, truth)


def bind(scan: Scan) -> bytes:
    """Return the pages as a PDF of pictures."""
    made = io.BytesIO()
    first, *rest = scan.pages
    quality = {} if first.mode == "1" else {"quality": CLASSES[scan.kind].jpeg if scan.kind in CLASSES else 90}
    first.save(made, "PDF", save_all=True, append_images=rest, resolution=scan.dpi, **quality)
    return made.getvalue()


def _render(printed: bytes, dpi: int) -> list[Image.Image]:
    document = pdfium.PdfDocument(printed)
    try:
        return [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in document]
    finally:
        document.close()


def _wear(page: Image.Image, wear: Wear, chance: np.random.Generator, *, last: bool) -> Image.Image:
    pixels = np.asarray(page, dtype=np.float32)
    if wear.sealed and last:
        pixels = _stamp(pixels, chance)
    if wear.lean:
        pixels = _lean(pixels, wear.lean * chance.choice([-1, 1]) * chance.uniform(0.7, 1.0))
    if wear.blur:
        pixels = cv2.GaussianBlur(pixels, (0, 0), wear.blur)
    rows = np.float32(1) - np.float32(wear.fading) * chance.uniform(0.8, 1.0, (pixels.shape[0], 1, 1)).astype(
        np.float32
    )
    pixels = 255 - (255 - pixels) * rows
    pixels = pixels * _light(pixels.shape, wear.shadow, chance)
    pixels = pixels + chance.normal(0, wear.grain, (*pixels.shape[:2], 1)).astype(np.float32)
    for _ in range(round(wear.specks * pixels.shape[0] * pixels.shape[1] / 1e6)):
        y, x = chance.integers(0, pixels.shape[0] - 2), chance.integers(0, pixels.shape[1] - 2)
        pixels[y : y + chance.integers(1, 3), x : x + chance.integers(1, 3)] = chance.integers(0, 90)
    made = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    if wear.one_bit:
        return made.convert("L").point(lambda level: 255 if level > 168 else 0).convert("1")
    packed = io.BytesIO()
    made.save(packed, "JPEG", quality=wear.jpeg)
    return Image.open(packed).convert("RGB")


def _lean(pixels: Pixels, angle: float) -> Pixels:
    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(angle), 1.0)
    paper = (250.0, 250.0, 248.0)
    return np.asarray(cv2.warpAffine(pixels, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=paper))


def _light(shape: tuple[int, ...], shadow: float, chance: np.random.Generator) -> Pixels:
    """Return how bright the light is: a slope over the page."""
    across = np.linspace(-1, 1, shape[1])[None, :, None] * chance.uniform(-1, 1)
    down = np.linspace(-1, 1, shape[0])[:, None, None] * chance.uniform(-1, 1)
    return (1 - shadow * (0.5 + 0.5 * np.clip(across + down, -1, 1))).astype(np.float32)


def _stamp(pixels: Pixels, chance: np.random.Generator) -> Pixels:
    """Press a round red seal over the last lines of the right half."""
    height, width = pixels.shape[:2]
    ink = np.flatnonzero((pixels[:, width // 2 :].min(axis=2) < 110).any(axis=1))
    middle = (int(width * chance.uniform(0.58, 0.66)), int(ink[-1] - height * chance.uniform(0.03, 0.07)))
    seal = np.zeros((height, width), np.uint8)
    radius, line = round(width * 0.085), max(2, width // 450)
    for share in (1.0, 0.94, 0.6):
        cv2.circle(seal, middle, round(radius * share), 255, line)
    for angle in np.arange(0, 360, 9):
        cv2.ellipse(seal, middle, (round(radius * 0.78),) * 2, 0, float(angle), float(angle) + 4, 255, radius // 7)
    cv2.drawMarker(seal, middle, 255, cv2.MARKER_STAR, radius // 2, line * 2)
    pressed = (seal > 0)[:, :, None] * np.float32(0.65)
    return pixels * (1 - pressed) + np.array([205, 30, 40], np.float32) * pressed

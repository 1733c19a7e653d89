"""Accounts of runs that never were, for tests of what a run leaves."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from pipeline.batch.account import Account, Entry
from pipeline.batch.found import FOUND

START = dt.datetime(2026, 3, 4, 18, 30, tzinfo=dt.UTC)
HOSTILE = (
    "<script>alert(1)</script>.pdf",
    "</style><img src=x onerror=alert(1)>.pdf",
    "\u202efdp.exe",
    "two\nlines\r.pdf",
    "caf\udce9.pdf",
    '"onmouseover="alert(1).pdf',
    "{{ 7*7 }}{% raw %}.pdf",
    "\x1b[31mred\x00.pdf",
    "-rf",
    "a" * 255,
)


def notice(name: str, doubt: float = 0.98, seconds: float = 2.5, **more) -> Entry:
    """An entry of a notice that was read."""
    about = {"number": "37/TB-UBND", "subject": "Kết luận của Chủ tịch UBND xã tại cuộc họp giao ban tháng 2"}
    return Entry(
        **{
            "file": f"{name}.pdf",
            "fate": "ok",
            "sha256": "ab" * 32,
            "seconds": seconds,
            "result": f"notices/{name.replace('/', '__')}.json",
            "directives": 7,
            "doubt": doubt,
            **about,
            **more,
        }
    )


FAILURES = (
    Entry("2026/ke-hoach-mat.pdf", "refused", None, "encrypted", "the file needs a password", "save it without one"),
    Entry("2026/scan 014.pdf", "refused", None, "damaged", "the PDF ends too early", "copy or scan it again"),
    Entry("2026/scan 015.pdf", "refused", None, "damaged", "the PDF ends too early", "copy or scan it again"),
    Entry("2026/bando.pdf", "timeout", None, "timeout", "took longer than 300 s", "split it", 300.4, quarantined=True),
    Entry("2026/độc.pdf", "crash", None, "crash", "the reader ended with signal 11", "", 12.0, quarantined=True),
)
ENTRIES = (
    *(notice(f"2026/tb-{n:03d}", round(0.42 + n * 0.03, 2), 0.6 + n * n * 0.2) for n in range(18)),
    *FAILURES,
    *(Entry(f"2026/qd-{n}.docx", "other", "cd" * 32, "other-document", seconds=0.4) for n in range(5)),
    Entry("2026/bản sao.pdf", "same", "ab" * 32, reason="the same bytes as 2026/tb-001.pdf"),
    Entry("2026/dang-chep.pdf", "waiting", reason="still being written"),
    Entry("2026/x.pdf.part", "passed", kind="partial file"),
)
HELD = (Entry("2025/cu.pdf", "crash", "ef" * 32, "crash", "the reader ended with signal 6", "", quarantined=True),)
ACCOUNT = Account(
    id="20260304T183000Z-4f2a",
    inbox="/srv/chidao/inbox",
    out="/srv/chidao/results",
    started_at=START,
    ended_at=START + dt.timedelta(minutes=14, seconds=8),
    status="finished",
    exit_code=3,
    version="0.1.0",
    config="9b1c7d2e",
    versions={"python": "3.11.7", "tesseract": "5.3.0", "libreoffice": "7.4", "models/confidence": "1"},
    entries=ENTRIES,
    unchanged=1204,
    found={**dict.fromkeys(FOUND, 0), "directives": 126, "with_assignee": 118, "with_deadline": 64}
    | {"participants": 96, "weaknesses": 21, "with_warnings": 3, "from_scans": 6},
    stored={"documents": 1238, "notices": 1090, "directives": 7801, "quarantined": 3},
    links=(("2026/tb-003.pdf", "2026/tb-003-ky.pdf", "same number and date, 98 % of the words"),),
    held=HELD,
)
HOSTILE_ACCOUNT = replace(
    ACCOUNT,
    inbox=HOSTILE[0],
    entries=tuple(
        entry
        for name in HOSTILE
        for entry in (
            Entry(name, "refused", None, "damaged", f"{name} is damaged", name),
            notice("x", 0.1, file=name, result=f"notices/{name}", subject=name, number=name, warnings=(name,)),
            Entry(name, "waiting", reason=name),
        )
    ),
    links=tuple((name, name, name) for name in HOSTILE),
    held=tuple(Entry(name, "crash", None, name, name, name, quarantined=True) for name in HOSTILE),
    versions=dict(zip(HOSTILE, HOSTILE, strict=True)),
    stopped_early=HOSTILE[0],
)
EMPTY = replace(ACCOUNT, entries=(), unchanged=0, found={}, stored={}, links=(), held=(), exit_code=0)


def many(count: int) -> Account:
    """An account of a great many files of every kind, with long names."""
    entries: list[Entry] = []
    for n in range(count):
        name = f"{n:06d}-" + "ủ" * 60
        failed = Entry(f"{name}.pdf", "refused", None, f"kind{n % 30}", f"{name} is damaged " * 9, "scan it again")
        entries.append(notice(name, n / count) if n % 2 else failed)
    pairs = tuple((f"{n}.pdf", f"{n}-2.pdf", "alike") for n in range(count))
    return replace(ACCOUNT, entries=tuple(entries), links=pairs, held=tuple(entries))

"""The search over many directives measured: first page, facets, pages of the web application, beside plain LIKE.

    python benchmarks/queries.py [--directives N] [--keep FOLDER] [--rounds N]

Fills a store with made-up directives of seven offices in 28 provinces, 50 to a notice, and asks it. `--keep` fills a
folder once and asks it again the next time. Each figure is the median of the rounds, with the least and the most.
Facets and pages are those of a store just opened, which remembers nothing.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import create_engine, text
from starlette.testclient import TestClient

from pipeline.config import Config
from pipeline.notice import Notice
from pipeline.process import DEFAULTS, find_rated, open_document
from pipeline.store import DocumentRecord, Ending, Question, RunRecord, Sighting, Store, encode_path, open_store
from pipeline.web import create_app

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "data/samples/files/evncpc-luoi-dien-110kv-2024.pdf"
WORDS = (
    "phòng sở ban huyện tỉnh báo cáo rà soát tham mưu kiểm tra tổng hợp kế hoạch dự án đầu tư nguồn vốn y tế giáo dục"
)
PLACES = [
    "An Giang",
    "Bắc Ninh",
    "Cà Mau",
    "Cao Bằng",
    "Điện Biên",
    "Đắk Lắk",
    "Đồng Nai",
    "Đồng Tháp",
    "Gia Lai",
    "Hà Tĩnh",
    "Hưng Yên",
    "Khánh Hòa",
    "Lai Châu",
    "Lạng Sơn",
    "Lào Cai",
    "Lâm Đồng",
    "Nghệ An",
    "Ninh Bình",
    "Phú Thọ",
    "Quảng Ngãi",
    "Quảng Ninh",
    "Quảng Trị",
    "Sơn La",
    "Tây Ninh",
    "Thái Nguyên",
    "Thanh Hóa",
    "Tuyên Quang",
    "Vĩnh Long",
]
OFFICES = ("Sở Y tế", "Sở Tài chính", "Sở Nội vụ", "Sở Xây dựng", "Sở Tư pháp", "Thanh tra tỉnh", "Văn phòng UBND tỉnh")
PER_NOTICE = 50
_DAY = dt.date(2026, 6, 1)
BODY = "so-y-te@hung-yen"
QUESTIONS: dict[str, Question] = {
    "newest": Question(as_of=_DAY),
    "a rare word": Question(words="xyz17", as_of=_DAY),
    "a common word without marks": Question(words="ke hoach", as_of=_DAY),
    "a phrase with marks": Question(words='"kế hoạch dự án"', as_of=_DAY),
    "past, by deadline": Question(states=("overdue",), sort="due", as_of=_DAY),
    "a body": Question(who=(BODY,), as_of=_DAY),
    "a body by its name, past": Question(who=("Sở Y tế",), states=("overdue",), as_of=_DAY),
    "a year, a province, a body": Question(years=(2024,), provinces=("tỉnh Hưng Yên",), who=(BODY,), as_of=_DAY),
    "notices": Question(what="notices", as_of=_DAY),
    "notices with words": Question(what="notices", words="y te", as_of=_DAY),
}


def main() -> None:
    """Fill a store, or take one that was kept, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--directives", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="the folder to fill, or that was filled before")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="chidao-bench-") as room:
        folder = asked.keep or Path(room)
        sha256 = made_store(folder, asked.directives)
        measure_questions(folder, asked.rounds)
        measure_plain(folder, asked.rounds)
        measure_pages(folder, sha256, asked.rounds)


def made_store(folder: Path, count: int) -> str:
    """Fill the store in a folder that has none, with one bundled document among the rest; return that one's hash."""
    inbox = folder / "inbox"
    if not (folder / "chidao.db").is_file():
        inbox.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(SAMPLE, inbox / SAMPLE.name)
        with open_store(folder / "chidao.db") as store:
            print(f"made {count:,} directives in {timed(lambda: fill_store(store, count)):.0f} s")
            add_sample(store, inbox)
    with open_store(folder / "chidao.db") as store:
        (sighting,) = store.sightings(encode_path(inbox)).values()
        print(f"{store.counts()['directives']:,} directives in {store.counts()['notices']:,} notices")
    return sighting.sha256


def fill_store(store: Store, count: int) -> None:
    """Write notices of made-up directives."""
    draw, now = random.Random(7), dt.datetime.now(dt.UTC)  # noqa: S311 - nothing secret
    store.begin_run(RunRecord("bench", "bench", now, "0", "0"))
    for number in range(count // PER_NOTICE):
        sha256 = f"{number:064x}"
        store.add_documents([DocumentRecord(sha256, 1, f"n{number}")])
        attempt = store.begin_attempt(sha256, "bench", now, alone=False)
        ending = Ending("ok", "ok", notice=made_notice(sha256, draw), text="")
        store.end_attempt(attempt, sha256, ending, now, "0", "0")


def add_sample(store: Store, inbox: Path) -> None:
    """Add a document with pages, as a run does."""
    path = inbox / SAMPLE.name
    document, notice = find_rated(open_document([path], DEFAULTS), DEFAULTS)
    sha256, now, state = notice.source.sha256, dt.datetime.now(dt.UTC), path.stat()
    store.add_documents([DocumentRecord(sha256, state.st_size, path.stem)])
    place = encode_path(inbox), encode_path(path.name)
    store.note_sightings([Sighting(*place, sha256, state.st_size, state.st_mtime_ns, state.st_ino)])
    attempt = store.begin_attempt(sha256, "bench", now, alone=False)
    ending = Ending("ok", "ok", notice=notice, text=document.text, media_type=notice.source.media_type)
    store.end_attempt(attempt, sha256, ending, now, "0", "0")


def made_notice(sha256: str, draw: random.Random) -> Notice:
    """Return a notice of made-up words, bodies and days."""
    day = dt.date(2015, 1, 1) + dt.timedelta(days=draw.randrange(4000))
    source = {"file_name": "n", "sha256": sha256, "media_type": "text/plain", "page_count": 1}
    weak = [{"text": " ".join(draw.choices(WORDS.split(), k=9))} for _ in range(draw.randrange(3))]
    return Notice.model_validate(
        {
            "source": {**source, "text_origin": "embedded"},
            "header": {
                "issuing_body": f"UBND TỈNH {draw.choice(PLACES).upper()}",
                "issue_date": day,
                "document_number": f"{draw.randrange(999)}/TB-UBND",
            },
            "meeting": {},
            "assessment": {"weaknesses": weak},
            "signature": {},
            "directives": [made_directive(draw, day) for _ in range(PER_NOTICE)],
        }
    )


def made_directive(draw: random.Random, day: dt.date) -> dict[str, object]:
    """Return a directive of made-up words."""
    words = [*draw.choices(WORDS.split(), k=18), f"xyz{draw.randrange(100_000)}"]
    who = draw.choice(OFFICES)
    due = day + dt.timedelta(days=draw.randrange(300)) if draw.random() < 0.3 else None
    return {
        "text": f"Giao {who} " + " ".join(words),
        "assignees": [{"name": who, "role": "lead", "inherited": False}],
        "deadline": {"text": "trước ngày", "due": due} if due else None,
    }


def measure_questions(folder: Path, rounds: int) -> None:
    """Print how long the first page and the facets of each question take."""
    for name, question in QUESTIONS.items():
        pages, facets = [], []
        for _ in range(rounds):
            with open_store(folder / "chidao.db") as store:
                store.counts()
                pages.append(timed(lambda question=question, store=store: store.ask(question)))
                facets.append(timed(lambda question=question, store=store: store.facets(question)))
        print(f"{name:28} first page {spread(pages)}   facets {spread(facets)}")


def measure_plain(folder: Path, rounds: int) -> None:
    """Print how long the obvious query takes, which finds words with their very marks alone, and our ratio to it."""
    engine = create_engine(f"sqlite:///{folder / 'chidao.db'}")
    query = text(
        "SELECT d.text FROM directives d JOIN notices n ON n.sha256 = d.sha256 WHERE d.text LIKE :words "
        "ORDER BY n.issue_date DESC LIMIT 20"
    )
    with engine.connect() as connection, open_store(folder / "chidao.db") as store:
        for words in ("xyz17", "kế hoạch"):
            asked = {"words": f"%{words}%"}
            plain = [timed(lambda asked=asked: connection.execute(query, asked).all()) for _ in range(rounds)]
            question = Question(words=words, as_of=_DAY, sort="newest")
            ours = [timed(lambda question=question: store.ask(question)) for _ in range(rounds)]
            ratio = statistics.median(plain) / statistics.median(ours)
            print(f"{words}: LIKE {spread(plain)}, ours {spread(ours)}: {ratio:.1f} times as fast")
    engine.dispose()


def measure_pages(folder: Path, sha256: str, rounds: int) -> None:
    """Print how long pages of the web application take, with what a page holds."""
    paths = {
        "search, the first time": "/?q=ke+hoach&as_of=2026-06-01",
        "search, once more": "/?q=ke+hoach&as_of=2026-06-01",
        "notice, its pictures cached": f"/notice/{sha256}",
        "a page's picture, cached": f"/page/{sha256}/1.webp",
        "review": "/review",
        "tracking, the first time": "/tracking?as_of=2026-06-01",
        "tracking, once more": "/tracking?as_of=2026-06-01",
    }
    taken: dict[str, list[float]] = {name: [] for name in paths}
    for _ in range(rounds):
        with open_store(folder / "chidao.db") as store:
            app = create_app(store, folder, Config())
            with TestClient(app, base_url="http://127.0.0.1:8765") as client:
                client.get(f"/page/{sha256}/1.webp").raise_for_status()
                client.get(f"/notice/{sha256}").raise_for_status()
                for name, path in paths.items():
                    taken[name].append(timed(lambda path=path, client=client: client.get(path).raise_for_status()))
    for name, seconds in taken.items():
        print(f"{name:28} {spread(seconds)}")


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def spread(seconds: list[float]) -> str:
    """Return the median of some times in milliseconds, with the least and the most."""
    inner = (statistics.median(seconds), min(seconds), max(seconds))
    return "{:5.0f} ms ({:.0f} to {:.0f})".format(*(1000 * each for each in inner))


if __name__ == "__main__":
    main()

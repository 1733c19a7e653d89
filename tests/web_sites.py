"""A small site for tests of the web application: a store, a folder of results, files, and documents that attack."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from made_notices import make_notice
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pipeline.config import Config
from pipeline.notice import Notice
from pipeline.store import DocumentRecord, Ending, RunRecord, Sighting, Store, encode_path, open_store
from pipeline.web import create_app

SAMPLES = Path(__file__).parent.parent / "data" / "samples" / "files"
NOON = dt.datetime(2024, 5, 2, 12, tzinfo=dt.UTC)
RUN = "20240502T120000Z-abc123"
HOST = "http://127.0.0.1:8765"
TEXT = "Giao Sở Y tế chủ trì, phối hợp với Sở Tài chính báo cáo trước ngày 30/6/2024."
PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "\"'><svg onload=alert(3)>",
    "{{ 7*7 }}{% raw %}",
    "javascript:alert(4)",
    "</textarea></style></title><script>alert(5)</script>",
    '=HYPERLINK("http://evil.example")',
    "\u202ealert\u2066(6)",
    "%3Cscript%3Ealert(7)%3C/script%3E",
)


@dataclass
class TestSite:
    """A store with its folder; `client` has no cookies yet."""

    __test__ = False

    store: Store
    out: Path
    inbox: Path
    config: Config = field(default_factory=Config)

    def app(self, token: str | None = None) -> Starlette:
        """Return the application."""
        return create_app(self.store, self.out, self.config, token=token)

    def client(self, token: str | None = None, base_url: str = HOST, **more: bool) -> TestClient:
        """Return a browser that follows no address by itself."""
        return TestClient(self.app(token), base_url=base_url, follow_redirects=False, **more)

    def add(self, name: str, data: bytes, notice: Notice | None, text: str = TEXT, **record: str) -> str:
        """Put a file into the inbox, and what was read from it into the store; return its hash."""
        sha256 = hashlib.sha256(data).hexdigest()
        path = self.inbox / name
        path.write_bytes(data)
        now = path.stat()
        seen = Sighting(encode_path(self.inbox), encode_path(name), sha256, now.st_size, now.st_mtime_ns, now.st_ino)
        self.store.add_documents([DocumentRecord(sha256, len(data), record.pop("known_as", name))])
        self.store.note_sightings([seen])
        attempt = self.store.begin_attempt(sha256, RUN, NOON, alone=False)
        if notice is None:
            ending = Ending(
                "crash", "quarantined", **{"kind": "crash", "reason": "it died", "advice": "look", **record}
            )
        else:
            ending = Ending("ok", "ok", notice=notice, text=text, media_type=notice.source.media_type)
        self.store.end_attempt(attempt, sha256, ending, NOON, "0.1.0", "c")
        return sha256


def make_site(folder: Path) -> TestSite:
    """Return a site with one run and nothing in it."""
    inbox, out = folder / "inbox", folder / "out"
    inbox.mkdir(parents=True)
    (out / "runs" / RUN).mkdir(parents=True)
    store = open_store(out / "chidao.db")
    store.begin_run(RunRecord(RUN, encode_path(inbox), NOON, "0.1.0", "c"))
    counts = {"seen": 2, "ok": 1, "crash": 1}
    store.end_run(RUN, "finished", 3, counts, NOON + dt.timedelta(seconds=75))
    return TestSite(store, out, inbox)


def plain_notice(data: bytes = b"a", **changes: object) -> Notice:
    """Return a notice whose evidence fits TEXT."""
    evidence = {
        pointer: {"quote": TEXT[start:end], "start": start, "end": end, "page": 1, "boxes": [[1, *box]], **_SURE}
        for pointer, start, end, box in (
            ("/directives/0", 0, len(TEXT), (50.0, 100.0, 300.0, 112.0)),
            ("/directives/0/deadline", TEXT.index("trước"), len(TEXT) - 1, (200.0, 100.0, 300.0, 112.0)),
        )
    }
    return make_notice(data=data, **{"evidence": evidence, **changes})


_SURE = {"confidence": 0.9, "method": "rule"}


def hostile_notice(data: bytes, payload: str) -> Notice:
    """Return a notice that holds `payload` wherever a document can put words."""
    whole = plain_notice(data).model_dump(mode="json")
    kept = ("sha256", "kind", "role", "recurrence", "schema_version", "text_origin", "urgency", "secrecy")

    def filled(value: object, name: str = "") -> object:
        if isinstance(value, dict):
            return {key: filled(inner, key) for key, inner in value.items()}
        if isinstance(value, list):
            return [filled(inner, name) for inner in value]
        is_date = name.endswith("date") or name == "due"
        return payload if isinstance(value, str) and name not in kept and not is_date else value

    made = filled(whole)
    assert isinstance(made, dict)
    header = dict.fromkeys(
        ("document_type", "document_number", "parent_body", "issuing_body", "place", "subject"), payload
    )
    cited = {"citation": payload, "number": payload, "issuer": payload, "document_type": payload}
    return Notice.model_validate({**made, "header": header, "legal_references": [cited]})


def sample(site: TestSite, name: str, notice: Notice | None = None) -> str:
    """Put one of the bundled files into the inbox, with a notice made by hand unless one is given."""
    data = (SAMPLES / name).read_bytes()
    return site.add(name, data, notice or plain_notice(data))

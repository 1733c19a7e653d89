"""The story from a file's bytes to its notice, on every sample that has its text inside."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path

import pytest

from pipeline import extract
from pipeline.config import ExtractSettings, ReadSettings, Settings
from pipeline.errors import EmptyFileError, LimitError, MissingFileError, OtherDocumentError, UnsupportedFileError
from pipeline.learn.samples import read_kinds
from pipeline.notice import Notice
from pipeline.process import read_document

SAMPLES = Path(__file__).parents[1] / "data" / "samples"
SCANS = ("scan-pdf", "scan-png", "scan-tiff")
FILES = [
    path
    for name, sample in sorted(read_kinds(SAMPLES).items())
    if sample.kind not in SCANS
    for path in SAMPLES.glob(f"files/{name}.*")
]
TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".md": "text/markdown",
}
REQUIRED = {
    "header": [
        "document_type",
        "document_number",
        "parent_body",
        "issuing_body",
        "place",
        "issue_date",
        "subject",
        "urgency",
        "secrecy",
    ],
    "source": ["file_name", "sha256", "media_type", "page_count", "text_origin", "warnings"],
    "meeting": ["name", "start_date", "end_date", "location", "chairs", "participants", "absentees"],
    "assessment": ["achievements", "weaknesses"],
    "signature": ["authority", "signer_title", "signer_name"],
}
MEMBERS = {
    "/directives": ["number", "parent", "text", "assignees", "deadline", "amounts", "legal_references"],
    "/meeting/participants": ["name", "kind", "title", "organization", "note"],
    "/meeting/chairs": ["name", "title"],
    "/legal_references": ["citation", "document_type", "number", "issue_date", "issuer"],
}


@pytest.fixture(scope="module", params=FILES, ids=[path.name for path in FILES])
def read(request):
    """Return a sample file, its notice, and the notice's form as it is written."""
    notice = extract(request.param)
    return request.param, notice, json.loads(notice.model_dump_json())


def gold_of(path):
    return json.loads((SAMPLES / "cases" / path.stem / "gold.json").read_text(encoding="utf-8"))


def test_samples_of_three_formats_are_read():
    assert {path.suffix for path in FILES} == set(TYPES)


def test_the_form_has_every_part(read):
    _, notice, form = read
    assert form["schema_version"] == "1.0"
    assert set(form) == {*REQUIRED, "schema_version", "directives", "recipients", "legal_references", "evidence"}
    for part, keys in REQUIRED.items():
        assert set(keys) <= set(form[part]), part
    for pointer, keys in MEMBERS.items():
        members = form
        for key in pointer.split("/")[1:]:
            members = members[key]
        assert all(list(member) == keys for member in members), pointer
    assert Notice.model_validate(form) == notice


def test_the_source_is_the_file(read):
    path, _, form = read
    source = form["source"]
    assert source["file_name"] == path.name
    assert source["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert source["media_type"] == TYPES[path.suffix]
    assert source["text_origin"] == "embedded"
    assert source["ocr_confidence"] is None


def test_only_fixed_pages_are_counted_and_have_boxes(read):
    path, notice, _ = read
    pages = notice.source.page_count
    fixed = path.suffix == ".pdf"
    assert (pages is not None and pages > 0) == fixed
    for entry in notice.evidence.values():
        assert bool(entry.boxes) == fixed
        assert all(1 <= box[0] <= pages and box[1] < box[3] and box[2] < box[4] for box in entry.boxes)
        assert entry.page == (entry.boxes[0][0] if fixed else None)


def test_dates_are_written_in_iso(read):
    path, _, form = read
    gold = gold_of(path)
    written = [form["header"]["issue_date"], form["meeting"]["start_date"], form["meeting"]["end_date"]]
    assert written == [gold["header"]["issue_date"], gold["meeting"]["start_date"], gold["meeting"]["end_date"]]
    dues = [one["deadline"]["due"] for one in form["directives"] if one["deadline"]]
    assert all(due is None or dt.date.fromisoformat(due).isoformat() == due for due in dues)


def test_the_head_and_foot_are_read(read):
    path, _, form = read
    gold = gold_of(path)
    assert form["header"] == gold["header"]
    assert form["signature"] == gold["signature"]


def test_evidence_points_into_the_text_that_can_be_asked_for(read):
    path, notice, _ = read
    text = read_document(path).text
    assert notice.evidence
    assert all(text[entry.start : entry.end] == entry.quote for entry in notice.evidence.values())


def test_a_file_is_read_the_same_twice(read):
    path, notice, _ = read
    assert extract(str(path)) == notice


def test_the_name_of_a_file_does_not_tell_its_kind(tmp_path):
    path = next(path for path in FILES if path.suffix == ".docx")
    renamed = tmp_path / "thông báo.pdf"
    renamed.write_bytes(path.read_bytes())
    notice = extract(renamed)
    assert notice.source.media_type == TYPES[".docx"]
    assert notice.model_copy(update={"source": None}) == extract(path).model_copy(update={"source": None})


def test_what_was_not_found_is_told(tmp_path):
    path = tmp_path / "note.txt"
    path.write_text("Mai họp lúc 8 giờ.", encoding="utf-8")
    told = ["document_type", "document_number", "issue_date", "subject", "start_date", "directives"]
    notice = extract(path, Settings(extract=ExtractSettings(any_document=True)))
    assert notice.source.warnings == [f"not found: {name}" for name in told]


def test_what_is_no_notice_is_read_only_when_asked_to(tmp_path):
    path = tmp_path / "note.txt"
    path.write_text("Mai họp lúc 8 giờ.", encoding="utf-8")
    with pytest.raises(OtherDocumentError):
        extract(path)


@pytest.mark.parametrize(
    ("content", "error"), [(None, MissingFileError), (b"", EmptyFileError), (b"\x00\x01" * 50, UnsupportedFileError)]
)
def test_files_that_cannot_be_used_are_told(tmp_path, content, error):
    path = tmp_path / "notice"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(error):
        extract(path)


def test_settings_hold_a_file_to_their_limits():
    with pytest.raises(LimitError):
        extract(FILES[0], Settings(read=ReadSettings(max_bytes=1_000)))

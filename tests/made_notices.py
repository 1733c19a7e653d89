"""Notices and engines made by hand, for tests of everything around the reading."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from pipeline.batch import Reader, Reading, Task
from pipeline.cli.console import Engine
from pipeline.document import Document, Paragraph
from pipeline.errors import DamagedFileError, EncryptedFileError, PipelineError
from pipeline.notice import Notice
from pipeline.write import printable

DIRECTIVES = [
    {
        "number": "1",
        "text": "Giao Sở Y tế chủ trì, phối hợp với Sở Tài chính báo cáo trước ngày 30/6/2024.",
        "assignees": [
            {"name": "Sở Y tế", "role": "lead", "inherited": False},
            {"name": "Sở Tài chính", "role": "support", "inherited": False},
        ],
        "deadline": {"text": "trước ngày 30/6/2024", "due": "2024-06-30", "recurrence": None},
        "amounts": [{"text": "02 tỷ đồng", "vnd": 2_000_000_000}],
        "legal_references": ["Nghị quyết số 05/NQ-HĐND"],
    },
    {
        "number": "1.a",
        "parent": 0,
        "text": "- Rà soát danh mục thuốc.",
        "assignees": [{"name": "Sở Y tế", "role": "lead", "inherited": True}],
    },
]


def make_notice(file_name: str = "a.pdf", data: bytes = b"a", **changes: object) -> Notice:
    """Return a small notice; `changes` replace its parts."""
    parts = {
        "source": {
            "file_name": file_name,
            "sha256": hashlib.sha256(data).hexdigest(),
            "media_type": "application/pdf",
            "page_count": 1,
            "text_origin": "ocr",
            "ocr_confidence": 0.91234,
            "warnings": ["page 1: no text layer; read by OCR"],
        },
        "header": {"document_number": "12/TB-UBND", "issue_date": "2024-05-02", "place": "Đồng Hới"},
        "meeting": {
            "name": "cuộc họp về y tế cơ sở",
            "start_date": "2024-04-26",
            "end_date": "2024-04-26",
            "chairs": [{"name": "Lê Thị Mai", "title": "Phó Chủ tịch"}],
            "participants": [{"name": "Sở Y tế", "kind": "organization"}],
            "absentees": [{"name": "Hồ Văn Tư", "kind": "person", "note": "có lý do"}],
        },
        "assessment": {
            "achievements": [{"text": "Đủ bác sĩ"}],
            "weaknesses": [{"text": "Thiếu thuốc"}, {"text": "Chậm giải ngân"}],
        },
        "directives": DIRECTIVES,
        "recipients": ["Như trên", "Lưu: VT"],
        "signature": {"authority": ["TL. CHỦ TỊCH"], "signer_title": "CHÁNH VĂN PHÒNG", "signer_name": "Trần An"},
        "evidence": {
            "/directives/0": {
                "quote": "Giao Sở Y tế",
                "start": 0,
                "end": 12,
                "page": 1,
                "boxes": [[1, 10.5, 20.0, 90.0, 32.25]],
                "confidence": 0.9,
                "method": "rule",
            }
        },
    }
    return Notice.model_validate(parts | changes)


def extract_made(path: Path, _settings: object) -> Notice:
    """Stand in for the reading: a notice for most files, errors for files named so."""
    if "encrypted" in path.name:
        raise EncryptedFileError("the PDF is locked with a password", "save it without one and try again")
    if "damaged" in path.name:
        raise DamagedFileError("the PDF ends early", "copy it again")
    if "crash" in path.name:
        message = "list index\nout of range"
        raise IndexError(message)
    return make_notice(printable(path.name), path.read_bytes())


def read_made(path: Path, _settings: object) -> Document:
    """Stand in for the reading of plain text."""
    text = path.read_text(encoding="utf-8")
    return Document(text, (Paragraph(0, len(text), 0),), ())


def extract_made_pages(paths: Sequence[Path], _settings: object) -> Notice:
    """Stand in for the reading of several pictures."""
    return make_notice(printable(paths[0].name), b"".join(path.read_bytes() for path in paths))


def read_made_task(task: Task, settings: object) -> Reading:
    """Stand in for what a child of a run does."""
    try:
        notice = (
            extract_made_pages(task.paths, settings) if len(task.paths) > 1 else extract_made(task.paths[0], settings)
        )
    except PipelineError as error:
        return Reading("refused", kind=error.kind, reason=error.reason, advice=error.advice, exit_code=error.exit_code)
    return Reading("ok", notice, "Giao Sở Y tế", media_type="application/pdf", sha256=notice.source.sha256)


def warm_up_nothing(_settings: object) -> None:
    """Stand in for the loading of models."""


READER = Reader(read_made_task, warm_up_nothing)
ENGINE = Engine(extract_made, read_made, extract_made_pages, reader=READER)

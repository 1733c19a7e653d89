import datetime as dt
import re
import tomllib
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

TRIAGE = Path(__file__).parents[1] / "data" / "triage"
LABELS = tomllib.loads((TRIAGE / "labels.toml").read_text(encoding="utf-8"))
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in TRIAGE.glob("*.txt")}
TYPES = {
    "Bài phát biểu",
    "Báo cáo",
    "Biên bản",
    "Chỉ thị",
    "Chương trình",
    "Công điện",
    "Công văn",
    "Điều lệ",
    "Đề án",
    "Giấy giới thiệu",
    "Giấy mời",
    "Hợp đồng",
    "Hướng dẫn",
    "Kế hoạch",
    "Kết luận",
    "Lịch công tác",
    "Nghị định",
    "Nghị quyết",
    "Phiếu trình",
    "Quy chế",
    "Quyết định",
    "Thông báo",
    "Thông tư",
    "Tờ trình",
}
NOTICES = [label for label in LABELS.values() if label["notice"]]
OTHERS = [label for label in LABELS.values() if not label["notice"]]
FIELDS = {name: label["fields"] for name, label in LABELS.items() if "fields" in label}


def fold_space(text):
    return " ".join(text.split())


def test_labels_and_texts_cover_each_other():
    assert set(LABELS) == set(TEXTS)


@pytest.mark.parametrize("name", sorted(LABELS))
def test_label_is_complete(name):
    label = LABELS[name]
    assert set(label) <= {"notice", "type", "half", "fields"}
    assert isinstance(label["notice"], bool)
    assert label["half"] in {"dev", "held_out"}
    assert label.get("type") in TYPES | {None}


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_text_is_nfc_and_five_to_sixty_lines_long(name):
    text = TEXTS[name]
    assert unicodedata.is_normalized("NFC", text)
    assert "\ufffd" not in text
    assert 5 <= sum(bool(line.strip()) for line in text.splitlines()) <= 60


def test_there_are_as_many_texts_as_the_readme_says():
    readme = (TRIAGE / "README.md").read_text(encoding="utf-8")
    table = {kind: int(count) for kind, count in re.findall(r"^\| (\w+ \w+)\b.*\| (\d+) \|$", readme, re.MULTILINE)}
    assert f"{len(LABELS)} office documents" in readme
    assert f"{len(NOTICES)} are, {len(OTHERS)} are not" in readme
    assert f"for {len(FIELDS)} of the others" in readme
    assert table == Counter(label["type"] for label in NOTICES)
    assert f"of {len({label['type'] for label in OTHERS if 'type' in label})} types" in readme


@pytest.mark.parametrize("labels", [NOTICES, OTHERS], ids=["notices", "others"])
def test_halves_are_equal(labels):
    halves = Counter(label["half"] for label in labels)
    assert abs(halves["dev"] - halves["held_out"]) <= 1


def test_no_two_texts_share_a_sentence():
    sentences = Counter(
        line for text in TEXTS.values() for line in {line.strip() for line in text.splitlines()} if len(line) > 60
    )
    assert [line for line, count in sentences.items() if count > 1] == []


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_fields_stand_in_the_text(name):
    text, fields = fold_space(TEXTS[name]), FIELDS[name]
    assert not LABELS[name]["notice"]
    assert set(fields) <= {"document_number", "issue_date", "issuing_body", "subject"}
    assert all(fields[key] in text for key in ("document_number", "issuing_body", "subject") if key in fields)
    issued = fields["issue_date"]
    assert isinstance(issued, dt.date)
    assert re.search(rf"ngày 0?{issued.day} tháng 0?{issued.month} năm {issued.year}\b", text)

import io
import json
import os
import re
import shutil
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pipeline.errors import EXIT_CONFIG, EXIT_INPUT
from pipeline.language.text import fold
from pipeline.learn.samples import ENDINGS, Sample, main, make_file, read_kinds, read_layout, write_markdown
from pipeline.learn.typeset import Layout, number_labels, set_notice
from pipeline.notice import Assessment, Directive, Header, LegalReference, Meeting, Signature

SAMPLES = Path(__file__).parents[1] / "data" / "samples"
KINDS = read_kinds(SAMPLES)
NAMES = sorted(KINDS)
SMALL = Layout(
    left_header=["UBND TỈNH A", "SỞ B"],
    number_line="Số: 1/TB-SB",
    place_date="A, ngày 01 tháng 02 năm 2023",
    title=["THÔNG BÁO", "Kết luận tại cuộc họp"],
    body=["I. NHIỆM VỤ", "1. Giao Phòng C:", "a) Làm ngay.", "b) Báo cáo.", "- Một việc;", "2. Giao Phòng D làm."],
    recipients=["- Như trên;", "- Lưu: VT."],
    signature=["GIÁM ĐỐC"],
    signer="Nguyễn Văn E",
)


def load_gold(name):
    return json.loads((SAMPLES / "cases" / name / "gold.json").read_text(encoding="utf-8"))


def words(text):
    return re.sub(r"\W+", " ", fold(text)).strip()


def docx_texts(content):
    document = docx.Document(io.BytesIO(content))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    return [p.text for cell in cells for p in cell.paragraphs] + [p.text for p in document.paragraphs]


def layout_lines(layout):
    head = [*layout.left_header, layout.number_line, *layout.marks, *layout.right_header, layout.place_date]
    return [*head, *layout.title, *layout.body, *layout.recipients, *layout.signature, layout.signer]


def verbatim_values(gold):
    header, meeting, signature = gold["header"], gold["meeting"], gold["signature"]
    yield from (header[key] for key in ("place", "subject"))
    yield from (meeting[key] for key in ("name", "location"))
    yield from (value for chair in meeting["chairs"] for value in chair.values())
    for person in meeting["participants"] + meeting["absentees"]:
        yield from (person[key] for key in ("title", "organization", "note"))
    yield from (passage["text"] for part in gold["assessment"].values() for passage in part)
    for directive in gold["directives"]:
        yield directive["text"]
        yield from directive["legal_references"]
        yield from (amount["text"] for amount in directive["amounts"])
        yield directive["deadline"] and directive["deadline"]["text"]
    yield from (reference["citation"] for reference in gold["legal_references"])
    yield from [*gold["recipients"], *signature["authority"], signature["signer_title"], signature["signer_name"]]


def test_every_case_has_its_kind_and_every_kind_its_case():
    assert sorted(path.name for path in (SAMPLES / "cases").iterdir()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_has_its_four_files(name):
    assert {path.name for path in (SAMPLES / "cases" / name).iterdir()} == {"gold.json", "layout.json", "notice.txt"}
    assert [path.name for path in (SAMPLES / "files").glob(f"{name}.*")] == [name + ENDINGS[KINDS[name].kind]]


def test_sample_files_are_small():
    sizes = [path.stat().st_size for path in (SAMPLES / "files").iterdir()]
    assert max(sizes) < 300_000
    assert sum(sizes) < 3_000_000


@pytest.mark.parametrize("name", NAMES)
def test_gold_fits_the_contract(name):
    gold = load_gold(name)
    parts = {"header": Header, "meeting": Meeting, "assessment": Assessment, "signature": Signature}
    lists = {"directives": Directive, "legal_references": LegalReference}
    assert set(gold) == {"schema_version", "recipients", *parts, *lists}
    for key, model in parts.items():
        assert model.model_validate(gold[key]).model_dump(mode="json") == gold[key]
    for key, model in lists.items():
        assert [model.model_validate(entry).model_dump(mode="json") for entry in gold[key]] == gold[key]


@pytest.mark.parametrize("name", NAMES)
def test_gold_values_stand_in_the_notice(name):
    notice = words((SAMPLES / "cases" / name / "notice.txt").read_text(encoding="utf-8"))
    missing = [value for value in verbatim_values(load_gold(name)) if value and words(value) not in notice]
    assert missing == []


@pytest.mark.parametrize("name", NAMES)
def test_restored_names_use_only_words_of_the_notice(name):
    notice = set(words((SAMPLES / "cases" / name / "notice.txt").read_text(encoding="utf-8")).split())
    gold = load_gold(name)
    members = gold["meeting"]["participants"] + gold["meeting"]["absentees"]
    members += [assignee for directive in gold["directives"] for assignee in directive["assignees"]]
    assert [member["name"] for member in members if not set(words(member["name"]).split()) <= notice] == []


@pytest.mark.parametrize("name", NAMES)
def test_directives_agree_with_one_another(name):
    gold = load_gold(name)
    cited = [reference["citation"] for reference in gold["legal_references"]]
    for place, directive in enumerate(gold["directives"]):
        assert directive["parent"] is None or directive["parent"] < place
        assert set(directive["legal_references"]) <= set(cited)
        assert all(amount["text"] in directive["text"] for amount in directive["amounts"])
        assert directive["deadline"] is None or directive["deadline"]["text"] in directive["text"]
        assert directive["deadline"] is None or None in (
            directive["deadline"]["due"],
            directive["deadline"]["recurrence"],
        )


@pytest.mark.parametrize("name", NAMES)
def test_the_plain_text_is_the_layout(name):
    text = (SAMPLES / "cases" / name / "notice.txt").read_text(encoding="utf-8")
    assert words(text.replace("Nơi nhận:", "")) == words(" ".join(layout_lines(read_layout(SAMPLES, name))))


@pytest.mark.parametrize("name", NAMES)
def test_a_made_docx_contains_all_words(name):
    layout = read_layout(SAMPLES, name)
    made = make_file(name, layout, KINDS[name].model_copy(update={"kind": "docx"}))
    assert set(layout_lines(layout)) <= set(docx_texts(made))


@pytest.mark.parametrize("name", [name for name in NAMES if KINDS[name].kind.startswith("docx")])
def test_a_committed_docx_is_what_the_maker_makes(name):
    made = make_file(name, read_layout(SAMPLES, name), KINDS[name])
    assert docx_texts((SAMPLES / "files" / f"{name}.docx").read_bytes()) == docx_texts(made)


@pytest.mark.parametrize("name", [name for name in NAMES if KINDS[name].kind == "md"])
def test_a_committed_markdown_is_what_the_maker_makes(name):
    assert (SAMPLES / "files" / f"{name}.md").read_text(encoding="utf-8") == write_markdown(read_layout(SAMPLES, name))


def test_markdown_keeps_every_line_of_the_layout():
    made = write_markdown(SMALL)
    assert [line for line in layout_lines(SMALL) if line not in made] == []


def test_a_docx_made_twice_is_the_same():
    assert set_notice(SMALL, upper=1) == set_notice(SMALL, upper=1)


def test_the_parent_body_is_not_bold():
    head = docx.Document(io.BytesIO(set_notice(SMALL, upper=1))).tables[0].rows[0].cells[0]
    assert [paragraph.runs[0].bold for paragraph in head.paragraphs[:2]] == [False, True]


def test_automatic_labels_are_not_in_the_text():
    made = docx.Document(io.BytesIO(set_notice(SMALL, numbered=True)))
    levels = {
        p.text: p._p.pPr.numPr.ilvl.val for p in made.paragraphs if p._p.pPr is not None and p._p.pPr.numPr is not None
    }
    assert levels == {
        "NHIỆM VỤ": 0,
        "Giao Phòng C:": 1,
        "Làm ngay.": 3,
        "Báo cáo.": 3,
        "Một việc;": 4,
        "Giao Phòng D làm.": 1,
    }


@pytest.mark.parametrize(
    ("body", "levels"),
    [
        (["a) Một", "b) Hai", "c) Ba", "d) Bốn", "đ) Năm", "e) Sáu"], [3, 3, 3, 3, None, 3]),
        (["1. Một", "1.1. Hai", "a) Ba", "1.2. Bốn", "a) Năm"], [1, 2, 3, 2, 3]),
        (["I. Một", "1. Hai", "II. Ba", "1. Bốn"], [0, 1, 0, 1]),
        (["1. Một", "3. Ba"], [1, None]),
        (["2. Hai", "Một đoạn văn."], [None, None]),
    ],
)
def test_a_label_is_automatic_only_where_the_list_would_give_it(body, levels):
    assert [level for level, _ in number_labels(body)] == levels


@given(st.lists(st.sampled_from(["I. Một", "1. Hai", "2. Ba", "1.1. Bốn", "a) Năm", "b) Sáu", "- Bảy", "Tám"])))
def test_numbering_never_loses_a_word(body):
    for (level, text), printed in zip(number_labels(body), body, strict=True):
        assert text == (printed if level is None else printed.split(" ", 1)[1])


def test_the_command_makes_one_file(tmp_path):
    name = NAMES[0]
    assert main([str(SAMPLES), "--out", str(tmp_path), "--kind", "docx", "--only", name]) == 0
    assert [path.name for path in tmp_path.iterdir()] == [f"{name}.docx"]


def test_a_folder_without_kinds_is_an_input_error(tmp_path):
    assert main([str(tmp_path), "--out", str(tmp_path / "out")]) == EXIT_INPUT


def test_a_kind_without_a_case_is_an_input_error(tmp_path):
    (tmp_path / "kinds.toml").write_text('[nobody]\nkind = "docx"\n', encoding="utf-8")
    assert main([str(tmp_path), "--out", str(tmp_path / "out")]) == EXIT_INPUT


@pytest.mark.parametrize("text", ['[one]\nkind = "papyrus"\n', "not toml", '[one]\nkind = "docx"\nink = "red"\n'])
def test_wrong_kinds_are_a_config_error(tmp_path, text):
    (tmp_path / "kinds.toml").write_text(text, encoding="utf-8")
    assert main([str(tmp_path), "--out", str(tmp_path / "out")]) == EXIT_CONFIG


@pytest.mark.skipif(
    shutil.which("soffice") is None and "CI" not in os.environ, reason="needs LibreOffice (soffice) to print the page"
)
def test_a_scan_made_twice_is_the_same():
    assert shutil.which("soffice"), "soffice is missing: install LibreOffice Writer on the CI machine"
    sample = Sample.model_validate({"kind": "scan-png", "scan": {"dpi": 100, "skew": 0.5}})
    first, second = (make_file("small", SMALL, sample) for _ in range(2))
    assert first == second
    assert Image.open(io.BytesIO(first)).size == (827, 1170)

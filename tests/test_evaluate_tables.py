"""Splits, strict matches, spreads and tables on gold made by hand; expected figures are counted by hand."""

import json
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigError, EvaluationError, MissingFileError
from pipeline.learn import scanned_gold
from pipeline.learn.cases import find_cases, held_out_of, issuer_of, read_split
from pipeline.learn.evaluate import calibration_rows, compare, evaluate, read_saved, to_bytes, to_saved
from pipeline.learn.reliability import Rated
from pipeline.learn.scoring import Scores, Tally, Verdict, score_case
from pipeline.learn.spread import Spread, interval, spread_of
from pipeline.learn.tables import (
    Table,
    bin_table,
    calibration_table,
    field_table,
    issuer_table,
    replace_section,
    summarise,
    to_markdown,
)

SUBJECT = "Kết luận tại cuộc họp giao ban tháng 5 năm 2024"
CLOSE = "Kết luận tại cuộc họp giao ban tháng 5 năm 2O24"


def write_cases(folder, **golds):
    for name, gold in golds.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "gold.json").write_text(json.dumps(gold), encoding="utf-8")
    return folder


def split(folder, text):
    (folder / "split.toml").write_text(text, encoding="utf-8")
    return folder


def scored(gold, ours, *, strict=False):
    scores = Scores(strict=strict)
    score_case(scores, "case", gold, ours)
    return scores


def header(**fields):
    return {"header": fields}


def directive(text, **parts):
    return {"number": "1", "text": text, "assignees": [], "deadline": None, "amounts": []} | parts


def lead(name):
    return {"name": name, "role": "lead", "inherited": False}


# --- cases


def test_one_half_of_the_cases_is_taken(tmp_path):
    gold = split(write_cases(tmp_path, a={}, b={}, c={}), 'dev = ["c", "a"]\nheld_out = ["b"]\n')
    assert [case.name for case in find_cases(gold)] == ["a", "b", "c"]
    assert [case.name for case in find_cases(gold, "dev")] == ["a", "c"]
    assert [case.name for case in find_cases(gold, "held_out")] == ["b"]
    assert held_out_of(gold) == ["b"]


def test_cases_without_a_split_have_no_halves(tmp_path):
    gold = write_cases(tmp_path, a={})
    assert held_out_of(gold) == []
    with pytest.raises(EvaluationError, match="leave out --only"):
        find_cases(gold, "dev")


@pytest.mark.parametrize(("text", "reason"), [("dev = [", "is no TOML"), ('held_out = ["a"]', "names no case as dev")])
def test_a_split_that_cannot_be_used_is_named(tmp_path, text, reason):
    with pytest.raises(EvaluationError, match=reason):
        find_cases(split(write_cases(tmp_path, a={}), text), "dev")


def test_a_half_that_is_not_named_is_empty(tmp_path):
    assert read_split(split(tmp_path, "")) == {"dev": [], "held_out": []}


@pytest.mark.parametrize(
    ("gold", "issuer"),
    [
        (header(parent_body="UBND TỈNH LÀO CAI", issuing_body="VĂN PHÒNG"), "ủy ban nhân dân tỉnh lào cai, văn phòng"),
        (header(parent_body=None, issuing_body="UỶ BAN NHÂN DÂN TỈNH HUẾ"), "ủy ban nhân dân tỉnh huế"),
        (header(parent_body="__any__", issuing_body="__any__"), "bgtvt"),
        ({}, "bgtvt"),
        ({"header": "__any__"}, "bgtvt"),
    ],
)
def test_who_issued_a_notice(tmp_path, gold, issuer):
    assert issuer_of(tmp_path / "bgtvt-tong-ket-2010", gold) == issuer


# --- strict and relaxed


@pytest.mark.parametrize(
    ("ours", "relaxed", "strict"),
    [(SUBJECT.upper(), (1, 0, 0), (1, 0, 0)), (CLOSE, (1, 0, 0), (0, 1, 1)), ("khác", (0, 1, 1), (0, 1, 1))],
)
def test_a_strict_match_is_exact_after_folding(ours, relaxed, strict):
    for is_strict, expected in ((False, relaxed), (True, strict)):
        tally = scored(header(subject=SUBJECT), header(subject=ours), strict=is_strict).tallies["subject"]
        assert (tally.tp, tally.fp, tally.fn) == expected


def test_a_strict_match_of_a_directives_text_does_not_spoil_what_is_said_of_it():
    gold = {"directives": [directive(SUBJECT, assignees=[lead("Sở Y tế"), lead("Sở Giao thông vận tải")])]}
    ours = {"directives": [directive(CLOSE, assignees=[lead("Sở Y tế"), lead("Sở Giao thông vận tài")])]}
    strict, relaxed = scored(gold, ours, strict=True).tallies, scored(gold, ours).tallies
    assert (strict["directive_text"], relaxed["directive_text"]) == (Tally(0, 1, 1), Tally(1, 0, 0))
    assert (strict["directive_number"], relaxed["directive_number"]) == (Tally(1, 0, 0), Tally(1, 0, 0))
    assert (strict["assignees"], relaxed["assignees"]) == (Tally(1, 1, 1), Tally(2, 0, 0))


# --- verdicts


def test_every_value_with_evidence_has_a_verdict_at_its_place():
    gold = header(place="Huế") | {"meeting": {"participants": [{"name": "Sở Y tế"}]}}
    ours = header(place="Hue") | {"meeting": {"participants": [{"name": "Sở Nội vụ"}, {"name": "Sở Y tế"}]}}
    gold |= {"directives": [directive(SUBJECT, assignees=[lead("A"), lead("B")], amounts=[{"vnd": 5}])]}
    due = {"due": "2024-06-30", "recurrence": None}
    given_ = directive(SUBJECT, assignees=[lead("C") | {"inherited": True}, lead("B")], deadline=due)
    ours |= {"directives": [directive("Việc khác hẳn"), given_ | {"amounts": [{"vnd": 7}, {"vnd": 5}]}]}
    assert set(scored(gold, ours).verdicts) == {
        Verdict("case", "place", "/header/place", right=False),
        Verdict("case", "participants", "/meeting/participants/0", right=False),
        Verdict("case", "participants", "/meeting/participants/1", right=True),
        Verdict("case", "directive_text", "/directives/0", right=False),
        Verdict("case", "directive_text", "/directives/1", right=True),
        Verdict("case", "assignees", "/directives/1/assignees/1", right=True),
        Verdict("case", "deadlines", "/directives/1/deadline", right=False),
        Verdict("case", "amounts", "/directives/1/amounts/0", right=False),
        Verdict("case", "amounts", "/directives/1/amounts/1", right=True),
    }


names = st.lists(st.sampled_from(["a", "b", "c", ""]).map(lambda name: {"name": name}), max_size=5)


@given(names, names)
def test_verdicts_are_the_tally(gold, ours):
    scores = scored({"meeting": {"participants": gold}}, {"meeting": {"participants": ours}})
    verdicts = [verdict.right for verdict in scores.verdicts]
    assert (verdicts.count(True), verdicts.count(False)) == (scores.total().tp, scores.total().fp)


# --- spread


def test_the_spread_over_cases():
    # F1: 1, 2/3, 0, and nothing to score
    tallies = [Tally(1, 0, 0), Tally(1, 0, 1), Tally(0, 0, 1), Tally()]
    assert spread_of(tallies) == Spread(0.0, pytest.approx(1 / 3), pytest.approx(2 / 3), pytest.approx(5 / 6), 1.0)
    assert spread_of(tallies[:1]) == Spread(1.0, 1.0, 1.0, 1.0, 1.0)
    assert spread_of([Tally()]) is None


def test_the_interval_draws_whole_cases():
    # of two cases a quarter of the draws takes the right one twice, a quarter the missed one twice
    assert interval([Tally(1, 0, 0), Tally(0, 0, 1)]) == (0.0, 1.0)
    assert interval([Tally(3, 1, 0)] * 5) == (Tally(3, 1, 0).f1, Tally(3, 1, 0).f1)
    assert (interval([]), interval([Tally()])) == (None, None)


def test_the_interval_is_the_same_at_every_run_and_narrows_with_more_cases():
    few = [Tally(9, 1, 1), Tally(5, 5, 5), Tally(8, 0, 2)]
    low, high = interval(few)
    assert interval(few) == (low, high)
    more_low, more_high = interval(few * 30)
    assert low < more_low < sum(few, Tally()).f1 < more_high < high


# --- tables


@pytest.fixture
def evaluation(tmp_path):
    """Two notices of one issuer and one of another: 2 right, 1 right and 1 wrong, 1 missed."""
    one, other = {"issuing_body": "BỘ A"}, {"issuing_body": "BỘ B"}
    gold = write_cases(tmp_path / "gold", a=header(**one, place="Huế"), b=header(**one, place="Huế"), c=header(**other))
    sure = {"/header/issuing_body": {"confidence": 0.95}}
    ours = {
        "a": header(**one, place="Huế") | {"evidence": sure | {"/header/place": {"confidence": 0.9}}},
        "b": header(**one, place="Vinh") | {"evidence": sure | {"/header/place": {"confidence": 0.4}}},
    }
    return evaluate(find_cases(gold), lambda case: ours.get(case.name))


def test_cases_and_confidences_are_kept(evaluation):
    assert evaluation.by_case == {"a": Tally(2, 0, 0), "b": Tally(1, 1, 1), "c": Tally(0, 0, 1)}
    assert evaluation.by_issuer() == {"bộ a": ["a", "b"], "bộ b": ["c"]}
    assert sorted(evaluation.rated, key=lambda value: value.confidence) == [
        Rated("b", "place", 0.4, right=False),
        Rated("a", "place", 0.9, right=True),
        Rated("a", "issuing_body", 0.95, right=True),
        Rated("b", "issuing_body", 0.95, right=True),
    ]


def test_the_figures_of_each_issuer(evaluation):
    assert issuer_table(evaluation).rows == [
        ["bộ a", "2", "0.750", "0.750", "0.750"],
        ["  a", "", "1.000", "1.000", "1.000"],
        ["  b", "", "0.500", "0.500", "0.500"],
        ["bộ b", "1", "-", "0.000", "0.000"],
    ]


def test_the_figures_of_each_field(evaluation):
    table = field_table(evaluation)
    assert table.title == "3 cases, 1 without output"
    assert ["  place", "0.500", "0.500", "0.500", "1", "1", "1"] in table.rows
    assert table.rows[-1] == ["all", "0.750", "0.600", "0.667", "3", "1", "2"]


def test_the_summary_on_one_line(evaluation):
    assert summarise(evaluation).startswith(
        "F1 over all fields 0.667 (relaxed match); 95 % bootstrap interval over cases 0.000 to "
    )
    assert "median 0.500, quartiles 0.250 and 0.750, worst 0.000, best 1.000" in summarise(evaluation)


def test_confidence_by_group_and_field(evaluation):
    rows = calibration_table(evaluation).rows
    assert [row[0] for row in rows] == ["header", "  issuing_body", "  place", "all"]
    # bins of place: one at 0.4 that is wrong, one at 0.9 that is right
    assert rows[2] == ["  place", "2", "0.500", "0.650", "0.250", "0.500", "0.500"]
    # bins of all: 0.4 wrong, and three right ones with the mean (0.9 + 0.95 + 0.95) / 3
    assert rows[3] == ["all", "4", "0.750", "0.800", "0.150", "0.750", "0.750"]
    assert bin_table(evaluation).rows == [
        ["0.4 to 0.5", "1", "0.400", "0.000"],
        ["0.9 to 1.0", "3", "0.933", "1.000"],
    ]
    assert calibration_rows([]) == []


def test_a_table_in_markdown():
    table = Table("Title", ("field", "P"), [["dates", "1.000"], ["  start_date", "-"]])
    assert to_markdown(table).splitlines() == [
        *("Title:", "", "| field | P |", "| --- | ---: |", "| **dates** | 1.000 |", "| start_date | - |"),
    ]


def test_a_section_is_replaced_where_it_stands():
    first = replace_section(replace_section("# Title\n", "x", "1"), "y", "2")
    again = replace_section(first, "x", "3\n4")
    assert again == first.replace("1", "3\n4")
    with pytest.raises(EvaluationError, match="has no end"):
        replace_section("<!-- measured: x -->\n", "x", "1")


# --- saved evaluations


def test_a_saved_evaluation_reads_back_with_cases_and_confidence(evaluation, tmp_path):
    saved = to_saved(evaluation)
    (tmp_path / "saved.json").write_bytes(to_bytes(saved))
    assert read_saved(tmp_path / "saved.json") == saved
    assert saved.by_case["b"].f1 == 0.5
    assert saved.calibration["[header]"].values == 4
    assert saved.calibration["place"].error == 0.25
    assert saved.interval == evaluation.interval()


def test_a_baseline_of_an_older_version_is_read(evaluation, tmp_path):
    old = {"cases": ["a"], "missing": [], "misses": ["a: place: missed Huế"], "figures": {}}
    (tmp_path / "old.json").write_text(json.dumps(old), encoding="utf-8")
    assert compare(read_saved(tmp_path / "old.json"), to_saved(evaluation)).gains == ["a: place: missed Huế"]


def test_a_strict_baseline_is_not_compared_with_a_relaxed_run(tmp_path):
    cases = find_cases(write_cases(tmp_path, a=header(subject=SUBJECT)))
    strict, relaxed = (
        to_saved(evaluate(cases, lambda _case: header(subject=CLOSE), match)) for match in ("strict", "relaxed")
    )
    assert len(strict.misses) == 2
    assert relaxed.misses == []
    with pytest.raises(EvaluationError, match="give --match strict"):
        compare(strict, relaxed)


# --- scans of gold


def test_how_a_case_is_scanned_is_drawn_by_its_name(tmp_path):
    write_cases(tmp_path, a=header(parent_body="BỘ A"), b=header(parent_body=None))
    one, other = (scanned_gold.draw_sample(tmp_path / name) for name in "ab")
    assert one == scanned_gold.draw_sample(tmp_path / "a")
    assert one.scan != other.scan
    assert (one.upper, other.upper) == (1, 0)


def test_a_case_without_a_layout_cannot_be_scanned(tmp_path):
    write_cases(tmp_path, a={})
    with pytest.raises(MissingFileError, match="only cases with a layout"):
        scanned_gold.read_layout(tmp_path / "a")
    (tmp_path / "a" / "layout.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ConfigError, match="is no layout"):
        scanned_gold.read_layout(tmp_path / "a")


def test_scanned_gold_is_gold(tmp_path, monkeypatch):
    gold = split(write_cases(tmp_path / "gold", a={}, b={}), 'dev = ["a"]\nheld_out = ["b"]\n')
    monkeypatch.setattr(scanned_gold, "read_layout", lambda case: case.name)
    monkeypatch.setattr(scanned_gold, "make_file", lambda name, layout, _sample: f"{name} {layout}".encode())
    assert scanned_gold.main([str(gold), "--out", str(tmp_path / "out"), "--only", "dev"]) == 0
    assert [case.name for case in find_cases(tmp_path / "out", "dev")] == ["a"]
    assert (tmp_path / "out" / "a" / "source.pdf").read_bytes() == b"a a"
    shutil.rmtree(gold / "a")
    assert scanned_gold.main([str(gold), "--out", str(tmp_path / "out"), "--only", "dev"]) == 65

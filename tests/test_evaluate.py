"""Scores on gold and output made by hand; the expected figures are counted by hand in each test."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import EvaluationError
from pipeline.learn.cases import find_cases, read_prediction, source_file
from pipeline.learn.evaluate import compare, evaluate, read_saved, to_bytes, to_saved
from pipeline.learn.fields import DIRECTIVE_FIELDS, FIELDS, GROUPS
from pipeline.learn.likeness import EXACT, fold_value, pair_up, similarity
from pipeline.learn.scoring import Scores, Tally, score_case


def scored(gold, predicted):
    scores = Scores()
    score_case(scores, "case", gold, predicted)
    return scores


def counts(scores, name):
    tally = scores.tallies[name]
    return tally.tp, tally.fp, tally.fn


def directive(text, **parts):
    return {"number": None, "text": text, "assignees": [], "deadline": None, "amounts": []} | parts


def lead(name, **parts):
    return {"name": name, "role": "lead", "inherited": False} | parts


# --- figures


def test_precision_recall_and_f1():
    tally = Tally(tp=3, fp=1, fn=2)
    assert (tally.precision, tally.recall) == (0.75, 0.6)
    assert tally.f1 == pytest.approx(2 * 0.75 * 0.6 / (0.75 + 0.6))


def test_nothing_to_score_has_no_figure():
    assert (Tally().precision, Tally().recall, Tally().f1) == (None, None, None)
    assert (Tally(fp=2).precision, Tally(fp=2).recall, Tally(fp=2).f1) == (0.0, None, 0.0)


# --- likeness


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ủy ban nhân dân", "UỶ BAN  NHÂN DÂN"),
        ("hoà bình", "hòa bình"),
        ("Số 12 / TB–UBND.", "số 12/TB-UBND"),
        ("“Giao ban”", "giao ban"),
        ("giao\nban;", "giao ban"),
        ("ho\u0323p", "họp"),
        (2024, "2024"),
    ],
)
def test_what_does_not_distinguish_two_values(one, other):
    assert fold_value(one) == fold_value(other)
    assert similarity(one, other) == EXACT


@pytest.mark.parametrize(("one", "other"), [("hoàn", "hòan"), ("Sở Y tế", "Sở Tư pháp"), ("12/TB", "13/TB"), ("", "x")])
def test_what_distinguishes_two_values(one, other):
    assert similarity(one, other) < EXACT


def test_pairs_are_the_most_alike_first_then_the_nearest():
    assert pair_up(["abcdef", "abcdeg"], ["abcdeg", "abcdef"], 0.5) == {0: 1, 1: 0}
    assert pair_up(["x", "x"], ["x", "x"], EXACT) == {0: 0, 1: 1}
    assert pair_up(["x", "y"], ["z", "x", "x"], EXACT) == {0: 1}


@given(st.lists(st.text(max_size=5), max_size=6), st.lists(st.text(max_size=5), max_size=6))
def test_no_value_is_paired_twice(gold, predicted):
    pairs = pair_up(gold, predicted, 0.5)
    assert len(set(pairs.values())) == len(pairs) <= min(len(gold), len(predicted))


# --- fields


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        ("2024-05-02", "2024-05-02", (1, 0, 0)),
        ("2024-05-02", "2024-05-03", (0, 1, 1)),
        ("2024-05-02", None, (0, 0, 1)),
        (None, "2024-05-02", (0, 1, 0)),
        (None, None, (0, 0, 0)),
        ("__any__", "2024-05-02", (0, 0, 0)),
    ],
)
def test_a_single_value(gold, predicted, expected):
    scores = scored({"header": {"issue_date": gold}}, {"header": {"issue_date": predicted}})
    assert counts(scores, "issue_date") == expected


def test_a_long_value_may_differ_a_little():
    gold = {"header": {"subject": "Kết luận tại cuộc họp giao ban tháng 5 năm 2024", "place": "Huế"}}
    close = {"header": {"subject": "Kết luận tại cuộc họp giao ban tháng 5 năm 2O24", "place": "Hue"}}
    scores = scored(gold, close)
    assert counts(scores, "subject") == (1, 0, 0)
    assert counts(scores, "place") == (0, 1, 1)


def test_a_list_counts_each_value_once():
    gold = {"meeting": {"participants": [{"name": "Sở Y tế"}, {"name": "Sở Tài chính"}, {"name": "Sở Nội vụ"}]}}
    given_ = {"meeting": {"participants": [{"name": "Sở Nội vụ"}, {"name": "Sở Y tế"}, {"name": "Sở Y tế"}]}}
    assert counts(scored(gold, given_), "participants") == (2, 1, 1)


@pytest.mark.parametrize("gold", ["__any__", {"recipients": "__any__"}])
def test_a_list_that_is_not_scored(gold):
    gold = gold if isinstance(gold, dict) else {"recipients": gold}
    assert counts(scored(gold, {"recipients": ["a", "b"]}), "recipients") == (0, 0, 0)
    meeting = {"meeting": {"chairs": "__any__"}}
    assert counts(scored(meeting, {"meeting": {"chairs": [{"name": "A"}]}}), "chairs") == (0, 0, 0)


def test_legal_references_are_known_by_number_else_by_citation():
    gold = {
        "legal_references": [{"number": "05/NQ-HĐND", "citation": "x"}, {"number": None, "citation": "Luật Đất đai"}]
    }
    other = {"legal_references": [{"number": "05/NQ-HĐND", "citation": "y"}, {"citation": "Luật đất đai"}]}
    assert counts(scored(gold, other), "legal_references") == (2, 0, 0)


def test_a_case_without_output_has_missed_everything():
    scores = scored({"header": {"place": "Huế"}, "directives": [directive("a", number="1")]}, {})
    assert scores.total() == Tally(0, 0, 3)
    assert [str(miss) for miss in scores.misses] == [
        "case: place: missed Huế",
        "case: directive_text: missed a",
        "case: directive_number: missed 1",
    ]


# --- directives


def test_directives_are_paired_by_text_and_what_is_said_of_each_is_scored():
    gold = {
        "directives": [
            directive(
                "Giao Sở Y tế báo cáo",
                number="1",
                assignees=[lead("Sở Y tế")],
                deadline={"due": "2024-06-30", "recurrence": None, "text": "trước ngày 30/6/2024"},
                amounts=[{"vnd": 5}, {"vnd": 5}],
            ),
            directive("Đồng ý chủ trương xây dựng", number="2"),
        ]
    }
    ours = {
        "directives": [
            directive("Việc khác hẳn", number="9", assignees=[lead("Sở Nội vụ")], deadline={"due": None}),
            directive(
                "giao Sở Y tế báo cáo.",
                number="1",
                assignees=[lead("Sở Y tế"), lead("Sở Tài chính", role="support")],
                deadline={"due": "2024-06-30", "recurrence": None, "text": "30/6"},
                amounts=[{"vnd": 5}, {"vnd": 7}],
            ),
        ]
    }
    scores = scored(gold, ours)
    assert counts(scores, "directive_text") == (1, 1, 1)
    assert counts(scores, "directive_number") == (1, 1, 1)
    assert counts(scores, "assignees") == (1, 2, 0)
    assert counts(scores, "deadlines") == (1, 1, 0)
    assert counts(scores, "amounts") == (1, 1, 1)
    assert scores.total(GROUPS["directives"]) == Tally(5, 6, 3)


def test_an_assignee_needs_its_role_and_inherited_ones_are_not_scored():
    gold = {"directives": [directive("x", assignees=[lead("Sở Y tế"), lead("UBND tỉnh", inherited=True)])]}
    ours = {"directives": [directive("x", assignees=[lead("Sở Y tế", role="support")])]}
    assert counts(scored(gold, ours), "assignees") == (0, 1, 1)


@pytest.mark.parametrize(
    ("gold", "ours", "expected"),
    [
        ({"due": "2024-06-30"}, {"due": "2024-06-29"}, (0, 1, 1)),
        ({"due": None, "recurrence": "monthly"}, {"due": None, "recurrence": "monthly"}, (1, 0, 0)),
        ({"due": None, "recurrence": "monthly"}, None, (0, 0, 1)),
        (None, {"due": "2024-06-29"}, (0, 1, 0)),
        ("__any__", {"due": "2024-06-29"}, (0, 0, 0)),
    ],
)
def test_a_deadline_is_scored_by_its_meaning(gold, ours, expected):
    scores = scored({"directives": [directive("x", deadline=gold)]}, {"directives": [directive("x", deadline=ours)]})
    assert counts(scores, "deadlines") == expected


def test_directives_or_assignees_that_are_not_scored():
    any_assignee = {"directives": [directive("x", assignees="__any__")]}
    ours = {"directives": [directive("x", assignees=[lead("A")])]}
    assert counts(scored(any_assignee, ours), "assignees") == (0, 0, 0)
    assert scored({"directives": "__any__"}, ours).total() == Tally()


def test_every_field_is_in_one_group():
    grouped = [name for names in GROUPS.values() for name in names]
    assert sorted(grouped) == sorted([*FIELDS, *DIRECTIVE_FIELDS])


# --- cases on disk


def write_case(folder, name, gold):
    case = folder / name
    case.mkdir(parents=True)
    (case / "gold.json").write_text(json.dumps(gold), encoding="utf-8")
    return case


def test_scores_are_summed_over_cases_and_missing_output_is_named(tmp_path):
    for name in ("a", "b"):
        write_case(tmp_path, name, {"header": {"place": "Huế", "subject": "x"}})
    result = evaluate(find_cases(tmp_path), lambda case: {"header": {"place": "Huế"}} if case.name == "a" else None)
    assert (result.cases, result.missing) == (["a", "b"], ["b"])
    figures = to_saved(result).figures
    assert (figures["place"].precision, figures["place"].recall) == (1.0, 0.5)
    assert figures["place"].f1 == pytest.approx(2 / 3)
    assert figures["all"].f1 == pytest.approx(2 * 1 / (2 * 1 + 0 + 3))
    assert figures["[header]"].fn == 3


def test_output_is_found_under_both_names(tmp_path):
    (tmp_path / "a.json").write_text('{"n": 1}', encoding="utf-8")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "notice.json").write_text('{"n": 2}', encoding="utf-8")
    assert read_prediction(tmp_path, "a") == {"n": 1}
    assert read_prediction(tmp_path, "b") == {"n": 2}
    assert read_prediction(tmp_path, "c") is None


def test_a_cases_own_file_is_found(tmp_path):
    case = write_case(tmp_path / "cases", "a", {})
    with pytest.raises(EvaluationError, match="has no source file"):
        source_file(case)
    (case / "notice.txt").touch()
    assert source_file(case).name == "notice.txt"
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.docx").touch()
    assert source_file(case).name == "a.docx"
    (case / "source.json").touch()
    (case / "source.pdf").touch()
    assert source_file(case).name == "source.pdf"


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff"])
def test_gold_that_cannot_be_used_is_named(tmp_path, content):
    (write_case(tmp_path, "a", {}) / "gold.json").write_bytes(content)
    with pytest.raises(EvaluationError, match=r"gold\.json"):
        evaluate(find_cases(tmp_path), lambda _case: {})


def test_a_folder_without_cases_is_an_error(tmp_path):
    with pytest.raises(EvaluationError, match="there is no"):
        find_cases(tmp_path)


# --- baseline


def saved_of(*cases, folder):
    for name, gold, _ in cases:
        write_case(folder, name, gold)
    ours = {name: prediction for name, _, prediction in cases}
    return to_saved(evaluate(find_cases(folder), lambda case: ours[case.name]))


def test_gains_and_losses_against_a_baseline(tmp_path):
    gold = {"header": {"place": "Huế", "subject": "Giao ban"}}
    before = saved_of(("a", gold, {"header": {"place": "Huế"}}), folder=tmp_path / "before")
    after = saved_of(("a", gold, {"header": {"subject": "Giao ban"}}), folder=tmp_path / "after")
    changes = compare(before, after)
    assert changes.gains == ["a: subject: missed Giao ban"]
    assert changes.losses == ["a: place: missed Huế"]
    assert changes.figures == {"place": (1.0, 0.0), "subject": (0.0, 1.0)}
    same = compare(before, before)
    assert (same.figures, same.gains, same.losses) == ({}, [], [])


def test_a_new_case_is_neither_gain_nor_loss(tmp_path):
    gold = {"header": {"place": "Huế"}}
    before = saved_of(("a", gold, gold), folder=tmp_path / "before")
    after = saved_of(("a", gold, gold), ("b", gold, {}), folder=tmp_path / "after")
    changes = compare(before, after)
    assert (changes.figures, changes.gains, changes.losses) == ({}, [], [])


def test_a_baseline_reads_back_equal(tmp_path):
    saved = saved_of(("a", {"header": {"place": "Huế"}}, {}), folder=tmp_path / "gold")
    path = tmp_path / "baseline.json"
    path.write_bytes(to_bytes(saved))
    assert read_saved(path) == saved
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(EvaluationError, match="is no baseline"):
        read_saved(path)
    with pytest.raises(EvaluationError, match="cannot read"):
        read_saved(tmp_path / "none.json")

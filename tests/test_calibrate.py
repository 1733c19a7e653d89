"""Confidences on values and tables made by hand; the expected figures are counted by hand in each test."""

import datetime as dt
import hashlib
import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import document_of, notice_of

from pipeline.confidence import FOLDER, TABLE_FILE, calibrated, describe, field_of, load_weights, rate
from pipeline.document import Word
from pipeline.errors import ConfigError, EvaluationError
from pipeline.learn.calibrate import (
    FIRST_LOOK,
    Observation,
    cross_validate,
    is_looked_at,
    judge,
    learn,
    mark_looked_at,
    read_first_look,
    read_observations,
    write_observations,
)
from pipeline.learn.confidence_card import CARD_FILE, compare_fields, write_card, write_table
from pipeline.learn.fields import DIRECTIVE_FIELDS, FIELDS
from pipeline.learn.leave_out import leave_out_issuers
from pipeline.learn.reliability import (
    Rated,
    calibration_error,
    coverage,
    fill_bins,
    mean_confidence,
    precision_of,
)
from pipeline.notice import Evidence

TEXT = "Giao các Sở: Y tế, Tài chính trước ngày 30/6"


def rated(*pairs):
    return [Rated("case", "field", confidence, right) for confidence, right in pairs]


def seen(right, issuer="x", field="assignees", **features):
    return Observation(
        case=issuer, issuer=issuer, field=field, right=right, finder=1.0, features={"any": 1.0, **features}
    )


def features_at(pointer, quote, confidences=(), **parts):
    """Return the features of one value of a notice, read in `TEXT` with one confidence a word."""
    document = document_of(TEXT)
    words = [
        replace(placed, word=Word(placed.word.text, confidence=score))
        for placed, score in zip(document.words, confidences, strict=False)
    ]
    document = replace(document, words=(*words, *document.words[len(words) :]))
    start = TEXT.index(quote)
    evidence = Evidence(quote=quote, start=start, end=start + len(quote), confidence=1.0, method="rule")
    notice = notice_of().model_copy(update={"evidence": {pointer: evidence}, **parts})
    return dict(describe(document, notice))[pointer]


# --- reliability


def test_values_are_put_in_bins_by_tenths_and_one_counts_in_the_last():
    low, high = fill_bins(rated((0.95, True), (1.0, False), (0.2, False), (0.29, True)))
    assert (low.low, low.high, low.count, low.precision) == (0.2, 0.3, 2, 0.5)
    assert low.confidence == pytest.approx(0.245)
    assert (high.low, high.high, high.count, high.precision) == (0.9, 1.0, 2, 0.5)


def test_the_calibration_error_weighs_bins_by_their_size():
    values = rated((0.8, True), (0.8, True), (0.8, False), (0.3, False))
    # three at 0.8 of which 2/3 are right, one at 0.3 that is wrong
    assert calibration_error(values) == pytest.approx(3 / 4 * (0.8 - 2 / 3) + 1 / 4 * 0.3)
    assert (calibration_error(rated((1.0, True), (0.0, False))), calibration_error([])) == (0.0, None)


@pytest.mark.parametrize(
    ("values", "precision", "expected"),
    [
        ([(0.9, True), (0.8, True), (0.7, False), (0.6, True)], 0.99, 0.5),
        ([(0.9, True), (0.8, True), (0.7, False), (0.6, True)], 0.75, 1.0),
        ([(0.9, True), (0.9, False)], 0.99, 0.0),
        ([(0.9, False), (0.8, True), (0.7, True), (0.6, True)], 0.75, 1.0),
    ],
)
def test_coverage_takes_the_surest_values_and_equal_ones_together(values, precision, expected):
    assert coverage(rated(*values), precision) == expected


def test_figures_over_no_values():
    assert (coverage([], 0.99), mean_confidence([]), precision_of([])) == (None, None, None)
    assert (mean_confidence(rated((0.5, True), (1.0, False))), precision_of(rated((0.5, True)))) == (0.75, 1.0)


# --- features


@pytest.mark.parametrize(
    ("pointer", "field"),
    [
        ("/header/subject", "subject"),
        ("/meeting/name", "meeting_name"),
        ("/meeting/chairs/0", "chairs"),
        ("/assessment/weaknesses/12", "weaknesses"),
        ("/directives/3", "directive_text"),
        ("/directives/3/assignees/0", "assignees"),
        ("/directives/3/deadline", "deadlines"),
        ("/directives/3/amounts/1", "amounts"),
        ("/directives/3/legal_references/1", "legal_references"),
        ("/recipients/2", "recipients"),
        ("/signature/authority/0", "authority"),
    ],
)
def test_a_pointer_tells_the_field(pointer, field):
    assert field_of(pointer) == field
    assert field in {*FIELDS, *DIRECTIVE_FIELDS}


def test_every_value_of_a_notice_is_of_a_scored_field():
    notice = notice_of(body="1. Giao Sở Y tế báo cáo trước ngày 30/6/2024, kinh phí 02 tỷ đồng.")
    assert {field_of(pointer) for pointer in notice.evidence} <= {*FIELDS, *DIRECTIVE_FIELDS}


def test_a_printed_word_is_no_reading_risk():
    features = features_at("/header/place", "Giao")
    assert features == {"any": 1.0, "field place": 1.0, "kind label": 1.0, "method rule": 1.0}


def test_what_the_ocr_doubts_stands_in_the_features():
    features = features_at("/header/place", "Giao các", (1.0, 0.5))
    assert (features["scanned"], features["scanned label"]) == (1.0, 1.0)
    assert (features["weakest"], features["weakest label"]) == (0.5, 0.5)
    assert features["blur"] == round(-math.log(0.75), 3)
    assert features["page blur"] == features["blur"]
    assert features["length"] == round(math.log(2), 3)


@pytest.mark.parametrize(
    ("name", "quote", "signs"),
    [
        ("Sở Tài chính", "Tài chính", {"restored"}),
        ("Tài chính", "Tài chính", set()),
        ("các Sở: Y tế, Tài chính", "các Sở: Y tế, Tài chính", {"small letter", "inner mark"}),
        (TEXT, TEXT, {"inner mark", "long name"}),
    ],
)
def test_signs_that_too_much_or_too_little_was_taken(name, quote, signs):
    meeting = notice_of().meeting
    participants = [{"name": name, "kind": "organization"}]
    changed = type(meeting).model_validate(meeting.model_dump() | {"participants": participants})
    features = features_at("/meeting/participants/0", quote, meeting=changed)
    assert signs == {"restored", "small letter", "inner mark", "long name"} & set(features)
    assert features["kind organization"] == 1.0


def test_siblings_are_counted_in_their_own_list():
    notice = notice_of(body="1. Giao Sở Y tế, Sở Tài chính báo cáo.\n2. Giao Sở Nội vụ kiểm tra.")
    document = document_of("")
    features = dict(describe(document, notice))
    assert features["/directives/0/assignees/0"]["siblings"] == round(math.log(2), 3)
    assert "siblings" not in features["/directives/1/assignees/0"]


# --- the table


def test_a_probability_is_the_logistic_of_the_sum():
    weights = {"any": 1.0, "scanned": -3.0}
    assert calibrated({"any": 1.0, "scanned": 0.5, "unheard of": 9.0}, weights) == pytest.approx(
        1 / (1 + math.exp(0.5))
    )


def test_a_notice_is_rated_value_by_value():
    notice = notice_of(body="1. Giao Sở Y tế báo cáo.")
    weights = {"any": math.log(3), "field issue_date": math.log(3)}
    after = rate(document_of(""), notice, weights).evidence
    assert after["/header/issue_date"].confidence == 0.9
    assert after["/header/place"].confidence == 0.75
    assert after["/header/place"].quote == notice.evidence["/header/place"].quote


def test_without_a_table_a_notice_stays_as_it_is(tmp_path):
    notice = notice_of()
    assert load_weights(tmp_path) is None
    assert rate(document_of(""), notice, None) is notice


@pytest.mark.parametrize("content", ["{", "[]", '{"weights": {"any": "x"}}', '{"weights": null}', "\xff"])
def test_a_broken_table_is_named(tmp_path, content):
    (tmp_path / TABLE_FILE).write_text(content, encoding="latin-1")
    with pytest.raises(ConfigError, match=r"table\.json is no table of weights"):
        load_weights(tmp_path)


def test_a_table_reads_back_equal(tmp_path):
    weights = {"method rule": 0.25, "any": -1.5}
    (tmp_path / TABLE_FILE).write_bytes(write_table(weights))
    assert load_weights(tmp_path) == weights


def test_our_table_is_the_one_that_its_card_describes():
    table = (FOLDER / TABLE_FILE).read_bytes()
    card = (FOLDER / CARD_FILE).read_text(encoding="utf-8")
    assert f"{len(table)} bytes, SHA-256 `{hashlib.sha256(table).hexdigest()}`" in card
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 200_000


def test_our_table_trusts_blurred_words_less():
    weights = load_weights()
    sharp = {"any": 1.0, "kind name": 1.0, "field participants": 1.0}
    blurred = sharp | {"scanned": 1.0, "scanned name": 1.0, "weakest": 0.6, "weakest name": 0.6, "blur": 0.3}
    assert calibrated(blurred, weights) < calibrated(sharp, weights)


def test_our_table_is_better_than_the_finders_on_notices_first_looked_at():
    observations = read_first_look()
    before = [Rated(each.case, each.field, each.finder, each.right) for each in observations]
    chances = cross_validate(observations)
    after = [Rated(each.case, each.field, p, each.right) for each, p in zip(observations, chances, strict=True)]
    assert calibration_error(after) < 0.03 < calibration_error(before)


# --- learning


def test_a_share_is_learnt():
    weights = learn([seen(right) for right in [True] * 30 + [False] * 10])
    assert weights["any"] == pytest.approx(math.log(3), abs=0.001)
    assert set(weights) == {"any"}


def test_a_sign_of_doubt_is_learnt():
    observations = [seen(True) for _ in range(50)] + [seen(right, blur=1.0) for right in [True, False] * 20]
    weights = learn(observations)
    assert weights["blur"] < 0
    assert calibrated({"any": 1.0}, weights) > 0.9
    assert 0.4 < calibrated({"any": 1.0, "blur": 1.0}, weights) < 0.65


def test_notices_that_were_looked_at_do_not_say_how_often_values_are_wrong():
    new = [seen(right) for right in [True] * 30 + [False] * 10]
    known = mark_looked_at([seen(True) for _ in range(99)] + [seen(False)])
    assert all(map(is_looked_at, known))
    assert not any(map(is_looked_at, new))
    weights = learn([*new, *known])
    assert "looked at" not in weights
    assert calibrated({"any": 1.0}, weights) == pytest.approx(0.75, abs=0.005)
    assert calibrated({"any": 1.0}, learn([*new, *(seen(each.right) for each in known)])) == pytest.approx(
        129 / 140, abs=0.005
    )


@pytest.mark.parametrize(("right", "low", "high"), [(True, 0.99, 1.0), (False, 0.0, 0.01)])
def test_values_that_are_all_alike_teach_as_much(right, low, high):
    assert low < calibrated({"any": 1.0}, learn([seen(right)] * 20)) < high


def test_nothing_is_learnt_of_nothing():
    with pytest.raises(EvaluationError, match="no value to learn from"):
        learn([])


def test_an_issuers_own_notices_do_not_rate_it():
    # two issuers in two folds: each is rated by the share of the other
    one = [seen(right, issuer="a") for right in [True, True, True, False]]
    other = [seen(right, issuer="b") for right in [True, False]]
    chances = cross_validate([*one, *other])
    assert chances == pytest.approx([0.5] * 4 + [0.75] * 2, abs=0.005)


outcomes = st.lists(st.tuples(st.booleans(), st.sampled_from("abc"), st.floats(0, 3)), min_size=4, max_size=20)


@given(outcomes)
def test_learning_is_deterministic_and_gives_probabilities(rows):
    rows = [*rows, (True, "a", 0.0), (False, "a", 0.0), (True, "b", 0.0), (False, "b", 0.0)]
    observations = [seen(right, issuer=issuer, blur=round(blur, 3)) for right, issuer, blur in rows]
    assert write_table(learn(observations)) == write_table(learn(list(observations)))
    assert all(0 <= chance <= 1 for chance in cross_validate(observations))


# --- observations


def write_case(folder, notice, **changes):
    """Write a case whose gold is our own notice, apart from `changes` of its header."""
    folder.mkdir(parents=True)
    gold = notice.model_dump(mode="json", exclude={"evidence", "source"})
    gold["header"] |= changes
    (folder / "gold.json").write_text(json.dumps(gold), encoding="utf-8")
    return folder


def test_every_value_with_evidence_is_judged_once(tmp_path):
    notice = notice_of(body="1. Giao Sở Y tế báo cáo trước ngày 30/6/2024.")
    case = write_case(tmp_path / "a", notice, place="Huế", subject="__any__")
    observed = judge(case, document_of(""), notice)
    wrong = [each.field for each in observed if not each.right]
    fields = [each.field for each in observed]
    assert wrong == ["place"]
    assert "subject" not in fields
    assert {"issue_date", "directive_text", "assignees", "deadlines", "chairs", "recipients"} <= set(fields)
    assert len(observed) == len(notice.evidence) - 1
    assert {each.issuer for each in observed} == {"ủy ban nhân dân tỉnh phú lộc, sở công thương"}


def test_observations_read_back_equal_and_hold_no_words(tmp_path):
    notice = notice_of(body="1. Giao Sở Y tế báo cáo.")
    observed = judge(write_case(tmp_path / "a", notice), document_of(""), notice)
    data = write_observations(observed)
    assert data == write_observations(observed)
    (tmp_path / "seen.gz").write_bytes(data)
    assert read_observations(tmp_path / "seen.gz") == observed
    assert read_first_look(tmp_path / "none.gz") == []


@pytest.mark.parametrize("content", [b"", b"no gzip", write_observations([])[:-3]])
def test_a_file_without_observations_is_named(tmp_path, content):
    path = tmp_path / "broken.gz"
    path.write_bytes(content)
    with pytest.raises(EvaluationError, match="holds no observations"):
        read_observations(path)
    with pytest.raises(EvaluationError, match="cannot read"):
        read_observations(tmp_path / "none.gz")


def test_the_first_look_holds_no_held_out_case():
    split = FIRST_LOOK.parents[2] / "data" / "gold" / "split.toml"
    held_out = split.read_text(encoding="utf-8").partition("held_out = [")[2]
    assert {each.case.removesuffix(" (scan)") for each in read_first_look()}.isdisjoint(held_out.split('"'))


# --- leaving issuers out


@pytest.mark.parametrize(
    ("worse", "is_rated_lower"),
    [("a", False), ("b", True), ("c", False)],
    ids=["its own", "another issuer's", "held out"],
)
def test_each_issuer_is_rated_by_what_others_teach(tmp_path, worse, is_rated_lower):
    notice = notice_of(body="1. Giao Sở Y tế báo cáo.")
    first = [seen(each, issuer="z", field="x") for each in [True] * 9 + [False]]

    def place_in_a(folder, wrong):
        places = {name: {"place": "Huế"} if name == wrong else {} for name in "abc"}
        cases = [write_case(folder / name, notice, issuing_body=name, **places[name]) for name in "abc"]
        found = leave_out_issuers(cases, lambda _case: (document_of(""), notice), first, held_out=["c"])
        return found["a"]["evidence"]["/header/place"]["confidence"]

    assert (place_in_a(tmp_path / "worse", worse) < place_in_a(tmp_path / "same", None)) == is_rated_lower


def test_a_case_that_cannot_be_read_is_left_out(tmp_path):
    case = write_case(tmp_path / "a", notice_of())
    assert leave_out_issuers([case], lambda _case: None, [seen(True), seen(False)]) == {}


# --- the card


def test_the_card_counts_and_measures_notices_first_looked_at():
    new = [seen(right, issuer="a") for right in [True, True, True, False]]
    new += [seen(right, issuer="b") for right in [True, True, True, False]]
    known = mark_looked_at([seen(True, issuer="c")])
    card = write_card([*new, *known], b"table", dt.date(2026, 1, 2)).decode()
    assert "made: 2026-01-02" in card
    assert f"5 bytes, SHA-256 `{hashlib.sha256(b'table').hexdigest()}`" in card
    assert "8 of 2 readings of 2 issuers' notices, 2 wrong" in card
    assert "1 of 1 readings of 1 issuers' notices, 0 wrong" in card
    (row,) = [row for row in compare_fields([*new, *known]).rows if row[0] == "all"]
    assert row[:4] == ["all", "8", "0.750", "0.250"]
    assert float(row[4]) < 0.02

"""Facets: every count is what asking for that very value finds; in both databases."""

import datetime as dt
import hashlib
import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_notices import make_notice

from pipeline.store import DocumentRecord, Ending, Question
from pipeline.store.question import FACETS

pytest_plugins = ["postgres"]

NOON = dt.datetime(2024, 5, 2, 12, tzinfo=dt.UTC)
TODAY = dt.date(2024, 6, 1)
BODIES = ("Sở Y tế", "Sở Tài chính", "Tổ rà soát hồ sơ")
PLACES = ("ỦY BAN NHÂN DÂN TỈNH HƯNG YÊN", "ỦY BAN NHÂN DÂN TỈNH CÀ MAU", None)
RHYTHMS = ("monthly", "quarterly")
FIELDS = {
    "who": "who",
    "year": "years",
    "province": "provinces",
    "issuer": "issuers",
    "state": "states",
    "document_type": "document_types",
    "origin": "origins",
    "recurrence": "recurrences",
}


def write(store, number, notice):
    sha256 = hashlib.sha256(str(number).encode()).hexdigest()
    store.add_documents([DocumentRecord(sha256, 1, f"n{number}")])
    attempt = store.begin_attempt(sha256, "r1", NOON, alone=False)
    store.end_attempt(attempt, sha256, Ending("ok", "ok", notice=notice, text=""), NOON, "1", "c")


def drawn_notice(draw):
    header = {
        "issuing_body": draw.choice(PLACES),
        "issue_date": draw.choice(("2023-03-01", "2024-05-02", None)),
        "document_type": draw.choice(("Thông báo", "Kết luận", None)),
        "subject": draw.choice(("Kết luận về đê điều", "Kết luận về đàn gà")),
    }
    weaknesses = [{"text": "Còn chậm"}] * draw.randrange(2)
    directives = [drawn_directive(draw) for _ in range(draw.randrange(4))]
    return make_notice(header=header, assessment={"weaknesses": weaknesses}, directives=directives, evidence={})


def drawn_directive(draw):
    roles = (draw.choice(("lead", "support")) for _ in range(draw.randrange(4)))
    due = draw.choice((None, "2024-05-20", "2024-06-05", "2025-01-01"))
    rhythm = draw.choice((None, None, *RHYTHMS))
    return {
        "text": draw.choice(("Rà soát đê điều", "Báo cáo đàn gà")),
        "assignees": [{"name": draw.choice(BODIES), "role": role, "inherited": False} for role in roles],
        "deadline": {"text": "hạn", "due": due, "recurrence": rhythm} if due or rhythm else None,
    }


@pytest.fixture
def filled(store):
    draw = random.Random(3)
    for number in range(25):
        write(store, number, drawn_notice(draw))
    return store


def with_value(question, facet, value):
    """Return the question with this value as the facet's only condition."""
    if facet == "role":
        return replace(question, role=value)
    if facet == "weakness":
        return replace(question, weakness=value == "yes")
    return replace(question, **{FIELDS[facet]: (int(value) if facet == "year" else value,)})


questions = st.builds(
    Question,
    what=st.sampled_from(["directives", "notices"]),
    words=st.sampled_from(["", "de dieu", "đàn", "khongco"]),
    who=st.sampled_from([(), (), ("Sở Y tế",), ("so-tai-chinh@hung-yen", "to ra soat ho so")]),
    role=st.sampled_from([None, None, "lead", "support"]),
    years=st.sampled_from([(), (), (2024,), (2023, 2019)]),
    provinces=st.sampled_from([(), (), ("Cà Mau",)]),
    document_types=st.sampled_from([(), (), ("Thông báo",)]),
    states=st.sampled_from([(), (), ("overdue", "none"), ("soon",)]),
    recurrences=st.sampled_from([(), (), ("monthly",)]),
    weakness=st.sampled_from([None, None, True, False]),
    due_to=st.sampled_from([None, None, dt.date(2024, 6, 10)]),
    issued_from=st.sampled_from([None, None, dt.date(2024, 1, 1)]),
    as_of=st.just(TODAY),
    limit=st.just(0),
)


@given(question=questions)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_every_count_is_what_asking_for_the_value_finds(filled, question):
    told = filled.facets(question)
    assert list(told) == list(FACETS)
    for facet, values in told.items():
        assert len({value.value for value in values}) == len(values)
        for value in values:
            if facet == "who" and " " in value.value:  # a printed name finds the bodies of several keys
                continue
            assert value.count == filled.ask(with_value(question, facet, value.value)).total, (facet, value)


@pytest.mark.parametrize("what", ["directives", "notices"])
def test_every_hit_is_in_one_state_and_either_has_weaknesses_or_not(filled, what):
    found = filled.ask(Question(what=what, as_of=TODAY)).total
    told = filled.facets(Question(what=what, as_of=TODAY))
    assert sum(value.count for value in told["weakness"]) == found
    if what == "directives":
        assert sum(value.count for value in told["state"]) == found
    assert {value.value for value in told["recurrence"]} == set(RHYTHMS)


def test_values_come_in_their_order_and_are_named_for_people(filled):
    told = filled.facets(Question(as_of=TODAY))
    counts = [value.count for value in told["who"]]
    assert counts == sorted(counts, reverse=True)
    assert [value.value for value in told["year"]] == ["2024", "2023"]
    assert [value.value for value in told["state"]] == ["overdue", "soon", "open", "recurring", "none"]
    labels = {value.value: value.label for value in told["who"]}
    assert labels["so-y-te@hung-yen"] == "Sở Y tế tỉnh Hưng Yên"
    assert "Tổ rà soát hồ sơ" in labels.values()


def test_what_is_asked_for_is_told_even_if_nothing_has_it(filled):
    told = filled.facets(Question(years=(1999,), recurrences=("weekly",), as_of=TODAY))
    assert {value.value: value.count for value in told["year"]}["1999"] == 0
    assert {value.value: value.count for value in told["recurrence"]}["weekly"] == 0
    assert all(not values or all(value.count == 0 for value in values) for values in (told["who"], told["state"]))


def test_an_empty_store_has_no_values(store):
    assert not any(store.facets(Question()).values())


def test_what_is_remembered_is_forgotten_when_something_is_written(filled):
    before = sum(value.count for value in filled.facets(Question(as_of=TODAY))["state"])
    assert before == sum(value.count for value in filled.facets(Question(as_of=TODAY, sort="due"))["state"])
    header = {"issuing_body": PLACES[0], "issue_date": "2024-05-02"}
    write(filled, 99, make_notice(header=header, directives=[{"text": "Một"}, {"text": "Hai"}], evidence={}))
    assert sum(value.count for value in filled.facets(Question(as_of=TODAY))["state"]) == before + 2


def test_a_body_that_is_named_twice_in_a_directive_counts_once(store):
    twice = [{"name": "Sở Y tế", "role": role, "inherited": False} for role in ("support", "lead", "lead")]
    header = {"issuing_body": PLACES[0], "issue_date": "2024-05-02"}
    write(store, 1, make_notice(header=header, directives=[{"text": "Một", "assignees": twice}], evidence={}))
    assert [value.count for value in store.facets(Question())["who"]] == [1]
    assert [value.count for value in store.facets(Question(role="lead"))["who"]] == [1]
    assert [(value.value, value.count) for value in store.facets(Question())["role"]] == [("lead", 1), ("support", 1)]

"""What returns over notices: found by words and not by figures, with where it stands, copies counted once; in both."""

import datetime as dt
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_notices import make_notice

from pipeline.normalise.passages import LIKE, bands, likeness, shared, shingles
from pipeline.store import Correction, DocumentRecord, Ending, Link, Wanted, gather, result_hash

pytest_plugins = ["postgres"]

NOON = dt.datetime(2024, 5, 2, 12, tzinfo=dt.UTC)
ROADS = "Đường liên thôn xuống cấp, còn 12 km chưa được sửa chữa."
AGAIN = "Các tuyến đường liên thôn xuống cấp, còn 9,5 km chưa sửa chữa."
PUMPS = "Trạm bơm Cầu Ván hỏng 2 máy, chưa có phụ tùng thay thế."


def sha(name):
    return hashlib.sha256(name.encode()).hexdigest()


def put(store, name, issued, weaknesses, directives=(), body="ỦY BAN NHÂN DÂN TỈNH HƯNG YÊN"):  # noqa: PLR0917
    read = {"start": 0, "end": 1, "page": 2, "boxes": [], "confidence": 0.9, "method": "rule"}
    notice = make_notice(
        f"{name}.pdf",
        name.encode(),
        header={"document_number": f"{name}/TB", "issuing_body": body, "issue_date": issued},
        directives=[{"text": text} for text in directives],
        assessment={"achievements": [], "weaknesses": [{"text": text} for text in weaknesses]},
        evidence={f"/assessment/weaknesses/{at}": {"quote": text, **read} for at, text in enumerate(weaknesses)},
    )
    store.add_documents([DocumentRecord(sha(name), 1, name)])
    attempt = store.begin_attempt(sha(name), "r1", NOON, alone=False)
    store.end_attempt(attempt, sha(name), Ending("ok", "ok", notice=notice, text=""), NOON, "1", "c")


@pytest.fixture
def filled(store):
    put(store, "c", "2021-03-04", [AGAIN, PUMPS])
    put(store, "a", "2019-03-04", ["Chưa tổng kết phong trào.", ROADS], ["Sửa máy bơm trạm Cầu Ván."])
    put(store, "b", None, [ROADS.upper()], ["Sửa xong máy bơm trạm Cầu Ván."])
    return store


def found(store, **asked):
    sets, total = store.returning(Wanted(**asked))
    assert len(sets) == total
    return sets


def test_what_is_said_again_is_found_with_where_it_stands(filled):
    assert filled.find_returning(NOON) == {"weaknesses": 1, "directives": 1}
    (roads,) = found(filled)
    assert [(one.sha256, one.ordinal, one.text) for one in roads.occurrences] == [
        (sha("a"), 1, ROADS),
        (sha("c"), 0, AGAIN),
        (sha("b"), 0, ROADS.upper()),
    ]
    assert (roads.notices, roads.years) == (3, (2019, 2021))
    assert roads.words == ["đường liên thôn xuống cấp", "km", "sửa chữa"]
    assert roads.occurrences[0].likeness == roads.occurrences[2].likeness == 1
    assert LIKE <= roads.occurrences[1].likeness < 1
    assert roads.occurrences[0].document_number == "a/TB"
    (pumps,) = found(filled, what="directives")
    assert {one.sha256 for one in pumps.occurrences} == {sha("a"), sha("b")}
    assert filled.returning_found_at() == NOON


def test_finding_again_puts_the_new_in_the_place_of_the_old(filled):
    filled.find_returning(NOON)
    assert filled.find_returning(NOON, 1.0)["weaknesses"] == 1
    assert found(filled)[0].notices == 2
    put(filled, "d", "2022-03-04", [PUMPS])
    assert filled.find_returning(NOON)["weaknesses"] == 2


def test_copies_of_a_notice_are_one(filled):
    filled.add_links([Link(sha("a"), sha("c"), "same-text", 1.0, "made so")])
    filled.find_returning(NOON)
    assert found(filled)[0].notices == 2
    filled.add_links([Link(sha("b"), sha("c"), "same-text", 1.0, "made so")])
    assert filled.find_returning(NOON)["weaknesses"] == 0


def test_twice_in_one_notice_is_no_return(store):
    put(store, "a", "2019-03-04", [ROADS, AGAIN])
    assert store.find_returning(NOON) == {"weaknesses": 0, "directives": 0}
    assert (found(store), store.returning_found_at()) == ([], None)


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"year": 2021}, 1),
        ({"year": 2020}, 0),
        ({"province": "tỉnh Hưng Yên"}, 1),
        ({"province": "thành phố Huế"}, 0),
        ({"issuer": "uy-ban-nhan-dan@hung-yen"}, 1),
        ({"topic": "other"}, 1),
        ({"topic": "health"}, 0),
        ({"words": "LIEN thôn"}, 1),
        ({"words": "xuống cấp liên tuyến"}, 1),
        ({"words": "thôn trạm"}, 0),
        ({"words": "tho"}, 0),
        ({"words": "%"}, 1),
        ({"least_notices": 3}, 1),
        ({"least_notices": 4}, 0),
    ],
)
def test_conditions_are_met_by_some_notice_of_the_set(filled, asked, count):
    filled.find_returning(NOON)
    assert len(found(filled, **asked)) == count


def reject(store, name, pointer, before):
    said = (pointer, "reject", before, None, "mai", NOON)
    store.add_correction(Correction(sha(name), *said, result_hash(store.notice(sha(name)))))


def places(store, **asked):
    return [{(one.sha256, one.text) for one in made.occurrences} for made in found(store, **asked)]


def test_what_is_corrected_away_leaves_its_set_and_nothing_takes_its_place(filled):
    filled.find_returning(NOON)
    reject(filled, "c", "/assessment/weaknesses/0", {"text": AGAIN})
    assert places(filled) == [{(sha("a"), ROADS), (sha("b"), ROADS.upper())}]
    assert [(made.notices, made.passages, made.years) for made in found(filled)] == [(2, 2, (2019,))]
    reject(filled, "b", "/assessment/weaknesses/0", {"text": ROADS.upper()})
    assert (found(filled), len(found(filled, what="directives"))) == ([], 1)


def test_what_moves_within_its_notice_stays_in_its_set(filled):
    filled.find_returning(NOON)
    reject(filled, "a", "/assessment/weaknesses/0", {"text": "Chưa tổng kết phong trào."})
    (roads,) = found(filled)
    assert [(one.sha256, one.ordinal) for one in roads.occurrences] == [(sha("a"), 0), (sha("c"), 0), (sha("b"), 0)]


def test_what_is_written_while_sets_are_looked_for_is_not_taken_for_what_it_was(filled, monkeypatch):
    compare = gather.likeness
    left = [("c", "/assessment/weaknesses/0", {"text": AGAIN})]

    def meanwhile(one, other):
        if left:
            reject(filled, *left.pop())
        return compare(one, other)

    monkeypatch.setattr(gather, "likeness", meanwhile)
    assert filled.find_returning(NOON) == {"weaknesses": 1, "directives": 1}
    assert places(filled) == [{(sha("a"), ROADS), (sha("b"), ROADS.upper())}]


def test_the_quote_and_the_earliest_are_given_with_the_document_that_is_asked_for(store):
    for number in range(4):
        put(store, f"n{number}", f"201{number}-01-01", [ROADS])
    store.find_returning(NOON)
    ((roads,), _) = store.returning(Wanted(sha256=sha("n3")), most=2)
    assert [one.document_number for one in roads.occurrences] == ["n0/TB", "n1/TB", "n3/TB"]
    assert (roads.notices, roads.passages, roads.years) == (4, 4, (2010, 2011, 2012, 2013))
    assert {(one.quote, one.page) for one in roads.occurrences} == {(ROADS, 2)}


def test_of_as_many_notices_those_over_more_years_come_first(store):
    for name, issued, text in (("a", "2019-01-01", PUMPS), ("b", "2020-01-01", PUMPS)):
        put(store, name, issued, [text])
    put(store, "c", "2010-01-01", [ROADS])
    put(store, "d", "2018-01-01", [ROADS])
    store.find_returning(NOON)
    assert [made.occurrences[0].text for made in found(store)] == [ROADS, PUMPS]


def test_a_page_is_given_and_all_are_counted(store):
    for number in range(4):
        put(store, f"n{number}", f"201{number}-01-01", [ROADS, PUMPS, "Chợ xã thiếu mái che, mưa dột."])
    store.find_returning(NOON)
    first, total = store.returning(Wanted(), 2)
    rest, _ = store.returning(Wanted(), 2, 2)
    assert (len(first), len(rest), total) == (2, 1, 3)
    assert len({one.id for one in (*first, *rest)}) == 3


def test_no_chain_of_small_steps_joins_what_is_unlike(store):
    words = [f"từ{letter}" for letter in "abcdefghijklmnopqrstuvwx"]
    for number in range(12):
        put(store, f"n{number:02}", f"20{10 + number}-01-01", [" ".join(words[number : number + 12])])
    store.find_returning(NOON)
    for made in found(store):
        first = shingles(made.occurrences[0].text)
        assert all(likeness(first, shingles(one.text)) >= LIKE for one in made.occurrences)
    assert len(found(store)) > 1


def test_figures_marks_and_form_count_for_nothing():
    assert likeness(shingles("Còn 12 xã chưa có chợ dân sinh"), shingles("CÒN 7,5% XÃ CHƯA CÓ CHỢ DÂN SINH")) == 1
    form = (
        "Giao Sở Y tế chủ trì, phối hợp với các đơn vị liên quan {} báo cáo Ủy ban nhân dân tỉnh trước ngày 30/6/2021."
    )
    one, other = form.format("diệt bọ gậy ở vùng lũ,"), form.format("kiểm kê thuốc gây nghiện,")
    assert likeness(shingles(one), shingles(other)) < LIKE
    assert likeness(shingles("Giao thông nông thôn"), shingles("giao thông nông thôn")) == 1
    assert shingles("") == frozenset()


@given(st.lists(st.text(max_size=40), max_size=20))
def test_the_same_passages_have_the_same_keys_and_no_words_have_none(texts):
    made = [shingles(text) for text in texts]
    keys = list(bands(made))
    assert keys == list(bands(made))
    for one, its in zip(made, keys, strict=True):
        assert bool(its) == bool(one)
        assert all(its == others for other, others in zip(made, keys, strict=True) if one == other)


def test_what_is_alike_has_a_key_in_common_nearly_always():
    words = [f"w{number}" for number in range(400)]
    missed = 0
    for start in range(200):
        one, other = (shingles(" ".join(words[first : first + 40])) for first in (start, start + 14))
        assert likeness(one, other) > LIKE
        missed += not set(*bands([one])) & set(*bands([other]))
    assert missed <= 20


@given(st.text(max_size=60), st.lists(st.text(max_size=10), max_size=4))
def test_pieces_are_the_text(text, words):
    assert "".join(piece for piece, _ in shared(text, words)) == text

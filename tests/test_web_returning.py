"""The page of what returns."""

import datetime as dt

import pytest
from made_notices import make_notice
from web_sites import PAYLOADS, hostile_notice, make_site

from pipeline.notice import Notice

NOON = dt.datetime(2024, 5, 2, 12, tzinfo=dt.UTC)
ROADS = "Đường liên thôn xuống cấp, còn {} km chưa được sửa chữa."


def notice(name, year, *weaknesses):
    header = {
        "document_number": f"{year}/TB",
        "issuing_body": "ỦY BAN NHÂN DÂN TỈNH HƯNG YÊN",
        "issue_date": f"{year}-02-03",
    }
    assessment = {"achievements": [], "weaknesses": [{"text": text} for text in weaknesses]}
    return make_notice(f"{name}.pdf", name.encode(), header=header, assessment=assessment, directives=[])


@pytest.fixture
def site(tmp_path):
    made = make_site(tmp_path)
    made.shas = [
        made.add(
            f"n{year}.pdf",
            f"n{year}".encode(),
            notice(f"n{year}", year, "Khác hẳn mọi năm: thiếu ghế", ROADS.format(year)),
        )
        for year in range(2012, 2020)
    ]
    yield made
    made.store.close()


def page(site, query=""):
    answer = site.client().get(f"/returning?lang=en&{query}")
    assert answer.status_code == 200
    return answer.text


def test_before_anybody_looked_it_is_said_how(site):
    assert "chidao returning" in page(site)


def test_each_time_is_shown_with_the_way_to_its_place(site):
    site.store.find_returning(NOON)
    text = page(site)
    assert "2 passages that return" in text
    assert text.count("8 notices · 2012, 2013, 2014") == 2
    for sha256, year in zip(site.shas, range(2012, 2020), strict=True):
        assert f'/notice/{sha256}#f-assessment-weaknesses-1"><bdi><b>Đường liên thôn xuống cấp</b>, còn {year} ' in text
    assert "<h2><bdi>đường liên thôn xuống cấp · km · sửa chữa</bdi></h2>" in text
    assert "f-assessment-weaknesses-1" in site.client().get(f"/notice/{site.shas[0]}").text


def test_a_notice_tells_what_of_it_is_said_again_and_where(site):
    site.store.find_returning(NOON)
    text = site.client().get(f"/notice/{site.shas[0]}?lang=en").text
    assert "Said again in other notices" in text
    assert f'/notice/{site.shas[1]}#f-assessment-weaknesses-1">2013/TB</a> (2013)' in text
    assert f'/notice/{site.shas[0]}#f-assessment-weaknesses-1">' not in text.partition("Said again")[2]


def test_conditions_and_pages_are_read_from_the_address(site):
    site.store.find_returning(NOON)
    assert "2 passages" in page(site, "year=2015&issuer=uy-ban-nhan-dan%40hung-yen")
    assert "Nothing returns" in page(site, "year=1999")
    assert "Nothing returns" in page(site, "what=directives")
    assert "Nothing returns" in page(site, "page=9")
    assert "1 passage that returns" in page(site, "q=lien+thon")
    assert "Nothing returns" in page(site, "q=lien+ghe")
    assert "2 passages" in page(site, "year=&topic=&notices=x&page=0&province=")


@pytest.mark.parametrize("query", ["page=²", "year=99999", "topic=%00", "issuer=%22", "what=%ff", "notices=-1"])
def test_odd_addresses_are_no_errors(site, query):
    page(site, query)


def test_a_page_has_twenty_and_its_address_keeps_the_conditions(site):
    animals = [f"trâu{letter} bò{letter} lợn{letter} gà{letter} vịt{letter}" for letter in "abcdefghijklmnopqrstuv"]
    for year in (2001, 2002):
        site.add(f"m{year}.pdf", f"m{year}".encode(), notice(f"m{year}", year, *animals))
    site.store.find_returning(NOON)
    first = page(site, "year=2001&q=")
    assert "22 passages" in first
    assert first.count('<li class="card">') == 20
    assert 'href="?year=2001&amp;page=2" rel="next"' in first
    last = page(site, "year=2001&page=2")
    assert last.count('<li class="card">') == 2
    assert 'href="?year=2001" rel="prev"' in last


def test_what_was_read_is_shown_where_a_person_corrected_it(site):
    read = {"start": 0, "end": 1, "page": 3, "boxes": [], "confidence": 0.9, "method": "rule"}
    made = notice("late", 2020, ROADS.format(7)).model_dump(mode="json")
    made["evidence"] = {"/assessment/weaknesses/0": {"quote": "Duong lien th0n", **read}}
    site.add("late.pdf", b"late", Notice.model_validate(made))
    site.store.find_returning(NOON)
    text = page(site)
    assert '<p class="quote"><bdi>Duong lien th0n</bdi></p>' in text
    assert "page 3" in text


def test_texts_that_attack_stay_texts(tmp_path):
    made = make_site(tmp_path / "hostile")
    for payload in PAYLOADS:
        for copy in "ab":
            data = f"{payload}{copy}".encode()
            made.add(f"{copy}{len(made.store.documents())}.pdf", data, hostile_notice(data, payload), text=payload)
    made.store.find_returning(NOON)
    text = page(made)
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "passages that return" in text
    made.store.close()

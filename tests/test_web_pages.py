"""The pages without script: search, notice, runs, downloads and languages."""

import csv
import io
import json
import re

import pytest
from web_sites import NOON, RUN, TEXT, make_site, plain_notice, sample

from pipeline.batch import locked
from pipeline.store import Correction, Link

NONE = "0" * 64
PDF = "evncpc-luoi-dien-110kv-2024.pdf"


@pytest.fixture
def site(tmp_path):
    made = make_site(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def sha(site):
    return site.add("a.docx", b"a", plain_notice())


def plain(text):
    """Return the words of a page."""
    return " ".join(re.sub(r"<[^>]+>", "", text).split())


# --- search


def test_words_without_marks_find_what_has_them(site, sha):
    text = site.client().get("/?q=so+y+te").text
    assert "<mark>Sở</mark>" in text
    assert f'href="/notice/{sha}#f-directives-0"' in text
    assert "1 ý kiến chỉ đạo" in plain(text)


def test_a_store_without_documents_says_what_to_do(site):
    assert "chidao run" in site.client().get("/").text


@pytest.mark.usefixtures("sha")
def test_nothing_found_says_what_to_do(site):
    assert "Không tìm thấy gì" in site.client().get("/?q=khong+co+tu+nay").text


@pytest.mark.usefixtures("sha")
def test_a_form_without_script_leads_to_a_permalink(site):
    answer = site.client().get("/?q=y+te&what=&sort=&role=&as_of=&due_from=&state=overdue")
    assert (answer.status_code, answer.headers["location"]) == (303, "/?q=y+te&state=overdue")


@pytest.mark.usefixtures("sha")
def test_a_filter_in_effect_can_be_taken_away(site):
    text = site.client().get("/?q=y+te&state=overdue&year=2024&as_of=2024-07-15").text
    assert 'href="/?q=y+te&amp;year=2024&amp;as_of=2024-07-15"' in text
    assert 'href="/?q=y+te&amp;state=overdue&amp;as_of=2024-07-15"' in text


@pytest.mark.usefixtures("sha")
def test_a_deadline_stands_as_of_the_day_that_is_asked(site):
    assert "state-overdue" in site.client().get("/?as_of=2024-07-01").text
    assert "state-soon" in site.client().get("/?as_of=2024-06-25").text
    assert "state-open" in site.client().get("/?as_of=2024-01-01").text


ODD = (
    *("page=0", "page=-1", "page=x", "page=99999999", "as_of=2024-99-99", "sort=x", "what=x", "year=x", "year=²"),
    *("state=x", "role=x", "weakness=x", "q=%00", 'q="', "q=***", "soon=x", "q=" + "a" * 5000, "who=" + "b" * 5000),
)


@pytest.mark.parametrize("query", ODD)
@pytest.mark.usefixtures("sha")
def test_odd_questions_are_answered(site, query):
    assert site.client().get(f"/?{query}").status_code == 200


def test_pages_of_results_follow_each_other(site):
    for number in range(25):
        data = bytes([number])
        site.add(f"{number}.docx", data, plain_notice(data))
    client = site.client()
    first, second = client.get("/?q=tai+chinh").text, client.get("/?q=tai+chinh&page=2").text
    assert (first.count('class="hit"'), second.count('class="hit"')) == (20, 5)
    assert 'rel="next" href="/?q=tai+chinh&amp;page=2"' in first
    assert 'rel="prev" href="/?q=tai+chinh"' in second
    assert 'rel="next"' not in second


# --- a notice


def test_a_notice_is_shown_with_its_text(site, sha):
    text = site.client().get(f"/notice/{sha}").text
    shown = plain(text)
    for value in ("12/TB-UBND", "02/05/2024", "Lê Thị Mai", "Hồ Văn Tư", "Thiếu thuốc", "30/06/2024", "90%", "Trần An"):
        assert value in shown, value
    assert (
        f'<a class="quote" href="#f-directives-0" data-for="f-directives-0">{TEXT[: TEXT.index("trước")]}</a>' in text
    )
    assert 'data-for="f-directives-0 f-directives-0-deadline">trước ngày 30/6/2024</a>' in text
    assert 'href="#t-directives-0-deadline"' in text
    assert 'id="t-directives-0-deadline"' in text


def test_a_notice_is_shown_beside_its_pages(site):
    sha = sample(site, PDF)
    client = site.client()
    text = client.get(f"/notice/{sha}").text
    assert f'src="/page/{sha}/1.webp"' in text
    assert f'src="/page/{sha}/2.webp"' in text
    box = re.search(r'id="b-directives-0-deadline"><rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"', text)
    assert box is not None
    assert [float(share) for share in box.groups()] == pytest.approx([33.36, 11.7, 17.31], abs=0.1)
    picture = client.get(f"/page/{sha}/1.webp")
    assert picture.headers["content-type"] == "image/webp"
    assert picture.content[8:12] == b"WEBP"
    assert (site.out / ".pages" / sha / "1-0.webp").read_bytes() == picture.content
    assert client.get(f"/page/{sha}/3.webp").status_code == 404


def test_pages_are_not_shown_of_a_file_that_changed(site):
    sha = sample(site, PDF)
    client = site.client()
    assert client.get(f"/page/{sha}/1.webp").status_code == 200
    (site.inbox / PDF).write_bytes(b"%PDF-1.4 another")
    assert client.get(f"/page/{sha}/1.webp").status_code == 404
    text = client.get(f"/notice/{sha}").text
    assert "Tệp đã bị chuyển đi hoặc thay đổi" in text
    assert "Tệp gốc" not in text
    assert client.get(f"/original/{sha}").status_code == 404


def test_a_notice_is_shown_as_people_corrected_it(site, sha):
    result = site.store.documents([sha])[sha].result
    said = Correction(sha, "/header/place", "correct", "Đồng Hới", "Quảng Trạch", "mai", NOON, result)
    site.store.add_correction(said)
    text = plain(site.client().get(f"/notice/{sha}").text)
    assert "Quảng Trạch" in text
    assert "Đã có người sửa" in text
    assert json.loads(site.client().get(f"/notice/{sha}.json").content)["header"]["place"] == "Quảng Trạch"


def test_a_notice_leads_to_what_belongs_to_it(site, sha):
    cited = {"legal_references": [{"citation": "Thông báo số 12/TB-UBND", "number": "12/TB-UBND"}]}
    header = {"document_number": "99/TB-UBND", "subject": "Về việc sau"}
    other = site.add("b.docx", b"b", plain_notice(b"b", header=header, **cited))
    site.store.add_links([Link(sha, other, "near", 0.9, "the same words")])
    client = site.client()
    first, second = client.get(f"/notice/{sha}").text, client.get(f"/notice/{other}").text
    assert first.count(f'href="/notice/{other}"') == 2  # nearly the same, and citing
    assert second.count(f'href="/notice/{sha}"') == 2
    assert f'href="/runs/{RUN}"' in first


@pytest.mark.parametrize("path", [f"/notice/{NONE}", "/notice/x", "/notice/..%2fetc", f"/page/{NONE}/1.webp"])
def test_what_is_not_there_is_a_page_with_advice(site, path):
    answer = site.client().get(path)
    assert answer.status_code == 404
    assert "tra cứu" in answer.text.lower()


# --- files


def test_an_original_is_only_to_be_saved(site):
    name = 'Thông báo "1"; x=\n.html'
    data = b"<script>alert(1)</script>"
    sha = site.add(name, data, plain_notice(data))
    answer = site.client().get(f"/original/{sha}")
    assert answer.content == data
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert "\n" not in answer.headers["content-disposition"]
    assert answer.headers["content-security-policy"].startswith("sandbox")


def test_a_link_in_the_place_of_an_original_leads_nowhere(site, tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(b"a")
    sha = site.add("a.pdf", b"a", plain_notice())
    (site.inbox / "a.pdf").unlink()
    (site.inbox / "a.pdf").symlink_to(secret)
    assert site.client().get(f"/original/{sha}").status_code == 404


@pytest.mark.parametrize("path", ["/original/..%2f..%2fetc%2fpasswd", "/static/..%2fapp.py", "/static/%2e%2e/app.py"])
def test_no_path_leads_out(site, path):
    assert site.client().get(path).status_code == 404


@pytest.mark.usefixtures("sha")
def test_what_was_found_is_saved_as_a_table(site):
    data = b"b"
    formula = {"text": "=1+1", "assignees": [{"name": "@Sở", "role": "lead", "inherited": False}]}
    site.add("b.docx", data, plain_notice(data, directives=[formula], evidence={}))
    answer = site.client().get("/search.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {(row["text"], row["leads"]) for row in rows} >= {
        ("'=1+1", "'@Sở"),
        (TEXT.replace("trước", "trước"), "Sở Y tế"),
    }
    exact = json.loads(site.client().get("/search.json").content)
    assert "=1+1" in {row["text"] for row in exact}
    assert [row["name"] for row in exact[0]["actors"]]


@pytest.mark.usefixtures("sha")
def test_a_download_holds_all_of_the_search_and_no_more(site):
    client = site.client()
    assert len(json.loads(client.get("/search.json?q=tai+chinh&page=2").content)) == 1
    assert json.loads(client.get("/search.json?q=khong+co").content) == []
    assert len(json.loads(client.get("/search.json?what=notices").content)) == 1
    assert client.get("/search.exe").status_code == 404


# --- runs


@pytest.mark.usefixtures("sha")
def test_runs_are_listed_with_what_is_held(site):
    site.add("bad.pdf", b"bad", None)
    client = site.client()
    text = plain(client.get("/runs").text)
    for word in ("bad.pdf", "it died", "Làm sập tiến trình đọc", "1:15"):
        assert word in text, word
    assert "3" in plain(client.get(f"/runs/{RUN}").text)


def test_a_report_is_shown_held_to_its_own_policy(site):
    folder = site.out / "runs" / RUN
    (folder / "report.html").write_text("<script>alert(1)</script>")
    (folder / "report.json").write_text(
        json.dumps({"failures": [{"file": "x.pdf", "fate": "refused", "kind": "damaged"}]})
    )
    client = site.client()
    answer = client.get(f"/runs/{RUN}/report.html")
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert "Tệp hỏng" in client.get(f"/runs/{RUN}").text
    assert "attachment" in client.get(f"/runs/{RUN}/report.json").headers["content-disposition"]


@pytest.mark.parametrize("path", ["/runs/none", "/runs/%2e%2e", "/runs/none/report.html", f"/runs/{RUN}/report.html"])
def test_a_run_or_report_that_is_not_there_is_told(site, path):
    assert site.client().get(path).status_code == 404


@pytest.mark.parametrize("report", ["", "[]", "{", '{"failures": null}'])
def test_a_damaged_report_hides_no_run(site, report):
    (site.out / "runs" / RUN / "report.json").write_text(report)
    assert site.client().get(f"/runs/{RUN}").status_code == 200


def test_nothing_is_put_back_while_a_run_goes_on(site):
    sha = site.add("bad.pdf", b"bad", None)
    client = site.client()
    seal = re.search(r'name="seal" value="(\w+)"', client.get("/runs").text)[1]
    with locked(site.out):
        answer = client.post("/runs/retry", data={"seal": seal, "sha256": sha})
    assert answer.status_code == 409
    assert site.store.documents([sha])[sha].state == "quarantined"
    assert client.post("/runs/retry", data={"seal": seal}).status_code == 400


# --- languages


@pytest.mark.usefixtures("sha")
def test_the_language_is_vietnamese_unless_another_is_asked_for(site):
    client = site.client()
    assert '<html lang="vi">' in client.get("/", headers={"Accept-Language": "en"}).text
    english = client.get("/?q=y+te&lang=en").text
    assert '<html lang="en">' in english
    assert "1 directive" in plain(english)
    assert 'href="/?q=y+te&amp;lang=vi"' in english
    assert '<html lang="en">' in client.get("/").text
    assert '<html lang="vi">' in client.get("/?lang=vi").text
    assert '<html lang="vi">' in client.get("/?lang=xx").text

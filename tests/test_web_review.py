"""The pages of review: what people say of a value, what they may not say, and what became of it meanwhile."""

import datetime as dt
import html
import json
import re

import pytest
from made_notices import DIRECTIVES
from web_sites import HOST, PAYLOADS, TEXT, hostile_notice, make_site, plain_notice

from pipeline.config import Config
from pipeline.store import Correction
from pipeline.web.agenda import Asked, after_rejection
from pipeline.web.shapes import SHAPES, Mistyped, pattern_of, read, shape_of, shown

NOON = dt.datetime(2024, 5, 2, 12, tzinfo=dt.UTC)
MAI = {"X-User": "mai"}
LAN = {"X-User": "lan"}


@pytest.fixture
def site(tmp_path):
    made = make_site(tmp_path)
    settings = made.config.model_dump(mode="json")
    made.config = Config.model_validate({**settings, "web": {**settings["web"], "user_header": "X-User"}})
    yield made
    made.store.close()


@pytest.fixture
def sha(site):
    """A notice whose file is not there any more: so no process is started to draw its pages."""
    found = site.add("a.pdf", b"a", plain_notice())
    (site.inbox / "a.pdf").unlink()
    return found


@pytest.fixture
def client(site, sha):
    assert sha
    return site.client()


def form_of(answer):
    """Return the fields of the editor in a page, as a browser would send them."""
    editor = re.search(r"<form class=\"editing\".*?</form>", answer.text, re.DOTALL)[0]
    sent = {}
    for tag in re.findall(r"<input [^>]*>", editor):
        named = dict(re.findall(r"([a-z]+)=\"([^\"]*)\"", tag))
        if named.get("type") != "checkbox" or " checked" in tag:
            sent[named["name"]] = html.unescape(named.get("value", ""))
    for name, value in re.findall(r"<textarea [^>]*?name=\"([^\"]*)\"[^>]*>\n(.*?)</textarea>", editor, re.DOTALL):
        sent[name] = html.unescape(value)
    for name, options in re.findall(r"<select [^>]*?name=\"([^\"]*)\">(.*?)</select>", editor, re.DOTALL):
        chosen = re.search(r"value=\"([^\"]*)\" selected", options) or re.search(r"value=\"([^\"]*)\"", options)
        sent[name] = html.unescape(chosen[1]) if chosen else ""
    return sent


def look(client, sha, at, **more):
    answer = client.get("/review", params={"sha256": sha, "at": at, "lang": "en", **more})
    assert answer.status_code == 200, answer.text
    return form_of(answer)


def say(client, sent, action="confirm", headers=MAI, **typed):
    sent = {**sent, **{f"v-{name}" if name != "value" else "v-": value for name, value in typed.items()}}
    return client.post("/review", data={**sent, "action": action}, headers=headers)


def answered(client, answer):
    assert answer.status_code == 303, answer.text
    return client.get(answer.headers["location"]).text


# --- the queue


def test_the_least_certain_value_is_in_hand(client):
    page = client.get("/review?below=0.95&lang=en").text
    assert "2 values to look at" in page
    assert re.search(r"<h2 id=\"current\"[^>]*>Directive 1</h2>", page)
    assert page.count('aria-current="true"') == 2  # the language, and the value in the list
    assert "Nothing is left" not in page


def test_a_confirmed_value_leaves_the_queue_and_the_next_comes(client, site, sha):
    page = client.get("/review?below=0.95&lang=en")
    text = answered(client, say(client, form_of(page)))
    assert "Đã xác nhận" in text or "Confirmed." in text
    assert [(said.action, said.pointer, said.who) for said in site.store.corrections(sha)] == [
        ("confirm", "/directives/0", "mai")
    ]
    assert "1 value to look at" in client.get("/review?below=0.95&lang=en").text
    page = client.get("/review?below=0.95&lang=en")
    answer = say(client, form_of(page))
    done = client.get(answer.headers["location"] + "&lang=en").text
    assert "Nothing is left to look at." in done
    assert "<dd>2</dd>" in done


def test_nothing_read_yet_is_said(site):
    assert "There are no notices yet." in site.client().get("/review?lang=en").text


def test_odd_addresses_are_no_errors(client, sha):
    for query in ("below=x", "offset=-1", "offset=99999", "sha256=../x", "of=x&at=/a", f"of={sha}&at=/evidence/a"):
        assert client.get(f"/review?{query}").status_code in {200, 303}, query
    assert client.get("/review?sha256=" + "0" * 64).status_code == 404


# --- what is said


def test_a_value_is_corrected_and_the_notice_tells_who_did(client, site, sha):
    sent = look(client, sha, "/header/place")
    answered(client, say(client, sent, value="Đông  Hới"))
    assert site.store.corrected(sha).header.place == "Đông Hới"
    page = client.get(f"/notice/{sha}?lang=en").text
    story = re.search(r"<ol class=\"story\">.*?</ol>", page, re.DOTALL)[0]
    assert "mai" in story
    assert re.search("Đồng Hới.*→.*Đông Hới", story, re.DOTALL)


def test_a_day_is_typed_as_people_write_it(client, site, sha):
    answered(client, say(client, look(client, sha, "/header/issue_date"), value="3/5/2024"))
    assert site.store.corrected(sha).header.issue_date == dt.date(2024, 5, 3)
    sent = look(client, sha, "/directives/0/deadline")
    answered(client, say(client, sent, text="trước 1/7", due="01/07/2024", recurrence="monthly"))
    deadline = site.store.corrected(sha).directives[0].deadline
    assert (deadline.text, deadline.due, deadline.recurrence) == ("trước 1/7", dt.date(2024, 7, 1), "monthly")


def test_parts_that_a_form_does_not_show_stay(client, site, sha):
    before = site.store.corrected(sha).directives[0]
    answered(client, say(client, look(client, sha, "/directives/0"), text="Giao Sở Y tế báo cáo."))
    after = site.store.corrected(sha).directives[0]
    assert after.text == "Giao Sở Y tế báo cáo."
    assert (after.assignees, after.deadline, after.amounts) == (before.assignees, before.deadline, before.amounts)


def test_a_rejected_entry_goes_and_the_one_after_it_comes(client, site, sha):
    answer = say(client, look(client, sha, "/assessment/weaknesses/0"), "reject")
    assert "at=%2Fassessment%2Fweaknesses%2F0" in answer.headers["location"]
    assert [passage.text for passage in site.store.corrected(sha).assessment.weaknesses] == ["Chậm giải ngân"]
    sent = look(client, sha, "/assessment/weaknesses/0")
    assert sent["pointer"] == "/assessment/weaknesses/1"
    answered(client, say(client, sent, text="Giải ngân chậm"))
    assert [passage.text for passage in site.store.corrected(sha).assessment.weaknesses] == ["Giải ngân chậm"]


def test_a_directive_above_which_one_was_rejected_can_still_be_confirmed(site):
    three = [{**DIRECTIVES[1], "parent": None}, *DIRECTIVES[:1], {**DIRECTIVES[1], "parent": 1}]
    sha = site.add("b.pdf", b"b", plain_notice(b"b", directives=three, evidence={}))
    client = site.client()
    answered(client, say(client, look(client, sha, "/directives/0"), "reject"))
    answered(client, say(client, look(client, sha, "/directives/1")))
    assert site.store.corrected(sha).directives[1].parent == 0
    assert [said.action for said in site.store.corrections(sha)] == ["reject", "confirm"]


def test_an_entry_is_added_and_then_in_hand(client, site, sha):
    sent = look(client, sha, "/directives/1/assignees/-")
    answer = say(client, sent, "correct", name="Sở Nội vụ", role="support")
    assert "assignees%2F1" in answer.headers["location"]
    added = site.store.corrected(sha).directives[1].assignees[1]
    assert (added.name, added.role, added.inherited) == ("Sở Nội vụ", "support", False)
    sent = look(client, sha, "/directives/1/deadline")
    answered(client, say(client, sent, "correct", text="trước ngày 1/8/2024", due="1/8/2024"))
    assert site.store.corrected(sha).directives[1].deadline.due == dt.date(2024, 8, 1)


def test_every_place_of_a_notice_can_be_filled(client, site, sha):
    """Each shape fits the contract: what its form sends is a notice again."""
    for where, shape in SHAPES.items():
        at = where.replace("/directives/*/", "/directives/1/").replace("*", "-")
        typed = {}
        for part in shape.parts:
            kinds = {"day": "2/3/2024", "number": "1.000", "choice": (*part.choices, "")[0], "flag": "yes"}
            typed[part.name or "value"] = kinds.get(part.kind, "Chữ")
        is_set = client.get("/review", params={"sha256": sha, "at": at}).text.count('name="action" value="reject"')
        answer = say(client, look(client, sha, at), "correct", **typed)
        assert answer.status_code == 303, (at, is_set, answer.text)
    whole = site.store.corrected(sha)
    assert whole.header.urgency is not None
    assert whole.directives[1].amounts[0].vnd == 1000
    assert len(site.store.corrections(sha)) == len(SHAPES)


def test_a_place_is_drawn(client, site, sha):
    sent = look(client, sha, "/directives/0")
    sent |= {"boxes": "1 10 20 30.5 40\n2, 1, 2, 3, 4", "boxes_before": ""}
    answered(client, say(client, sent))
    (said,) = site.store.corrections(sha)
    assert (said.action, said.boxes) == ("confirm", ((1, 10.0, 20.0, 30.5, 40.0), (2, 1.0, 2.0, 3.0, 4.0)))
    evidence = site.store.corrected(sha).evidence["/directives/0"]
    assert (evidence.page, evidence.boxes[0]) == (1, (1, 10.0, 20.0, 30.5, 40.0))


def test_what_was_said_is_taken_back_one_after_the_other_and_only_ones_own(client, site, sha):
    answered(client, say(client, look(client, sha, "/header/place"), value="Huế"))
    answered(client, say(client, look(client, sha, "/recipients/0"), "reject"))
    answered(client, say(client, look(client, sha, "/signature/signer_name"), value="Lan", headers=LAN))
    undo = {name: look(client, sha, "/header/place")[name] for name in ("seal", "below")} | {"action": "undo"}

    def taken_back(headers):
        return client.post("/review", data=undo, headers=headers).headers["location"]

    assert "at=%2Frecipients%2F0" in taken_back(MAI)
    assert site.store.corrected(sha).recipients[0] == "Như trên"
    assert site.store.corrected(sha).header.place == "Huế"
    assert "at=%2Fheader%2Fplace" in taken_back(MAI)
    assert "done=nothing" in taken_back(MAI)
    whole = site.store.corrected(sha)
    assert (whole.header.place, whole.signature.signer_name) == ("Đồng Hới", "Lan")


def test_without_a_proxy_it_is_who_runs_the_server(site, sha, monkeypatch):
    monkeypatch.setattr("getpass.getuser", lambda: "thu")
    client = site.client()
    answered(client, say(client, look(client, sha, "/header/place"), headers={}))
    assert site.store.corrections(sha)[0].who == "thu"


# --- what is refused


def test_who_comes_too_late_is_told_what_it_is_now_and_keeps_what_was_typed(client, site, sha):
    mine, theirs = look(client, sha, "/header/place"), look(client, sha, "/header/place")
    answered(client, say(client, theirs, value="Huế", headers=LAN))
    answer = say(client, {**mine, "lang": "en"}, value="Hà Tĩnh & <b>")
    assert answer.status_code == 409
    assert "Huế" in answer.text
    assert "lan" in answer.text
    sent = form_of(answer)
    assert sent["v-"] == "Hà Tĩnh & <b>"
    assert site.store.corrected(sha).header.place == "Huế"
    answered(client, say(client, sent))
    assert site.store.corrected(sha).header.place == "Hà Tĩnh & <b>"


def test_what_was_typed_for_an_entry_that_is_gone_is_shown(client, sha):
    mine, theirs = look(client, sha, "/recipients/1"), look(client, sha, "/recipients/1")
    answered(client, say(client, theirs, "reject", headers=LAN))
    answer = say(client, mine, value="Lưu: VT, TH")
    assert answer.status_code == 409
    assert "Lưu: VT, TH" in answer.text


def test_an_entry_that_moved_is_still_the_one_that_was_seen(client, site, sha):
    mine = look(client, sha, "/recipients/1")
    answered(client, say(client, look(client, sha, "/recipients/0"), "reject", headers=LAN))
    answered(client, say(client, mine, value="Lưu: VT, TH"))
    assert site.store.corrected(sha).recipients == ["Lưu: VT, TH"]


@pytest.mark.parametrize(
    ("at", "typed"),
    [
        ("/header/issue_date", {"value": "31/02/2024"}),
        ("/header/issue_date", {"value": "tomorrow"}),
        ("/directives/0", {"text": "  "}),
        ("/recipients/0", {"value": ""}),
        ("/directives/0/amounts/0", {"vnd": "-5"}),
        ("/directives/0/assignees/0", {"role": "boss"}),
        ("/directives/0/deadline", {"recurrence": "<script>"}),
        ("/header/place", {"value": "x" * 30_000}),
    ],
)
def test_what_cannot_stand_in_a_notice_is_told_and_kept(client, site, sha, at, typed):
    answer = say(client, look(client, sha, at), **typed)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert not site.store.corrections(sha)
    boxes = {f"v-{name}" if name != "value" else "v-": value for name, value in typed.items()}
    kept = form_of(answer)
    assert all(kept[name] == value for name, value in boxes.items() if value != "boss" and "<" not in value)


@pytest.mark.parametrize(
    "boxes", ["1 2 3", "1 5 5 1 9", "0 1 1 2 2", "1 nan 1 2 2", "1 1 1 2 inf", "a b c d e", "1 1 1 2 2 3"]
)
def test_a_place_that_is_none_is_told(client, site, sha, boxes):
    answer = say(client, look(client, sha, "/header/place") | {"boxes": boxes, "boxes_before": ""})
    assert answer.status_code == 422
    assert not site.store.corrections(sha)


def test_without_its_seal_nothing_is_taken(client, site, sha):
    sent = look(client, sha, "/header/place")
    for seal in ("", "0" * 64):
        assert say(client, sent | {"seal": seal}, value="Huế").status_code == 403
    answer = client.post("/review", data=sent | {"action": "reject"}, headers={"Origin": "http://evil.example"})
    assert answer.status_code == 403
    assert not site.store.corrections(sha)


def test_a_form_that_nobody_was_given_is_refused(client, site, sha):
    sent = look(client, sha, "/header/place")
    odd = [
        {"pointer": "/source/sha256", "at": "/source/sha256"},
        {"pointer": "/evidence"},
        {"before": "{"},
        {"before": "[" * 9000},
        {"of": "x"},
        {"at": "/directives/0"},
    ]
    for changes in odd:
        assert say(client, sent | changes).status_code == 400, changes
    assert say(client, sent, "burn").status_code == 400
    assert say(client, sent | {"of": "0" * 64}).status_code in {404, 422}
    assert not site.store.corrections(sha)


def test_no_text_of_a_document_or_a_person_becomes_markup(site):
    client = site.client()
    for number, payload in enumerate(PAYLOADS):
        data = payload.encode()
        sha = site.add(f"{number}.pdf", data, hostile_notice(data, payload), text=payload * 40)
        answered(
            client, say(client, look(client, sha, "/header/place"), value=f"a{payload}", headers={"X-User": "<b>m"})
        )
        pages = [f"/review?sha256={sha}&at=/header/place", f"/notice/{sha}", "/review?below=1"]
        for text in (client.get(page).text for page in pages):
            assert payload not in text or not re.search("[<>]", payload)
            assert "<b>m" not in text
            assert "\u202e" not in text


def test_what_cannot_be_seen_stays_unless_it_is_changed(site):
    notice = plain_notice(header={"place": "Hu\u202eế", "subject": "a"})
    sha = site.add("a.pdf", b"a", notice)
    client = site.client()
    sent = look(client, sha, "/header/place")
    assert sent["v-"] == "Hu\\u202eế"
    answered(client, say(client, sent))
    assert site.store.corrected(sha).header.place == "Hu\u202eế"


# --- pieces


def test_places_and_shapes_fit_each_other():
    assert pattern_of("/directives/3/assignees/0") == "/directives/*/assignees/*"
    assert shape_of("/source/file_name") is None
    assert shape_of("/evidence/x") is None
    day = SHAPES["/header/issue_date"]
    assert read(day, "2024-01-01", {"": "2.3.2024"}) == "2024-03-02"
    assert read(day, "2024-01-01", {"": ""}) is None
    assert shown(day.parts[0], None) == ""
    with pytest.raises(Mistyped):
        read(SHAPES["/directives/*/deadline"], None, {"text": ""})


def test_what_stands_behind_a_rejected_entry_moves_up():
    assert after_rejection("/recipients/2", "/recipients/0") == "/recipients/1"
    assert after_rejection("/recipients/0", "/recipients/2") == "/recipients/0"
    assert after_rejection("/directives/10/assignees/1", "/directives/2") == "/directives/9/assignees/1"
    assert after_rejection("/header/place", "/header/subject") == "/header/place"


def test_an_address_says_what_is_asked():
    asked = Asked.read({"below": "0.5", "offset": "40"})
    assert (asked.below, asked.offset) == (0.5, 40)
    assert asked.address() == "/review?below=0.5&offset=40"
    assert Asked.read({}).address() == "/review"


def test_a_correction_made_elsewhere_is_told_too(client, site, sha):
    result = site.store.documents([sha])[sha].result
    site.store.add_correction(Correction(sha, "/header/place", "reject", "Đồng Hới", None, "job", NOON, result))
    page = client.get(f"/notice/{sha}?lang=en").text
    assert "job" in page
    sent = look(client, sha, "/header/place")
    assert json.loads(sent["before"]) is None
    assert HOST.startswith("http")
    assert TEXT

import json
import re
import tomllib
from pathlib import Path

import pytest

from pipeline.language.text import fold
from pipeline.notice import Assessment, Directive, Header, LegalReference, Meeting, Signature

GOLD = Path(__file__).parents[1] / "data" / "gold"
NAMES = sorted(path.name for path in GOLD.iterdir() if path.is_dir())
SPLIT = tomllib.loads((GOLD / "split.toml").read_text(encoding="utf-8"))
NOT_SCORED = "__any__"


def load_gold(name):
    return json.loads((GOLD / name / "gold.json").read_text(encoding="utf-8"))


def words(text):
    return re.sub(r"\W+", " ", fold(text)).strip()


def notice_words(name):
    return words((GOLD / name / "notice.txt").read_text(encoding="utf-8"))


def meeting_values(meeting):
    yield from (meeting["name"], meeting["location"])
    for person in meeting["chairs"] + meeting["participants"] + meeting["absentees"]:
        yield from (person["title"] or "").split(", ")  # an office may stand on either side of the name
    for member in meeting["participants"] + meeting["absentees"]:
        yield from (
            member["organization"],
            member["note"],
            member["name"] if member["kind"] != "organization" else None,
        )


def directive_values(directive):
    yield directive["text"]
    yield from directive["legal_references"]
    yield from (amount["text"] for amount in directive["amounts"])
    yield directive["deadline"] and directive["deadline"]["text"]


def verbatim_values(gold):
    yield from (gold["header"]["place"], gold["header"]["subject"], gold["header"]["issuing_body"])
    yield from meeting_values(gold["meeting"])
    yield from (passage["text"] for part in gold["assessment"].values() for passage in part)
    for directive in gold["directives"]:
        yield from directive_values(directive)
    yield from (reference["citation"] for reference in gold["legal_references"])
    yield from gold["recipients"]
    yield from (*gold["signature"]["authority"], *(gold["signature"][key] for key in ("signer_title", "signer_name")))


def test_the_split_parts_all_notices():
    assert set(SPLIT) == {"dev", "held_out"}
    assert sorted(SPLIT["dev"] + SPLIT["held_out"]) == NAMES
    assert not set(SPLIT["dev"]) & set(SPLIT["held_out"])


def test_the_readme_says_what_each_notice_shows():
    rows = re.findall(r"^\| `([\w-]+)` \|", (GOLD / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(rows) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_gold_fits_the_contract(name):
    assert {path.name for path in (GOLD / name).iterdir()} == {"gold.json", "layout.json", "notice.txt"}
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
    notice = notice_words(name)
    values = [value for value in verbatim_values(load_gold(name)) if value and value != NOT_SCORED]
    assert [value for value in values if words(value) not in notice] == []


@pytest.mark.parametrize("name", NAMES)
def test_restored_names_use_only_words_of_the_notice(name):
    notice = set(notice_words(name).split())
    gold = load_gold(name)
    members = [*gold["meeting"]["participants"], *gold["meeting"]["absentees"], *gold["meeting"]["chairs"]]
    members += [assignee for directive in gold["directives"] for assignee in directive["assignees"]]
    assert [member["name"] for member in members if not set(words(member["name"]).split()) <= notice] == []


@pytest.mark.parametrize("name", NAMES)
def test_directives_stand_in_reading_order_after_their_parents(name):
    notice, place = notice_words(name), 0
    for index, directive in enumerate(load_gold(name)["directives"]):
        assert directive["parent"] is None or directive["parent"] < index
        place = notice.index(words(directive["text"]), place)


@pytest.mark.parametrize("name", NAMES)
def test_what_a_directive_says_stands_in_its_text(name):
    gold = load_gold(name)
    cited = {reference["citation"] for reference in gold["legal_references"]}
    for directive in gold["directives"]:
        own = [value for value in directive_values(directive) if value]
        assert [value for value in own if value not in directive["text"]] == []
        assert set(directive["legal_references"]) <= cited
        deadline = directive["deadline"] or {"due": None, "recurrence": None}
        assert None in (deadline["due"], deadline["recurrence"])


@pytest.mark.parametrize("name", NAMES)
def test_an_inherited_actor_is_one_of_the_parent_item(name):
    directives = load_gold(name)["directives"]
    for directive in directives:
        inherited = {assignee["name"] for assignee in directive["assignees"] if assignee["inherited"]}
        if directive["parent"] is not None:
            assert inherited <= {assignee["name"] for assignee in directives[directive["parent"]]["assignees"]}


@pytest.mark.parametrize("name", NAMES)
def test_no_end_mark_is_left_where_it_is_no_part_of_the_value(name):
    gold = load_gold(name)
    passages = [passage["text"] for part in gold["assessment"].values() for passage in part]
    marked = [value for value in (*passages, *gold["recipients"]) if value.endswith((".", ";", ",", ":"))]
    assert marked == []


@pytest.mark.parametrize("name", NAMES)
def test_the_plain_text_is_the_layout(name):
    layout = json.loads((GOLD / name / "layout.json").read_text(encoding="utf-8"))
    head = [*layout["left_header"], layout["number_line"], *layout["marks"], *layout["right_header"]]
    body = [layout["place_date"], *layout["title"], *layout["body"], "Nơi nhận:", *layout["recipients"]]
    assert words(" ".join([*head, *body, *layout["signature"], layout["signer"]])) == notice_words(name)

"""``chidao evaluate`` and ``chidao calibrate`` with the reading replaced by a stand-in."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner
from made_notices import ENGINE, make_notice
from support import document_of, notice_of

from pipeline.cli import main
from pipeline.confidence import load_weights
from pipeline.errors import EncryptedFileError
from pipeline.learn.calibrate import read_observations

NOTICE = notice_of(body="1. Giao Sở Y tế báo cáo trước ngày 30/6/2024.")


def find_made(path, _settings):
    if path.parent.name == "locked":
        raise EncryptedFileError("the PDF is locked with a password", "save it without one and try again")
    return document_of(""), NOTICE


def read_by_settings(path, settings):
    """Stand in for rules that miss the place and a model that finds it only with them."""
    places = {(True, False): None, (False, True): None, (True, True): "Huế"}
    return make_notice(path.name, header={"place": places[settings.extract.rules, settings.extract.model]})


FINDING = replace(ENGINE, extract=lambda path, settings: find_made(path, settings)[1], find_notice=find_made)


def chidao(*args, engine=FINDING):
    return CliRunner().invoke(main, [str(arg) for arg in args], obj=engine)


@pytest.fixture
def gold(tmp_path):
    """Four cases by four issuers: of each the place is right, of two the date of issue is wrong."""
    for name, day in (("a", "2024-03-10"), ("b", "2024-03-11"), ("c", "2024-03-10"), ("d", "2024-03-11")):
        case = tmp_path / "gold" / name
        case.mkdir(parents=True)
        case_gold = NOTICE.model_dump(mode="json", exclude={"evidence", "source"})
        case_gold["header"] |= {"issue_date": day, "parent_body": "__any__", "issuing_body": "__any__"}
        (case / "gold.json").write_text(json.dumps(case_gold), encoding="utf-8")
        (case / "notice.txt").write_text(name, encoding="utf-8")
    (tmp_path / "gold" / "split.toml").write_text('dev = ["a", "b", "c"]\nheld_out = ["d"]\n', encoding="utf-8")
    return tmp_path / "gold"


def cells(result, name):
    line = next(line for line in result.stdout.splitlines() if line.strip("│ ").startswith(name))
    return [cell.strip() for cell in line.strip("│").split("│")][1:]


def test_one_half_is_scored(gold):
    assert "3 cases, 0 without output" in chidao("evaluate", gold, "--only", "dev").stdout
    assert cells(chidao("evaluate", gold, "--only", "dev"), "issue_date") == ["0.667", "0.667", "0.667", "2", "1", "1"]
    assert cells(chidao("evaluate", gold, "--only", "held_out"), "issue_date")[-3:] == ["0", "1", "1"]


def test_the_last_line_says_how_sure_the_total_is(gold):
    line = chidao("evaluate", gold).stdout.splitlines()[-1]
    assert line.startswith("F1 over all fields 0.9")
    assert "95 % bootstrap interval over cases" in line


def test_cases_are_shown_by_issuer(gold):
    assert cells(chidao("evaluate", gold, "--by-issuer"), "a ")[:2] == ["1", "1.000"]
    assert "By issuer" not in chidao("evaluate", gold).stdout


def test_a_strict_match_is_said_and_kept(gold, tmp_path):
    result = chidao("evaluate", gold, "--match", "strict", "--save-baseline", tmp_path / "strict.json")
    assert "(strict match)" in result.stdout
    assert json.loads((tmp_path / "strict.json").read_text("utf-8"))["match"] == "strict"
    other = chidao("evaluate", gold, "--baseline", tmp_path / "strict.json")
    assert other.exit_code == 65
    assert "give --match strict" in other.stderr


def test_gains_are_listed_for_one_half_as_well(gold, tmp_path):
    chidao("evaluate", gold, "--only", "dev", "--save-baseline", tmp_path / "before.json")
    (gold / "b" / "gold.json").write_bytes((gold / "a" / "gold.json").read_bytes())
    result = chidao("evaluate", gold, "--only", "dev", "--leave-one-issuer-out", "--baseline", tmp_path / "before.json")
    assert "F1 issue_date: 0.667 -> 1.000" in result.stdout
    assert "  b: issue_date: missed 2024-03-11" in result.stdout.splitlines()
    assert result.stdout.splitlines()[-1] == "Losses: 0"


def test_confidences_are_learnt_without_the_issuer(gold):
    plain, left_out = chidao("evaluate", gold), chidao("evaluate", gold, "--leave-one-issuer-out")
    assert left_out.exit_code == 0
    assert cells(left_out, "issue_date") == cells(plain, "issue_date")
    assert "ECE" in left_out.stdout
    assert left_out.stdout != plain.stdout


@pytest.mark.parametrize("others", [["ours", "--leave-one-issuer-out"]])
def test_what_cannot_be_done_together_is_refused(gold, others):
    result = chidao("evaluate", gold, *others)
    assert result.exit_code == 64
    assert "give only one of" in result.stderr


def test_tables_are_written_into_a_document_in_place_of_the_old_ones(gold, tmp_path):
    document = tmp_path / "evaluation.md"
    assert chidao("evaluate", gold, "--only", "dev", "--markdown", document).exit_code == 0
    document.write_text(document.read_text("utf-8") + "\nBy hand.\n", encoding="utf-8")
    (gold / "b" / "gold.json").write_bytes((gold / "a" / "gold.json").read_bytes())
    assert chidao("evaluate", gold, "--only", "dev", "--markdown", document).exit_code == 0
    text = document.read_text(encoding="utf-8")
    assert text.startswith(f"# Evaluation\n\n<!-- measured: {gold.as_posix()} --only dev -->\n`chidao evaluate ")
    assert text.count("| issue_date | 1.000 | 1.000 | 1.000 | 3 | 0 | 0 |") == 1
    assert text.count("3 cases, 0 without output") == 1
    assert text.endswith("\nBy hand.\n")


# --- calibrate


def test_a_table_is_learnt_from_gold_that_is_not_held_out(gold, tmp_path):
    result = chidao("calibrate", gold, "-o", tmp_path / "out", "--save-first-look", tmp_path / "first.gz")
    assert result.exit_code == 0
    weights = load_weights(tmp_path / "out")
    assert weights["field issue_date"] < weights["field place"]
    assert {each.case for each in read_observations(tmp_path / "first.gz")} == {"a", "b", "c"}
    assert "3 readings of 3 issuers" in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")


def test_a_table_learnt_twice_is_the_same(gold, tmp_path):
    chidao("calibrate", gold, "-o", tmp_path / "first", "--save-first-look", tmp_path / "first.gz")
    for name in ("one", "two"):
        assert chidao("calibrate", gold, "-o", tmp_path / name, "--first-look", tmp_path / "first.gz").exit_code == 0
    one, two = ((tmp_path / name / "table.json").read_bytes() for name in ("one", "two"))
    assert one == two
    card = (tmp_path / "one" / "README.md").read_text(encoding="utf-8")
    assert card.count("3 readings of 3 issuers' notices, 1 wrong") == 2


def test_a_case_that_cannot_be_read_is_named_and_left_out(gold, tmp_path):
    (gold / "a").rename(gold / "locked")
    result = chidao("calibrate", gold, "-o", tmp_path / "out")
    assert result.exit_code == 3
    assert result.stderr.startswith("chidao: locked: the PDF is locked")
    assert "2 readings" in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")

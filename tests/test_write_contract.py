import json

import pytest
from made_notices import make_notice

from pipeline.errors import DamagedFileError, MissingFileError, OutputError
from pipeline.write import WRITERS, Result, make_folder, read_notice, to_json, write_bytes


def test_json_is_the_contracts_form_in_plain_utf8():
    form = json.loads(to_json(make_notice()))
    assert form["header"]["issue_date"] == "2024-05-02"
    assert form["header"]["urgency"] is None
    assert form["directives"][1]["parent"] == 0
    assert form["evidence"]["/directives/0"]["boxes"] == [[1, 10.5, 20.0, 90.0, 32.25]]
    assert "Đồng Hới".encode() in to_json(make_notice())


def test_json_keeps_the_models_order_of_keys():
    assert list(json.loads(to_json(make_notice())))[:3] == ["schema_version", "source", "header"]


def test_equal_notices_are_equal_bytes():
    assert to_json(make_notice()) == to_json(make_notice())


def test_several_notices_are_a_list():
    assert [n["source"]["file_name"] for n in json.loads(to_json([make_notice("a"), make_notice("b")]))] == ["a", "b"]
    assert json.loads(to_json([])) == []


def test_what_is_written_reads_back_equal(tmp_path):
    notice = make_notice()
    paths = WRITERS["json"]([Result("in/a.pdf", "a", notice)], tmp_path)
    assert paths == [tmp_path / "a.json"]
    assert read_notice(paths[0]) == notice


def test_reading_back_something_else_says_where_it_is_wrong(tmp_path):
    broken = tmp_path / "a.json"
    broken.write_text('{"schema_version": "1.0", "surprise": 1}', encoding="utf-8")
    with pytest.raises(DamagedFileError, match=r"a\.json is not a notice"):
        read_notice(broken)
    with pytest.raises(MissingFileError):
        read_notice(tmp_path / "none.json")


def test_a_write_replaces_the_old_file_and_leaves_nothing_else(tmp_path):
    target = tmp_path / "a.json"
    target.write_bytes(b"old")
    write_bytes(target, b"new")
    assert target.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [target]


def test_a_failed_write_keeps_what_was_there_and_leaves_no_part(tmp_path):
    target = tmp_path / "a.json"
    target.mkdir()
    (target / "inside").write_bytes(b"old")
    with pytest.raises(OutputError, match="--out") as caught:
        write_bytes(target, b"new")
    assert caught.value.exit_code == 74
    assert list(tmp_path.iterdir()) == [target]
    assert (target / "inside").read_bytes() == b"old"


def test_written_files_may_be_read_by_others_as_the_umask_says(tmp_path):
    plain = tmp_path / "plain"
    plain.touch()
    write_bytes(tmp_path / "written", b"")
    assert (tmp_path / "written").stat().st_mode == plain.stat().st_mode


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="file"):
        make_folder(tmp_path / "file" / "results")
    make_folder(tmp_path / "new" / "results")
    assert list((tmp_path / "new" / "results").iterdir()) == []

import os
from pathlib import Path

import pytest

from pipeline.batch import check_apart, find_files
from pipeline.errors import ConfigError, MissingFileError


def put(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def names(paths, folder):
    return [path.relative_to(folder).as_posix() for path in paths]


def test_files_of_any_kind_are_work_in_order(tmp_path):
    put(tmp_path, "b.pdf", "a.docx", "2024/c.xlsx", "2024/nested/d")
    assert names(find_files(tmp_path), tmp_path) == ["2024/c.xlsx", "2024/nested/d", "a.docx", "b.pdf"]


def test_subfolders_can_be_left_alone(tmp_path):
    put(tmp_path, "a.pdf", "sub/b.pdf")
    assert names(find_files(tmp_path, recursive=False), tmp_path) == ["a.pdf"]


@pytest.mark.parametrize(
    "name",
    [
        *("~$a.docx", "a.pdf.part", "a.pdf.crdownload", "a.tmp", "A.TMP", "a.docx~", ".hidden.pdf", "._a.pdf"),
        *("Thumbs.db", "desktop.ini", ".DS_Store", ".git/a.pdf"),
    ],
)
def test_files_that_are_no_work(tmp_path, name):
    put(tmp_path, name, "a.pdf")
    assert names(find_files(tmp_path), tmp_path) == ["a.pdf"]


def test_links_pipes_and_folders_named_as_files_are_skipped(tmp_path):
    put(tmp_path, "a.pdf", "elsewhere/b.pdf")
    inbox = tmp_path / "inbox"
    put(inbox, "c.pdf")
    (inbox / "link.pdf").symlink_to(tmp_path / "a.pdf")
    (inbox / "linked").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    os.mkfifo(inbox / "pipe.pdf")
    (inbox / "folder.pdf").mkdir()
    assert names(find_files(inbox), inbox) == ["c.pdf"]


def test_strange_names_are_data(tmp_path):
    strange = ["a\nb.pdf", "\u202egnp.pdf", "-rf", "<script>.pdf", "=1+1.pdf", os.fsdecode(b"h\xe1p.pdf")]
    put(tmp_path, *strange)
    assert sorted(path.name for path in find_files(tmp_path)) == sorted(strange)


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    put(tmp_path, "a.pdf")
    for wrong in (tmp_path / "none", tmp_path / "a.pdf"):
        with pytest.raises(MissingFileError, match="is no folder"):
            find_files(wrong)


def test_results_inside_the_inbox_are_refused(tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (tmp_path / "way").symlink_to(inbox, target_is_directory=True)
    for out in (inbox, inbox / "out", tmp_path / "way" / "out", inbox / ".." / "inbox"):
        with pytest.raises(ConfigError, match="choose a folder outside"):
            check_apart(inbox, out)
    check_apart(inbox, tmp_path / "out", Path(f"{inbox}-out"))

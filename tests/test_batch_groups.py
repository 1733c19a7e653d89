"""Pictures of one notice are taken together, those of several are not."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from click.testing import CliRunner
from hostile_files import encode, picture
from made_notices import ENGINE

from pipeline.batch import group_pictures
from pipeline.cli import main
from pipeline.config import ReadSettings
from pipeline.errors import LimitError, UnsupportedFileError
from pipeline.read import open_sources, read_pages

SETTINGS = ReadSettings()


def grouped(*names: str) -> tuple[list[str], dict[str, list[str]]]:
    paths, groups = group_pictures([Path(name) for name in names])
    return [str(path) for path in paths], {str(path): [str(page) for page in pages] for path, pages in groups.items()}


def save(folder: Path, *names: str) -> list[Path]:
    for index, name in enumerate(names):
        (folder / name).write_bytes(encode(picture((5, 5, str(index)), size=(90, 60)), "PNG"))
    return [folder / name for name in names]


def test_numbered_pictures_are_the_pages_of_one_notice():
    names = ["in/x-1.jpg", "in/x-2.JPG", "in/x-10.jpg", *[f"in/x-{n}.jpg" for n in range(3, 10)]]
    paths, groups = grouped(*names)
    assert paths == ["in/x.jpg"]
    assert groups["in/x.jpg"][:3] == ["in/x-1.jpg", "in/x-2.JPG", "in/x-3.jpg"]
    assert groups["in/x.jpg"][-1] == "in/x-10.jpg"


@pytest.mark.parametrize(
    ("pattern", "whole"),
    [
        ("x_{}.jpg", "x.jpg"),
        ("x ({}).jpg", "x.jpg"),
        ("x({}).jpeg", "x.jpeg"),
        ("x-0{}.png", "x.png"),
        ("x_page{}.png", "x.png"),
        ("TB 41 trang {}.jpg", "TB 41.jpg"),
        ("x-p{}.jpg", "x.jpg"),
    ],
)
def test_pages_are_numbered_in_many_ways(pattern, whole):
    names = [pattern.format(number) for number in (1, 2, 3)]
    assert grouped(*names) == ([whole], {whole: names})


def test_pages_with_leading_zeros_are_in_the_order_of_their_numbers():
    names = [f"x-{number:02}.jpg" for number in range(1, 12)]
    assert grouped(*reversed(names)) == (["x.jpg"], {"x.jpg": names})


def test_two_series_of_one_name_stay_two_notices():
    paths, groups = grouped("x-1.jpg", "x-2.jpg", "x_1.jpg", "x_2.jpg")
    assert paths == ["x.jpg", "x_1.jpg"]
    assert groups["x_1.jpg"] == ["x_1.jpg", "x_2.jpg"]


@pytest.mark.parametrize(
    "names",
    [
        ["x.jpg", "x (1).jpg", "x (2).jpg"],
        ["x-1.jpg", "x_2.jpg"],
        ["x-1.jpg", "x-01.jpg", "x-2.jpg"],
        ["x-1.jpg"],
        ["x-1.jpg", "x-3.jpg"],
        ["x-2.jpg", "x-3.jpg"],
        ["a/x-1.jpg", "b/x-2.jpg"],
        ["x-1.jpg", "x-2.png"],
        ["x-1.pdf", "x-2.pdf"],
        ["IMG_0001.jpg", "IMG_0002.jpg"],
        ["1.jpg", "2.jpg"],
    ],
)
def test_other_files_stay_apart(names):
    assert grouped(*names) == (sorted(names), {})


def test_a_name_already_taken_is_left_to_its_file():
    assert grouped("x.jpg", "x-1.jpg", "x-2.jpg") == (["x-1.jpg", "x.jpg"], {"x-1.jpg": ["x-1.jpg", "x-2.jpg"]})


def test_the_checksum_is_that_of_all_pages_and_the_pages_are_numbered_on(tmp_path):
    paths = save(tmp_path, "x-1.png", "x-2.png")
    source = open_sources(paths, SETTINGS)
    assert source.sha256 == hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()
    assert source.file_name == "x-1.png"
    pages = read_pages(source, SETTINGS)
    assert [page.number for page in pages] == [1, 2]
    assert pages[0].warnings == ("2 pictures taken together as one notice: x-1.png, x-2.png",)


def test_one_path_is_taken_as_it_is(tmp_path):
    (path,) = save(tmp_path, "x-1.png")
    assert open_sources([path], SETTINGS).more == ()


def test_only_pictures_are_taken_together_and_only_within_the_limits(tmp_path):
    (path,) = save(tmp_path, "x-1.png")
    (tmp_path / "x-2.png").write_text("Thông báo")
    with pytest.raises(UnsupportedFileError, match=r"x-2\.png is no picture"):
        open_sources([path, tmp_path / "x-2.png"], SETTINGS)
    limits = ReadSettings(max_bytes=path.stat().st_size + 1)
    with pytest.raises(LimitError, match="pictures are larger"):
        open_sources([path, path], limits)
    with pytest.raises(LimitError, match="2 pages"):
        read_pages(open_sources([path, path], SETTINGS), ReadSettings(max_pages=1))


@pytest.mark.parametrize(("options", "made"), [([], ["x.json"]), (["--no-group"], ["x-1.json", "x-2.json"])])
def test_run_takes_pictures_together_and_says_so(tmp_path, options, made):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    save(inbox, "x-1.png", "x-2.png")
    done = CliRunner().invoke(main, ["run", str(inbox), "--out", str(tmp_path / "out"), *options], obj=ENGINE)
    assert done.exit_code == 0
    assert sorted(path.name for path in (tmp_path / "out" / "notices").iterdir()) == made
    assert ("Taken together: x-1.png, x-2.png" in done.stdout) == (options == [])

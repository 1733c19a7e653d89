"""Files that are read one after the other in this process."""

from made_notices import extract_made

from pipeline.batch import Problem, read_files
from pipeline.config import Settings


def test_a_bad_file_costs_no_other(tmp_path):
    paths = [tmp_path / name for name in ("a.pdf", "crash.pdf", "encrypted.pdf", "b.pdf")]
    for path in paths:
        path.write_bytes(path.name.encode())
    outcomes = list(read_files(paths, extract_made, Settings()))
    assert [outcome.failed for outcome in outcomes] == [False, True, True, False]
    assert outcomes[1].problem.reason == "internal error IndexError (list index out of range)"
    assert outcomes[2].problem.kind == "encrypted"


def test_a_problem_is_one_line_and_names_its_file_once():
    assert str(Problem("in/a.pdf", "empty", "a.pdf is empty", "copy it", 65)) == "a.pdf is empty: copy it"
    assert str(Problem("in/a\n.pdf", "empty", "no text", "copy it", 65)) == "in/a\\n.pdf: no text: copy it"

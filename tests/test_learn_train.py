"""Training the model of roles: labelled pieces, a chain, a small model that is the same every time, and its card."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.extract.tagger import ROLES, Piece, load_tagger
from pipeline.learn.examples import Example, read_examples
from pipeline.learn.recipes import ARCHITECTURES, Recipe
from pipeline.learn.roles_card import compare, measure, quality, write_card
from pipeline.learn.synthesise import synthesise
from pipeline.learn.train import cross_validate, learn_chain, leave_out, save, train

NOTICE = """ỦY BAN NHÂN DÂN
TỈNH HOÀ AN

Số: 12/TB-UBND

Hoà An, ngày 5 tháng 3 năm 2020

THÔNG BÁO
Kết luận của Chủ tịch UBND tỉnh tại cuộc họp về thu gom rác

Ngày 04/3/2020, Chủ tịch UBND tỉnh chủ trì cuộc họp. Tham dự có Sở Xây dựng, Sở Tài chính. Chủ tịch kết luận như sau:

1. Đánh giá chung

Xe rác chạy đúng giờ ở 9 phường. Tuy nhiên, rác vẫn tràn ra bờ kè.

2. Giao Sở Xây dựng dọn bờ kè trước ngày 30/4/2020.

Văn phòng UBND tỉnh thông báo để các cơ quan biết, thực hiện.
"""
GOLD = {
    "header": {"issuing_body": "ỦY BAN NHÂN DÂN TỈNH HOÀ AN"},
    "meeting": {"participants": [{"name": "Sở Xây dựng"}, {"name": "Sở Tài chính"}]},
    "assessment": {
        "achievements": [{"text": "Xe rác chạy đúng giờ ở 9 phường"}],
        "weaknesses": [{"text": "rác vẫn tràn ra bờ kè"}],
    },
    "directives": [{"text": "Giao Sở Xây dựng dọn bờ kè trước ngày 30/4/2020."}],
}


def make_case(folder, name, gold=GOLD):
    (folder / name).mkdir(parents=True)
    (folder / name / "notice.txt").write_text(NOTICE, encoding="utf-8")
    (folder / name / "gold.json").write_text(json.dumps(gold), encoding="utf-8")
    return folder / name


def test_pieces_get_the_roles_that_gold_gives_them(tmp_path):
    case = make_case(tmp_path, "a")
    (found,) = read_examples(tmp_path, [case])
    roles = {(example.unit, example.text): example.role for example in found}
    assert roles["clause", "Xe rác chạy đúng giờ ở 9 phường"] == "achievement"
    assert roles["clause", "Tuy nhiên, rác vẫn tràn ra bờ kè"] == "weakness"
    assert roles["paragraph", "Giao Sở Xây dựng dọn bờ kè trước ngày 30/4/2020."] == "directive"
    assert roles["paragraph", "Đánh giá chung"] == "heading"
    assert roles["clause", "Tham dự có Sở Xây dựng, Sở Tài chính"] == "participants"
    assert {example.group for example in found} == {"ủy ban nhân dân tỉnh hoà an"} or len(found) > 5


def test_what_gold_leaves_open_teaches_nothing_of_the_rest(tmp_path):
    case = make_case(tmp_path, "a", {**GOLD, "assessment": {"achievements": "__any__", "weaknesses": []}})
    (found,) = read_examples(tmp_path, [case])
    assert "none" not in {example.role for example in found}


def test_held_out_cases_are_never_read(tmp_path):
    cases = [make_case(tmp_path, name) for name in ("a", "b")]
    (tmp_path / "split.toml").write_text('dev = ["a"]\nheld_out = ["b"]\n', encoding="utf-8")
    assert len(read_examples(tmp_path, cases)) == 1


def test_the_same_examples_give_the_same_model(tmp_path):
    made = synthesise(12)
    for name in ("one", "other"):
        save(train([], made, Recipe(epochs=1)), tmp_path / name)
    assert measure(tmp_path / "one") == measure(tmp_path / "other")
    tagger = load_tagger(tmp_path / "one")
    assert tagger is not None
    (chances,), (clause,) = tagger.judge([Piece("Giao Sở Y tế chủ trì.", "number")], [Piece("Giao Sở Y tế chủ trì")])
    assert sum(chances.values()) == pytest.approx(1)
    assert set(clause) == set(ROLES)


def test_tok2vec_trains_as_well():
    tagger = train([], synthesise(4), Recipe("tok2vec", epochs=1))
    assert tagger.read([Piece("Giao Sở Y tế chủ trì")]).shape == (1, len(ROLES))


def test_the_chain_counts_what_follows():
    notice = [Example("x", role, "plain", "clause", "g") for role in ("opening", "weakness", "weakness", "closing")]
    chain = learn_chain([notice], "clause")
    assert np.allclose(chain.moves.sum(axis=1), 1)
    assert chain.start[ROLES.index("opening")] == chain.start.max()
    assert ROLES[int(chain.moves[ROLES.index("opening")].argmax())] == "weakness"


def test_issuers_are_left_out_whole():
    notices = [[Example("x", "none", "plain", "clause", group)] for group in ("a", "b", "a", "c")]
    for others, left in leave_out(notices, 3):
        assert not {notice[0].group for notice in others} & {notice[0].group for notice in left}


def test_the_card_names_sizes_scores_and_checksum(tmp_path):
    made = synthesise(6)
    recipe = Recipe(epochs=1)
    judged = cross_validate(made, made, recipe, 2)
    save(train(made, made, recipe), tmp_path)
    card = write_card(tmp_path, recipe, {"data/x": made, "": made}, {"linear-2": judged}, dt.date(2026, 1, 2)).decode()
    assert measure(tmp_path)[1] in card
    assert "6 notices" in card
    assert "made-0" in card
    assert "| **linear-2** |" in card
    assert 0 <= quality(judged) <= 1
    assert len(compare({"linear-2": judged}).rows) == 1


def test_the_command_writes_model_and_card(tmp_path):
    make_case(tmp_path / "gold", "a")
    options = ["--made", "5", "--epochs", "1", "--folds", "0", "--architecture", "linear-1"]
    done = CliRunner().invoke(main, ["train", str(tmp_path / "gold"), "-o", str(tmp_path / "m"), *options])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "m" / "README.md").is_file()
    assert load_tagger(tmp_path / "m") is not None


def test_the_command_needs_a_text(tmp_path):
    case = make_case(tmp_path, "a")
    (case / "notice.txt").unlink()
    done = CliRunner().invoke(main, ["train", str(tmp_path), "-o", str(tmp_path / "m")])
    assert done.exit_code != 0
    assert "notice.txt" in done.output


def test_architectures_name_known_tokenizers():
    assert {tokenizer for tokenizer, _ in ARCHITECTURES.values()} == {"chidao.vietnamese", "chidao.syllables"}

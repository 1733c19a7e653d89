"""The vote of rules and trained model, with a model that says what the test wants; and what is done without one."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from support import document_of

from pipeline.config import ExtractSettings
from pipeline.errors import ConfigError
from pipeline.extract import find_spans
from pipeline.extract.assessment import find_points
from pipeline.extract.items import find_items
from pipeline.extract.roles import judge_items
from pipeline.extract.tagger import FOLDER, ROLES, Chain, Piece, Voice, load_tagger, seen
from pipeline.extract.view import View


def chances(**given):
    rest = (1 - sum(given.values())) / (len(ROLES) - len(given))
    named = {name.replace("_", "-"): value for name, value in given.items()}
    return {role: named.get(role, rest) for role in ROLES}


def heard(text, said, *, alone=False):
    """Return a view of one paragraph, of which the model says `said`."""
    view = View(document_of(text))
    (item,) = find_items(view, view.document.paragraphs)
    view.voice = Voice({item.start: said}, [(item.start, item.end, said)], alone)
    return view, item


PLACE_ONLY = "1. Hướng tuyến qua thôn Nà Lạn giữ như bản vẽ cũ."


def test_the_model_overrules_a_place():
    view, item = heard(PLACE_ONLY, chances(weakness=0.95))
    (before,) = judge_items(View(view.document), [item])
    assert (before.role, before.cue, before.method) == ("directive", False, "rule")
    (after,) = judge_items(view, [item])
    assert (after.role, after.method) == ("assessment", "model")


def test_a_model_that_agrees_is_named():
    view, item = heard(PLACE_ONLY, chances(directive=0.95))
    (judged,) = judge_items(view, [item])
    assert (judged.role, judged.method) == ("directive", "rule+model")


def test_a_cue_is_never_overruled():
    view, item = heard("1. Giao Sở Y tế kiểm kê kho thuốc.", chances(weakness=0.99))
    (judged,) = judge_items(view, [item])
    assert (judged.role, judged.method) == ("directive", "rule")


@pytest.mark.parametrize(
    ("role", "expected"),
    [("heading", "heading"), ("lead_in", "lead-in"), ("directive", "directive"), ("cause", "assessment")],
)
def test_alone_the_model_decides(role, expected):
    view, item = heard(PLACE_ONLY, chances(**{role: 0.9}), alone=True)
    (judged,) = judge_items(view, [item])
    assert (judged.role, judged.method) == (expected, "model")


@pytest.mark.parametrize(
    ("text", "mood", "said", "expected"),
    [
        ("Kho đã có thuyền thủng đáy nằm đó", None, {"weakness": 0.95}, ("weakness", "model")),
        ("Kho đã có thuyền thủng đáy nằm đó", None, {"weakness": 0.6}, ("achievement", "rule")),
        ("Kho đã có thuyền mới đóng xong", None, {"achievement": 0.95}, ("achievement", "rule+model")),
        ("Thuyền nằm im trong kho suốt mùa", None, {"weakness": 0.95}, ("weakness", "model")),
        ("Các đại biểu đã nghe báo cáo đầy đủ", None, {"none": 0.97}, None),
        ("Thuyền chưa sửa xong trước mùa lũ", None, {"achievement": 0.9}, ("weakness", "rule")),
        ("Thuyền nằm trong kho suốt mùa", "weakness", {"none": 0.99}, ("weakness", "rule")),
    ],
)
def test_the_mood_of_a_clause(text, mood, said, expected):
    view, item = heard(text, chances(**said))
    spans, _ = find_points(view, item.start, item.end, mood)
    assert [(span.label, span.method) for span in spans] == ([] if expected is None else [expected])


def test_alone_the_model_gives_moods():
    view, item = heard("Thuyền chưa sửa xong trước mùa lũ", chances(achievement=0.6), alone=True)
    spans, _ = find_points(view, item.start, item.end, None)
    assert [(span.label, span.method) for span in spans] == [("achievement", "model")]


def test_a_stretch_has_the_clause_that_it_shares_most_with():
    one, other = chances(weakness=0.9), chances(achievement=0.9)
    voice = Voice({}, [(0, 10, one), (10, 30, other)])
    assert voice.of_clause(8, 20) is other
    assert voice.of_clause(40, 50) is None
    assert voice.of_paragraph(3) is None


def test_neighbours_weigh_in():
    moves = np.array([[0.9, 0.1], [0.1, 0.9]])
    chain = Chain(np.array([0.5, 0.5]), moves, np.array([0.5, 0.5]), 1.0)
    smoothed = chain.smooth(np.array([[0.9, 0.1], [0.45, 0.55], [0.9, 0.1]]))
    assert smoothed[1, 0] > 0.8
    assert np.allclose(smoothed.sum(axis=1), 1)
    assert chain.smooth(np.zeros((0, 2))).shape == (0, 2)


def test_figures_look_alike():
    assert seen(Piece("Đạt 12,5% và 7.000 hộ")) == seen(Piece("đạt 99% và 8 hộ"))


def test_without_a_model_rules_speak_alone(tmp_path, caplog):
    assert load_tagger(tmp_path) is None
    assert "rules alone" in caplog.text
    document = document_of(PLACE_ONLY)
    missing = find_spans(document, ExtractSettings(any_document=True, model_folder=tmp_path))
    assert missing == find_spans(document, ExtractSettings(any_document=True, model=False))


def test_a_broken_model_is_named(tmp_path):
    (tmp_path / "chain.json").write_text('{"roles": []}')
    with pytest.raises(ConfigError, match="other roles"):
        load_tagger(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    (other / "chain.json").write_text("no")
    with pytest.raises(ConfigError, match="holds no model"):
        load_tagger(other)


def test_the_model_that_comes_with_us_loads_once():
    tagger = load_tagger(FOLDER)
    assert tagger is not None
    assert load_tagger(FOLDER) is tagger
    (judged,), _ = tagger.judge([Piece("Giao Sở Y tế chủ trì, báo cáo trước ngày 30/4.", "number")], [])
    assert max(judged, key=judged.get) == "directive"


def test_voices_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Voice({}, []).alone = True

"""Our scores are those of the judge that this project is held to, where it lies beside this checkout."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.learn.cases import find_cases, read_prediction
from pipeline.learn.evaluate import evaluate, to_saved

ROOT = Path(__file__).parent.parent
JUDGE = ROOT.parent / "shared" / "score" / "score.py"
GOLD = [ROOT / "data" / "samples" / "cases", ROOT.parent / "shared" / "gold"]


def worsen(node, chance):
    """Return a copy with values lost, doubled and misspelt."""
    if isinstance(node, dict):
        return {key: value if key in {"role", "kind"} else worsen(value, chance) for key, value in node.items()}
    if isinstance(node, list):
        kept = [worsen(item, chance) for item in node if chance.random() > 0.1]
        return kept + kept[:1] if chance.random() < 0.2 else kept
    if isinstance(node, str):
        cut = chance.randrange(len(node) + 1)
        return node[:cut] + chance.choice(["", "", "", "ò", "xyz"]) + node[cut:]
    return node


@pytest.mark.skipif(not JUDGE.is_file(), reason="the judge does not lie beside this checkout")
@pytest.mark.parametrize("gold", GOLD, ids=lambda path: path.name)
def test_we_agree_with_the_judge(gold, tmp_path):
    chance = random.Random(7)  # the same at every run
    for case in find_cases(gold):
        text = (case / "gold.json").read_text(encoding="utf-8").replace('"__any__"', "null")
        ours = {key: [] if value is None else value for key, value in json.loads(text).items()}
        (tmp_path / f"{case.name}.json").write_text(json.dumps(worsen(ours, chance)), encoding="utf-8")
    command = [sys.executable, str(JUDGE), str(gold), str(tmp_path), "--json", str(tmp_path / "judge.out")]
    subprocess.run(command, check=True, capture_output=True)
    judged = json.loads((tmp_path / "judge.out").read_text(encoding="utf-8"))
    figures = to_saved(evaluate(find_cases(gold), lambda case: read_prediction(tmp_path, case.name))).figures
    assert 0.3 < judged["f1"]["all"] < 0.95
    assert round(figures["all"].f1, 3) == round(judged["f1"]["all"], 3)
    for name, counts in judged["fields"].items():
        assert (figures[name].tp, figures[name].fp, figures[name].fn) == (counts["tp"], counts["fp"], counts["fn"])

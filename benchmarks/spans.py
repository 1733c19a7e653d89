"""Compare ways to find spans: `python benchmarks/spans.py GOLD... [--with-ner]`.

Each notice is read by a model that has seen none of its issuer's (five folds); a span is right when both ends and the
label are. `crf` is the model of the program; `ner` is spaCy's named entity recogniser on small hashed vectors, which
takes ten minutes; `ruler` is spaCy's span ruler over the lexicon: a type word and what follows it up to a verb or a
mark, with nothing learnt.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Span
from spacy.training import Example
from thinc.api import fix_random_seed

from pipeline.extract.marker import LABELS, Mark
from pipeline.language import load
from pipeline.language.tokenizer import blank_pipeline
from pipeline.learn.cases import find_cases
from pipeline.learn.recipes import Found, MarkedNotices, SpanRecipe
from pipeline.learn.span_examples import Marked, read_marked
from pipeline.learn.spans_card import tally
from pipeline.learn.synthesise import synthesise_marked
from pipeline.learn.train import leave_out
from pipeline.learn.train_spans import cross_validate_spans

ROUNDS = 25
NER = {
    "model": {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "ner",
        "extra_state_tokens": False,
        "hidden_width": 64,
        "maxout_pieces": 2,
        "use_upper": False,
        "nO": None,
        "tok2vec": {
            "@architectures": "spacy.HashEmbedCNN.v2",
            "pretrained_vectors": None,
            "width": 64,
            "depth": 4,
            "embed_size": 2000,
            "window_size": 1,
            "maxout_pieces": 3,
            "subword_features": True,
        },
    }
}


def recogniser(notices: MarkedNotices) -> Language:
    """Train spaCy's recogniser."""
    fix_random_seed(0)
    nlp = blank_pipeline("chidao.syllables")
    nlp.add_pipe("ner", config=NER)
    shown = [
        Example.from_dict(nlp.make_doc(marked.text), {"entities": [mark[:3] for mark in marked.marks]})
        for notice in notices
        for marked in notice
    ]
    optimizer = nlp.initialize(lambda: shown)
    optimizer.learn_rate = 0.002
    draw = random.Random(0)  # noqa: S311  # nothing secret
    for _ in range(ROUNDS):
        draw.shuffle(shown)
        for start in range(0, len(shown), 8):
            nlp.update(shown[start : start + 8], sgd=optimizer, drop=0.3)
    return nlp


def ruler() -> Language:
    """Return a ruler of the lexicon's type words with the syllables behind them, up to one that begins a verb."""
    nlp = blank_pipeline("chidao.syllables")
    pipe = nlp.add_pipe("span_ruler")
    lexicon = load("organisations")
    stops = sorted({entry.split()[0] for key in ("stops", "breaks") for entry in lexicon[key]})
    behind = [{"IS_TITLE": True}, {"IS_ALPHA": True, "LOWER": {"NOT_IN": stops}, "OP": "{0,9}"}]
    pipe.add_patterns(
        {"label": "body", "pattern": [*({"LOWER": word} for word in entry.split()), *behind]}
        for entry in lexicon["types"]
        if entry.replace(" ", "").isalpha()
    )
    return nlp


def _label(marked: Marked, span: Span) -> str:
    if marked.section == "opening":
        return "organization"
    return "support" if marked.text[: span.start_char].lower().rstrip().endswith("với") else "lead"


def by_ruler(notices: MarkedNotices) -> Iterator[Found]:
    """Yield what the ruler finds, of overlapping spans the longest."""
    nlp = ruler()
    for notice in notices:
        for marked in notice:
            document = nlp(marked.text)
            spans = sorted(document.spans["ruler"], key=lambda span: (span.start, -span.end))
            kept: list[Span] = []
            for span in spans:
                kept += [span] if not kept or span.start >= kept[-1].end else []
            yield marked, [Mark(span.start_char, span.end_char, _label(marked, span)) for span in kept]


def by_ner(gold: MarkedNotices) -> Iterator[Found]:
    """Yield what spaCy's recogniser finds."""
    for others, left in leave_out(gold, 5):
        nlp = recogniser(others)
        for notice in left:
            for marked in notice:
                ents = nlp(marked.text).ents
                yield marked, [Mark(ent.start_char, ent.end_char, ent.label_) for ent in ents]


def main(arguments: list[str]) -> None:
    """Print a line for each way and label."""
    folders = [Path(name) for name in arguments if not name.startswith("--")]
    gold = [notice for folder in folders for notice in read_marked(folder, find_cases(folder))]
    ways = {
        "ruler": lambda: list(by_ruler(gold)),
        "crf, gold alone": lambda: cross_validate_spans(gold, []),
        "crf": lambda: cross_validate_spans(gold, synthesise_marked(SpanRecipe().made)),
    }
    if "--with-ner" in arguments:
        ways["ner"] = lambda: list(by_ner(gold))
    for name, find in ways.items():
        found = find()
        for label in (*LABELS, None):
            score = tally(found, label)
            print(f"{name:16} {label or 'all':13} F1 {score.f1 or 0:.3f} {score.tp}/{score.fp}/{score.fn}")


if __name__ == "__main__":
    main(sys.argv[1:])

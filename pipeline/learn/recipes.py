"""How the model of roles and spans can be trained; known without loading spaCy, which takes a second."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.extract.marker import Mark
from pipeline.learn.examples import Example
from pipeline.learn.span_examples import Marked

Notices = Sequence[Sequence[Example]]
"""Examples notice by notice, in reading order."""

Judged = tuple[Example, str, str]
"""An example, the role that its words alone suggest, and the role among its neighbours."""


_WIDTH = 65536


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is trained."""

    architecture: str = "linear-2"
    epochs: int = 4
    weight: int = 4
    """How often each example of gold is shown for once that a made-up one is."""
    batch: int = 64
    rate: float = 0.001
    drop: float = 0.2
    seed: int = 0


def _linear(length: int) -> dict[str, Any]:
    """Return a linear classifier over runs of up to `length` tokens."""
    return {
        "@architectures": "spacy.TextCatBOW.v3",
        "exclusive_classes": True,
        "ngram_size": length,
        "no_output_layer": False,
        "length": _WIDTH,
    }


_VECTORS = {
    "@architectures": "spacy.HashEmbedCNN.v2",
    "pretrained_vectors": None,
    "width": 64,
    "depth": 2,
    "embed_size": 2000,
    "window_size": 1,
    "maxout_pieces": 3,
    "subword_features": False,
}
_CONVOLUTION = {
    "@architectures": "spacy.TextCatReduce.v1",
    "exclusive_classes": True,
    "use_reduce_first": False,
    "use_reduce_last": False,
    "use_reduce_max": True,
    "use_reduce_mean": True,
    "tok2vec": _VECTORS,
}
ARCHITECTURES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "linear-words": ("chidao.vietnamese", _linear(1)),
    "linear-1": ("chidao.syllables", _linear(1)),
    "linear-2": ("chidao.syllables", _linear(2)),
    "linear-3": ("chidao.syllables", _linear(3)),
    "tok2vec": ("chidao.syllables", _CONVOLUTION),
}
"""Each architecture's tokenizer and the model of its text classifier."""

MarkedNotices = Sequence[Sequence[Marked]]
Found = tuple[Marked, Sequence[Mark]]
"""A paragraph, and the spans that a model that had not seen its issuer named in it."""


@dataclass(frozen=True, slots=True)
class SpanRecipe:
    """How the model of spans is trained: what weights cost, and how often they are bettered."""

    sparse: float = 0.2
    smooth: float = 0.05
    rounds: int = 80
    made: int = 60
    """Made-up notices that are shown; more teach the author's habits."""

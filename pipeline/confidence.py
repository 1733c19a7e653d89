"""How likely each value of a notice is right, judged from what is known when it has been read.

A table of weights, learnt from notices whose values are known (``chidao calibrate``), adds up what speaks for a value
and against it. Without a table a value keeps the confidence that its finder and the OCR gave it.
"""

from __future__ import annotations

import functools
import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.document import Document
from pipeline.errors import ConfigError
from pipeline.notice import Evidence, Notice

FOLDER = Path(__file__).resolve().parents[1] / "models" / "confidence"
TABLE_FILE = "table.json"
Features = Mapping[str, float]
"""What is known of a value, each thing by its name and how much of it there is; what is not named is 0."""
Weights = Mapping[str, float]
"""What each thing known adds to the logarithm of the odds that a value is right."""

_FIELDS = {"/meeting/name": "meeting_name", "/directives": "directive_text", "/directives/deadline": "deadlines"}
_LABELS = frozenset(
    {"document_type", "document_number", "place", "issue_date", "start_date", "end_date", "urgency", "secrecy"}
    | {"chairs", "signer_name", "legal_references", "deadlines", "amounts"}
)
_PASSAGES = frozenset({"subject", "meeting_name", "location", "achievements", "weaknesses", "directive_text"})
_INNER_MARK = re.compile(r"[,;:()]")
_LONG_NAME = 8
_FAINTEST = 0.05


@functools.cache
def load_weights(folder: Path = FOLDER) -> Weights | None:
    """Return the table in `folder`; None where there is none."""
    path = folder / TABLE_FILE
    if not path.is_file():
        return None
    try:
        return {str(name): float(weight) for name, weight in json.loads(path.read_bytes())["weights"].items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ConfigError(f"{path} is no table of weights", "make it anew with chidao calibrate") from error


def rate(document: Document, notice: Notice, weights: Weights | None) -> Notice:
    """Return `notice` with each value's confidence made the probability that it is right; as it is without weights."""
    if weights is None:
        return notice
    rated = {
        pointer: notice.evidence[pointer].model_copy(update={"confidence": round(calibrated(features, weights), 3)})
        for pointer, features in describe(document, notice)
    }
    return notice.model_copy(update={"evidence": rated})


def calibrated(features: Features, weights: Weights) -> float:
    """Return the probability that a value with these features is right.

    >>> calibrated({"scanned": 1.0}, {"scanned": 0.0})
    0.5
    """
    return 1 / (1 + math.exp(-sum(weights.get(name, 0.0) * size for name, size in features.items())))


def describe(document: Document, notice: Notice) -> Iterator[tuple[str, Features]]:
    """Yield each value's pointer with its features; the confidence of `notice` is still the finder's own."""
    siblings = Counter(_family(pointer) for pointer in notice.evidence)
    whole = {
        "any": 1.0,
        "gaps": math.log1p(sum(warning.startswith("not found") for warning in notice.source.warnings)),
        "page blur": _faintness(document.ocr_confidence or 1.0),
    }
    values = notice.model_dump(mode="json", exclude={"evidence", "source"})
    for pointer, evidence in notice.evidence.items():
        field = field_of(pointer)
        kind = _kind_of(field)
        features = {
            **whole,
            f"field {field}": 1.0,
            f"kind {kind}": 1.0,
            f"method {evidence.method.partition(';')[0]}": 1.0,
            "siblings": math.log(siblings[_family(pointer)]),
            **_describe_reading(document, evidence, kind),
            **_describe_value(_value_at(values, pointer), evidence.quote, kind),
        }
        yield pointer, {name: round(size, 3) for name, size in features.items() if round(size, 3)}


def field_of(pointer: str) -> str:
    """Return the field in which a value counts, from its JSON Pointer.

    >>> field_of("/directives/3/assignees/0"), field_of("/directives/3"), field_of("/meeting/name")
    ('assignees', 'directive_text', 'meeting_name')
    """
    path = re.sub(r"/\d+", "", pointer)
    return _FIELDS.get(path, path.rpartition("/")[2])


def _kind_of(field: str) -> str:
    """Tell what is needed of a field's values: every sign (label), the words (passage), or whose name it is (name)."""
    if field in _LABELS:
        return "label"
    return "passage" if field in _PASSAGES else "name"


def _family(pointer: str) -> str:
    return re.sub(r"/\d+$", "", pointer)


def _describe_reading(document: Document, evidence: Evidence, kind: str) -> dict[str, float]:
    """Say how surely the words were read, and how surely the finder spoke."""
    read = [placed.word.confidence for placed in document.words_in(evidence.start, evidence.end)]
    scores = [1.0 if score is None else score for score in read] or [1.0]
    mean, weakest = sum(scores) / len(scores), min(scores)
    scanned = float(any(score is not None for score in read))
    return {
        "scanned": scanned,
        f"scanned {kind}": scanned,
        "blur": _faintness(mean),
        "weakest": 1 - weakest,
        f"weakest {kind}": 1 - weakest,
        "doubt": _faintness(evidence.confidence / max(mean, _FAINTEST)),
    }


def _faintness(share: float) -> float:
    return -math.log(min(max(share, _FAINTEST), 1.0))


def _describe_value(value: object, quote: str, kind: str) -> dict[str, float]:
    """Say what the value looks like: its length, and signs that too much or too little was taken."""
    length = math.log(max(len(quote.split()), 1))
    named = value if isinstance(value, Mapping) else {}
    features = {"length": length, f"length {kind}": length, **_describe_parts(named)}
    if kind == "name":
        name = str(named.get("name", value))
        features["restored"] = float(" ".join(name.split()) not in " ".join(quote.split()))
        features["small letter"] = float(name[:1].islower())
        features["inner mark"] = float(_INNER_MARK.search(name) is not None)
        features["long name"] = float(len(quote.split()) > _LONG_NAME)
    return features


def _describe_parts(value: Mapping[str, object]) -> dict[str, float]:
    """Say what a value with parts has: role, kind, and of a directive whether it has label, actors and parent."""
    features = {f"{part} {value[part]}": 1.0 for part in ("role", "kind") if value.get(part)}
    if "parent" in value:
        features["unnumbered"] = float(value["number"] is None)
        features["actors"] = float(bool(value["assignees"]))
        features["child"] = float(value["parent"] is not None)
    return features


def _value_at(values: object, pointer: str) -> object:
    """Return what stands at a JSON Pointer of a notice, whose keys hold neither slash nor tilde."""
    for key in pointer.split("/")[1:]:
        if isinstance(values, list):
            values = values[int(key)]
        elif isinstance(values, Mapping):
            values = values[key]
    return values

"""The database: what was read, from which files, when and how, and what people corrected."""

from pipeline.store.conditions import state_of
from pipeline.store.paths import decode_path, encode_path
from pipeline.store.question import FACETS, Actor, Answer, DeadlineState, FacetValue, Question, Row, Sort
from pipeline.store.records import (
    Change,
    Conflict,
    Correction,
    DocumentRecord,
    Doubt,
    Ending,
    Finding,
    Hit,
    Link,
    RunRecord,
    Sighting,
    Spot,
    State,
    Status,
)
from pipeline.store.returning import POINTERS, Occurrence, Returning, Wanted, What
from pipeline.store.store import Store, open_store
from pipeline.store.tracking import Burden, Tracked
from pipeline.store.writing import result_hash

__all__ = [
    "FACETS",
    "POINTERS",
    "Actor",
    "Answer",
    "Burden",
    "Change",
    "Conflict",
    "Correction",
    "DeadlineState",
    "DocumentRecord",
    "Doubt",
    "Ending",
    "FacetValue",
    "Finding",
    "Hit",
    "Link",
    "Occurrence",
    "Question",
    "Returning",
    "Row",
    "RunRecord",
    "Sighting",
    "Sort",
    "Spot",
    "State",
    "Status",
    "Store",
    "Tracked",
    "Wanted",
    "What",
    "decode_path",
    "encode_path",
    "open_store",
    "result_hash",
    "state_of",
]

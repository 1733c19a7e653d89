"""A station: what one thread of a cluster's worker does with a document, which is what the guard does everywhere.

It is called by name from the submitting process, so everything here is a module's and takes plain values.
"""

from __future__ import annotations

import os
import pickle
import threading
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from platform import python_version_tuple

import pipeline
from pipeline.batch.guard import Guard, one_page_at_a_time
from pipeline.batch.reader import Reader
from pipeline.batch.verdict import Limits, Task, Verdict
from pipeline.config import Settings
from pipeline.errors import ClusterError, PipelineError


@dataclass(frozen=True, slots=True)
class Order:
    """What all documents of a run have in common; made by :func:`make_order`.

    `work` is pickled, so that who only passes it on needs none of its modules, and a worker of another version says
    that first. `folder` is what workers must see, None where they see no folder.
    """

    run: str
    versions: dict[str, str]
    folder: Path | None
    work: bytes


def make_order(run: str, reader: Reader, settings: Settings, limits: Limits, folder: Path | None) -> Order:
    """Return the order to read by `reader`; a station keeps to one core, unless the settings say otherwise."""
    work = pickle.dumps((reader, one_page_at_a_time(settings), limits))
    return Order(run, versions(), folder, work)


def versions() -> dict[str, str]:
    """Return what must be the same on both ends."""
    python = ".".join(python_version_tuple()[:2])
    return {"chidao": pipeline.__version__, "python": python, "distributed": version("distributed")}


def unlike(wanted: dict[str, str]) -> str | None:
    """Return what is of another version here than `wanted`, None where all is the same."""
    here = versions()
    differing = [
        f"{name} {here.get(name)} instead of {wanted[name]}" for name in wanted if here.get(name) != wanted[name]
    ]
    return f"it has {', '.join(differing)}" if differing else None


def unfit(order: Order) -> str | None:
    """Return why no document can be read here, None where it can."""
    if said := unlike(order.versions):
        return said
    if order.folder is not None and not (order.folder.is_dir() and os.access(order.folder, os.R_OK | os.X_OK)):
        return f"it does not see the folder {order.folder}"
    return None


def read_guarded(order: Order, task: Task, limits: Limits | None = None) -> Verdict:
    """Return the verdict on a document; with `limits`, that on a second try in a fresh child.

    Raises a :class:`~pipeline.errors.PipelineError` that names the worker when nothing at all can be read here.
    """
    try:
        guard = _guard(order)
        if limits is not None:
            return guard.alone(task, limits)
        (verdict,) = guard.verdicts([task])
    except PipelineError as error:
        raise type(error)(f"on the worker {_address()}: {error.reason}", error.advice) from error
    return verdict


def dismiss(run: str) -> None:
    """End the children of a run that is over, and whatever they are still reading."""
    with _LOCK:
        over = [thread for thread, (order, _) in _GUARDS.items() if order.run == run]
        guards = [_GUARDS.pop(thread)[1] for thread in over]
    for guard in guards:
        guard.__exit__()


_GUARDS: dict[int, tuple[Order, Guard]] = {}
"""Each thread's guard, for children die with the thread that started them; with the order that it was made for."""
_LOCK = threading.Lock()


def _guard(order: Order) -> Guard:
    """Return this thread's guard, a new one where the run is another."""
    thread = threading.get_ident()
    with _LOCK:
        known, guard = _GUARDS.get(thread, (None, None))
    if guard is not None:
        if known == order:
            return guard
        guard.__exit__()
    if said := unfit(order):
        raise ClusterError(said, "give every worker the same program and the same folders")
    reader, settings, limits = pickle.loads(order.work)  # noqa: S301 - a scheduler's clients run what they like anyway
    guard = Guard(reader.read, settings, workers=1, limits=limits, scratch=_scratch(), warm_up=reader.warm_up)
    guard.__enter__()
    with _LOCK:
        _GUARDS[thread] = order, guard
    return guard


def _scratch() -> Path:
    from distributed import get_worker  # noqa: PLC0415 - of an extra, and slow to load

    return Path(get_worker().local_directory) / "chidao"


def _address() -> str:
    from distributed import get_worker  # noqa: PLC0415 - of an extra, and slow to load

    return str(get_worker().address)

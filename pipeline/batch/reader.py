"""What a child does with a task: the whole pipeline, with everything it can say as a plain value."""

from __future__ import annotations

import contextlib
import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.batch.verdict import Reading, Task
from pipeline.config import Settings
from pipeline.errors import OtherDocumentError, PipelineError
from pipeline.process import find_rated, open_document, warm_up

_RESET_PEAK = "5"
"""What the kernel takes for: count the most memory held from now on."""
_PEAK = re.compile(r"^VmHWM:\s*(\d+) kB", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Reader:
    """What children do: `warm_up` once, then `read` for each task; both module-level functions, which they import."""

    read: Callable[[Task, Settings], Reading] = field(default_factory=lambda: read_task)
    warm_up: Callable[[Settings], object] = warm_up


def read_task(task: Task, settings: Settings) -> Reading:
    """Read one document with the whole pipeline; what refuses it is told, not raised."""
    began = time.perf_counter()
    _forget_peak()
    reading = _read(task, settings)
    return replace(reading, seconds=time.perf_counter() - began, peak_megabytes=_peak_megabytes())


def _read(task: Task, settings: Settings) -> Reading:
    try:
        source = open_document(task.paths, settings)
    except PipelineError as error:
        return Reading("changed") if _has_changed(task) else _refusal(error)
    if task.sha256 not in {None, source.sha256}:
        return Reading("changed", media_type=source.media_type, sha256=source.sha256)
    try:
        document, notice = find_rated(source, settings)
    except PipelineError as error:
        return replace(_refusal(error), media_type=source.media_type, sha256=source.sha256)
    notice.model_dump_json()  # what cannot be written must be found here, where it costs no other document
    return Reading("ok", notice, document.text, media_type=source.media_type, sha256=source.sha256)


def _refusal(error: PipelineError) -> Reading:
    other = isinstance(error, OtherDocumentError)
    return Reading(
        "other" if other else "refused",
        head=error.fields if isinstance(error, OtherDocumentError) else None,
        kind=error.kind,
        reason=error.reason,
        advice=error.advice,
        exit_code=error.exit_code,
    )


def _has_changed(task: Task) -> bool:
    """Tell whether the bytes of a file that cannot be opened are others than those that were found."""
    if task.sha256 is None:
        return False
    digest = hashlib.sha256()
    try:
        for path in task.paths:
            with path.open("rb") as stream:
                while block := stream.read(1 << 20):
                    digest.update(block)
    except OSError:  # the error that was met says it better
        return False
    return digest.hexdigest() != task.sha256


def _forget_peak() -> None:
    with contextlib.suppress(OSError):  # without it the peak is that of all documents so far
        Path("/proc/self/clear_refs").write_text(_RESET_PEAK)


def _peak_megabytes() -> float:
    with contextlib.suppress(OSError):
        if found := _PEAK.search(Path("/proc/self/status").read_text()):
            return int(found[1]) / 1024
    return 0.0

"""A notice on its way out: what every writer takes."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.notice import Notice


@dataclass(frozen=True, slots=True)
class Result:
    """A notice, the file that it came from as people are shown it, and the name of what is written, without ending."""

    file: str
    name: str
    notice: Notice

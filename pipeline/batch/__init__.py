"""Folders of files: which are work, each one's outcome, the results on disk, and what was found."""

from pipeline.batch.inbox import check_apart, find_files
from pipeline.batch.report import Summary, summarise, summary_table
from pipeline.batch.runner import Extract, Job, Outcome, Problem, read_files, run

__all__ = [
    "Extract",
    "Job",
    "Outcome",
    "Problem",
    "Summary",
    "check_apart",
    "find_files",
    "read_files",
    "run",
    "summarise",
    "summary_table",
]

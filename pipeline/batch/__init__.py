"""Folders of files: which are work, each one's outcome, the results on disk, and what was found."""

from pipeline.batch.groups import ExtractPages, Groups, group_pictures, take_together
from pipeline.batch.inbox import check_apart, find_files
from pipeline.batch.office import converted
from pipeline.batch.report import Summary, summarise, summary_table
from pipeline.batch.runner import Extract, Job, Outcome, Problem, read_files, run

__all__ = [
    "Extract",
    "ExtractPages",
    "Groups",
    "Job",
    "Outcome",
    "Problem",
    "Summary",
    "check_apart",
    "converted",
    "find_files",
    "group_pictures",
    "read_files",
    "run",
    "summarise",
    "summary_table",
    "take_together",
]

"""Folders of files: which are work, each one's outcome, the results on disk, and what was found."""

from pipeline.batch.child import Read, WarmUp
from pipeline.batch.groups import ExtractPages, Groups, group_pictures, take_together
from pipeline.batch.guard import Guard, Started
from pipeline.batch.inbox import check_apart, find_files
from pipeline.batch.office import converted
from pipeline.batch.reader import read_task
from pipeline.batch.report import Summary, summarise, summary_table
from pipeline.batch.runner import Extract, Job, Outcome, Problem, read_files, run
from pipeline.batch.verdict import Limits, Reading, Status, Task, Verdict

__all__ = [
    "Extract",
    "ExtractPages",
    "Groups",
    "Guard",
    "Job",
    "Limits",
    "Outcome",
    "Problem",
    "Read",
    "Reading",
    "Started",
    "Status",
    "Summary",
    "Task",
    "Verdict",
    "WarmUp",
    "check_apart",
    "converted",
    "find_files",
    "group_pictures",
    "read_files",
    "read_task",
    "run",
    "summarise",
    "summary_table",
    "take_together",
]

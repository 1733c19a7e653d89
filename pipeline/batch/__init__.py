"""Folders of files: which are work, each one read in a guarded child, the results kept, and what is told of a run."""

from pipeline.batch.account import Account, Entry
from pipeline.batch.child import Read, WarmUp
from pipeline.batch.foresight import check_inbox, foresee
from pipeline.batch.groups import ExtractPages, Groups, group_pictures, take_together
from pipeline.batch.guard import Guard, Started
from pipeline.batch.inbox import check_apart, find_files
from pipeline.batch.keeping import check_files, old_reports, remove_reports
from pipeline.batch.lock import locked
from pipeline.batch.night import Night, Watch, run_night
from pipeline.batch.office import converted
from pipeline.batch.plan import Choice, Plan
from pipeline.batch.reader import Reader, read_task
from pipeline.batch.remote import is_url
from pipeline.batch.report import report_text, write_reports
from pipeline.batch.runner import Extract, Outcome, Problem, read_files
from pipeline.batch.verdict import Limits, Reading, Status, Task, Verdict

__all__ = [
    "Account",
    "Choice",
    "Entry",
    "Extract",
    "ExtractPages",
    "Groups",
    "Guard",
    "Limits",
    "Night",
    "Outcome",
    "Plan",
    "Problem",
    "Read",
    "Reader",
    "Reading",
    "Started",
    "Status",
    "Task",
    "Verdict",
    "WarmUp",
    "Watch",
    "check_apart",
    "check_files",
    "check_inbox",
    "converted",
    "find_files",
    "foresee",
    "group_pictures",
    "is_url",
    "locked",
    "old_reports",
    "read_files",
    "read_task",
    "remove_reports",
    "report_text",
    "run_night",
    "take_together",
    "write_reports",
]

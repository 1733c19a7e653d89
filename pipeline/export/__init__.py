"""What is in the store, or what a search finds, as files of other programs: CSV, JSON, JSON Lines, XLSX, Parquet."""

from pipeline.export.found import COLUMNS, found_rows, tabled
from pipeline.export.kinds import FOUND_KINDS, Write
from pipeline.export.whole import KINDS, Exported, export_to

__all__ = [
    "COLUMNS",
    "FOUND_KINDS",
    "KINDS",
    "Exported",
    "Write",
    "export_to",
    "found_rows",
    "tabled",
]

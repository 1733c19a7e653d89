"""What is in the store, or what a search finds, as files of other programs: CSV, JSON, JSON Lines, XLSX, Parquet."""

from pipeline.export.blocks import to_csv, to_json, to_jsonl
from pipeline.export.found import found_rows
from pipeline.export.kinds import FOUND_KINDS
from pipeline.export.whole import KINDS, export_to

__all__ = ["FOUND_KINDS", "KINDS", "export_to", "found_rows", "to_csv", "to_json", "to_jsonl"]

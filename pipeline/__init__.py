"""chidao reads Vietnamese administrative meeting notices and writes down what they say.

>>> from pipeline import extract
>>> notice = extract("data/samples/so-y-te-giao-ban.docx")  # doctest: +SKIP
"""

from pipeline.config import Settings
from pipeline.errors import PipelineError
from pipeline.notice import SCHEMA_VERSION, Directive, Notice
from pipeline.process import extract, read_document

__all__ = ["SCHEMA_VERSION", "Directive", "Notice", "PipelineError", "Settings", "extract", "read_document"]
__version__ = "0.1.0"

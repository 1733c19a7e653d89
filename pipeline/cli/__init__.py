"""The command ``chidao``."""

from __future__ import annotations

import logging
import warnings

import click

import pipeline
from pipeline.cli.archive import diff, quarantine, reprocess, retry
from pipeline.cli.calibrate import calibrate
from pipeline.cli.config import config
from pipeline.cli.console import examples, with_config
from pipeline.cli.doctor import doctor
from pipeline.cli.evaluate import evaluate
from pipeline.cli.export import export
from pipeline.cli.extract import extract
from pipeline.cli.gold import gold
from pipeline.cli.group import CommandGroup
from pipeline.cli.keep import backup, check, prune
from pipeline.cli.ocr import ocr
from pipeline.cli.query import query
from pipeline.cli.returning import returning
from pipeline.cli.run import run
from pipeline.cli.serve import serve
from pipeline.cli.text import text
from pipeline.cli.train import train
from pipeline.errors import EXIT_CODES

_EXAMPLES = examples(
    "chidao extract notice.pdf", "chidao run inbox --out results", "chidao extract notice.pdf --set read.max_pages=500"
)
_CODES = "\b\nExit codes:\n" + "\n".join(f"  {code:>3}  {meaning}" for code, meaning in EXIT_CODES.items())


@click.group(
    "chidao",
    cls=CommandGroup,
    epilog=f"{_EXAMPLES}\n\n{_CODES}",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(pipeline.__version__, prog_name="chidao")
@click.option("--debug", is_flag=True, help="Say on stderr what is done, with tracebacks of internal errors.")
def main(debug: bool) -> None:
    """Read Vietnamese meeting notices and write down what they direct, with evidence."""
    if not debug:  # what libraries say of damaged files is no news, and an error is one line
        warnings.simplefilter("ignore")
        logging.getLogger("PIL").setLevel(logging.CRITICAL)
    handler = logging.StreamHandler()
    logger = logging.getLogger("pipeline")
    logger.handlers = [handler]
    logger.setLevel(logging.DEBUG if debug else logging.WARNING)
    handler.setFormatter(logging.Formatter("chidao: %(levelname)s: %(message)s"))


_NIGHTLY = (run, quarantine, retry, reprocess, diff, check, backup, prune)
for _command in (
    extract,
    *_NIGHTLY,
    serve,
    query,
    export,
    returning,
    text,
    ocr,
    evaluate,
    calibrate,
    train,
    gold,
    config,
    doctor,
):
    main.add_command(with_config(_command))
with_config(main)

__all__ = ["main"]

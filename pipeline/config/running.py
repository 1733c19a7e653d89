"""Settings of what is around the reading: folders, the store, news of a run, the cluster, the web application.

None of them changes what a file is read as.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from pipeline.config.section import Section


def _share(value: Any) -> Any:
    """Take ``5%`` for 0.05."""
    share = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*%\s*", value) if isinstance(value, str) else None
    return value if share is None else float(share[1]) / 100


def _database(url: str) -> str:
    if not re.match(r"(sqlite|postgresql)(\+\w+)?://", url):
        raise ValueError("must be a URL that begins with postgresql:// or sqlite://")
    return url


def _https(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise ValueError("must be a URL that begins with https://")
    return url


def _http(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be a URL that begins with https:// or http://")
    return url


def _header(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9-]+", name):
        raise ValueError("must be the name of an HTTP header, such as X-Remote-User")
    return name


class BatchSettings(Section):
    """How a folder of files is worked through."""

    workers: int = Field(0, ge=0, le=1024, description="files read at one time, each in a process; 0 for one a core")
    seconds: float = Field(300.0, gt=0, description="seconds that one document may take")
    seconds_per_megabyte: float = Field(60.0, ge=0, description="seconds that each megabyte of a document adds to that")
    megabytes: int = Field(3000, gt=0, description="most memory of one process that reads, in megabytes")
    rest_seconds: float = Field(10.0, ge=0, description="seconds that a file must be unchanged before it is read")
    patience_seconds: float = Field(60.0, ge=0, description="seconds that a run waits for files to come to rest")
    damaged_age_seconds: float = Field(
        3600.0, ge=0, description="a damaged file younger than this is put off, for it may still be on its way"
    )
    window: int = Field(200, ge=1, description="files handed out before their results are back")
    max_hours: float | None = Field(None, gt=0, description="hours after which a run takes no new file; empty for none")
    fail_over: Annotated[float | None, BeforeValidator(_share)] = Field(
        None, ge=0, le=1, description="share of failures, 0.05 or 5%, above which exit code 3 becomes 1; empty for none"
    )
    keep_days: int = Field(90, ge=0, description="days that the reports of runs are kept when they are pruned")
    keep_last: int = Field(30, ge=1, description="latest runs whose reports are kept, however old they are")


class StoreSettings(Section):
    """Where results are kept for looking up."""

    url: Annotated[str, AfterValidator(_database)] | None = Field(
        None,
        repr=False,  # it may hold a password
        description="SQLAlchemy URL of the database, such as postgresql+psycopg://user@host/chidao; "
        "empty for chidao.db in the folder of results",
    )


class NotifySettings(Section):
    """Who hears of a run; nobody does unless it is set here."""

    ping_url: Annotated[str, AfterValidator(_https)] | None = Field(
        None, repr=False, description="https URL that is told of a run's start, success and failure; empty for none"
    )
    metrics_file: Path | None = Field(None, description="file for the figures of a run, as Prometheus reads them")
    log_json: bool | None = Field(
        None, description="true for a log of JSON lines, false for people; empty for people at a terminal only"
    )


class ClusterSettings(Section):
    """An existing Dask scheduler, and object storage for what it reads."""

    address: str | None = Field(None, description="address of the scheduler, such as tcp://10.0.0.5:8786")
    window: int = Field(4, ge=1, description="files handed to each worker before its results are back")
    patience_seconds: float = Field(300.0, ge=0, description="seconds that a run waits while there is no worker at all")
    s3_endpoint_url: Annotated[str, AfterValidator(_http)] | None = Field(
        None, repr=False, description="URL of an S3 service that is not Amazon's"
    )
    s3_anon: bool = Field(default=False, description="ask the S3 service without signing in")


class WebSettings(Section):
    """The web application."""

    host: str = Field("127.0.0.1", min_length=1, description="address to listen at; 127.0.0.1 is this machine only")
    port: int = Field(8765, ge=0, le=65535, description="port to listen at; 0 for any that is free")
    token: SecretStr | None = Field(None, description="secret that a browser must show; empty for a new one each time")
    allowed_hosts: tuple[str, ...] = Field((), description="further names under which the application may be asked for")
    user_header: Annotated[str, AfterValidator(_header)] | None = Field(
        None, description="HTTP header in which a proxy in front names the user"
    )

"""A PostgreSQL of the tests' own, and one empty store after the other in both databases.

The server is a real one on a socket in a folder of its own. Nothing is skipped: where it is missing, tests fail and
say so. A test module loads these fixtures by ``pytest_plugins = ["postgres"]``.
"""

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from pipeline.store import open_store

_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "shared_buffers=32MB")
_VIETNAMESE = ("--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=vi")
"""An order of letters that is not the one of their codes, as a server in use has it."""
_numbers = itertools.count()


def binaries():
    """Return the folder with the server's programs, of the newest version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    if not found or not (found[-1] / "initdb").exists():
        pytest.fail("PostgreSQL is not installed: apt-get install postgresql", pytrace=False)
    return found[-1]


def _as_user():
    """Return how to start a program as somebody else than root, whom the server refuses, and that user's name."""
    if os.geteuid() != 0:
        return [], pwd.getpwuid(os.geteuid()).pw_name
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    return ["setpriv", f"--reuid={user}", "--regid", str(pwd.getpwnam(user).pw_gid), "--clear-groups", "--"], user


def _run(command, folder):
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, timeout=120)
    if done.returncode:
        pytest.fail(f"{' '.join(map(str, command))}\n{done.stderr or done.stdout}", pytrace=False)


@pytest.fixture(scope="session")
def postgres_server():
    """Start a server and return the URL of its first database."""
    bin_folder, (prefix, user) = binaries(), _as_user()
    # The path of a socket may have 107 characters, which pytest's own folders exceed.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    shutil.chown(folder, user)
    data = folder / "data"
    control = [*prefix, bin_folder / "pg_ctl", "-D", data, "-w"]
    options = " ".join(f"-c {option}" for option in (*_FAST, f"unix_socket_directories={folder}"))
    init = ["initdb", "-D", data, "-U", "chidao", "-A", "trust", "-E", "UTF8", "--no-sync", *_VIETNAMESE]
    try:
        _run([*prefix, bin_folder / init[0], *init[1:]], folder)
        _run([*control, "-l", folder / "log", "-o", options, "start"], folder)
        yield f"postgresql://chidao@/postgres?host={folder}"
        _run([*control, "-m", "immediate", "stop"], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server):
    """Return the URL of a new, empty database."""
    name = f"store{next(_numbers)}"
    admin = create_engine(postgres_server.replace("://", "+psycopg://"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield postgres_server.replace("/postgres?", f"/{name}?")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request, tmp_path):
    """Return the address of a store that does not exist yet, in each of the two databases."""
    if request.param == "sqlite":
        return str(tmp_path / "store.sqlite")
    return request.getfixturevalue("postgres_url")


@pytest.fixture
def store(store_url):
    """Return an empty store in each of the two databases."""
    with open_store(store_url) as opened:
        yield opened

"""LibreOffice as a converter: without a screen, macros or network, in a profile of its own, and never for long."""

from __future__ import annotations

import contextlib
import hashlib
import os
import resource
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

from pipeline.config import ReadSettings
from pipeline.errors import MissingDependencyError, TimeLimitError

_PROGRAMS = ("soffice", "libreoffice")
_MEMORY = 4 << 30
_MORE_SECONDS = 10
"""What each further file of a run may take."""
_TARGET = "docx:MS Word 2007 XML"
_NOWHERE = "127.0.0.1"
_DISCARD = 9
"""A proxy on this port answers nobody, so that nothing a document links to is fetched."""
_MARKS = ("CHIDAO_RUN", "CHIDAO_WORKER")
"""By these a guarded run finds the processes that it must end."""
_WATCH = 'trap "" INT TERM HUP; read -r _; kill -KILL -"$1"; rm -f -- "$2"'

_OFFICE = "/org.openoffice.Office"
_SCRIPTING = f"{_OFFICE}.Common/Security/Scripting"
_LINKS = f"{_OFFICE}.Writer/Content/Update"
_INET = "/org.openoffice.Inet/Settings"
_OPTIONS: tuple[tuple[str, str, object], ...] = (
    (_SCRIPTING, "MacroSecurityLevel", 3),
    (_SCRIPTING, "DisableMacrosExecution", "true"),
    (_SCRIPTING, "BlockUntrustedRefererLinks", "true"),
    (_LINKS, "Link", 0),
    (_LINKS, "Field", "false"),
    (_LINKS, "Chart", "false"),
    (_INET, "ooInetProxyType", 2),
    (_INET, "ooInetHTTPProxyName", _NOWHERE),
    (_INET, "ooInetHTTPProxyPort", _DISCARD),
    (_INET, "ooInetHTTPSProxyName", _NOWHERE),
    (_INET, "ooInetHTTPSProxyPort", _DISCARD),
    (_INET, "ooInetNoProxy", ""),
    (f"{_OFFICE}.Common/Misc", "FirstRun", "false"),
    (f"{_OFFICE}.Jobs/Jobs/{_OFFICE[1:]}.Jobs:Job['UpdateCheck']/Arguments", "AutoCheckEnabled", "false"),
)
"""Never run a macro, never update a link or a field, never look for updates, never reach the network."""


def find_soffice() -> str:
    """Return LibreOffice's program."""
    found = next((path for name in _PROGRAMS if (path := shutil.which(name))), None)
    if found is None:
        raise MissingDependencyError(
            "DOC, RTF and ODT files need LibreOffice, which is not installed",
            "apt-get install libreoffice-writer-nogui, or save the file as DOCX or PDF",
        )
    return found


def convert_all(files: list[Path], folder: Path, settings: ReadSettings) -> None:
    """Convert `files` in one run to DOCX files beside one another in `folder`, which holds the profile as well.

    A file that could not be converted is simply not there afterwards; the program's own word for success is worth
    nothing. Raises :class:`~pipeline.errors.TimeLimitError` when the run takes too long.
    """
    program = find_soffice()
    profile = folder / "profile"
    _write_profile(profile)
    command = [
        program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--invisible", "--norestore",
        "--nolockcheck", "--nodefault", "--nologo", "--convert-to", _TARGET, "--outdir", str(folder),
        *map(str, files),
    ]  # fmt: skip
    seconds = settings.office_timeout + _MORE_SECONDS * (len(files) - 1)
    if not _run(command, profile, seconds, settings.max_unpacked):
        raise TimeLimitError(
            f"LibreOffice took longer than {seconds:.0f} seconds to open the file",
            "save it as DOCX or PDF, or raise the limit with --set read.office_timeout=N",
        )


def _run(command: list[str], home: Path, seconds: float, most_bytes: int) -> bool:
    """Run `command` in a session of its own and end all of that; return False when it ran out of time."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        command, stdin=quiet, stdout=quiet, stderr=quiet, cwd=home, env=_environment(home), start_new_session=True
    )
    try:
        _restrain(process.pid, seconds, most_bytes)
        with _watched(process.pid, _socket(home)):
            process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    finally:
        with contextlib.suppress(ProcessLookupError):  # the session may be empty by now
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        with contextlib.suppress(OSError):
            _socket(home).unlink()
    return True


def _environment(home: Path) -> dict[str, str]:
    """Return what the program is told: nothing of its user's, and of the run only the marks by which it is found."""
    marks = {name: os.environ[name] for name in _MARKS if name in os.environ}
    path = os.environ.get("PATH", os.defpath)
    return {"PATH": path, "HOME": str(home), "TMPDIR": str(home), "LC_ALL": "C.UTF-8", "TZ": "UTC", **marks}


@contextlib.contextmanager
def _watched(group: int, socket: Path) -> Iterator[None]:
    """Have the process group `group` killed as soon as this process is dead, by whatever death.

    A watcher reads a line that the kernel closes then. The kernel's own signal at a parent's death would not do:
    LibreOffice's program is a grandchild, to which that does not pass on. The watcher carries no marks, so that
    whoever ends a run's processes by them lets it finish.
    """
    quiet = subprocess.DEVNULL
    command = ["sh", "-c", _WATCH, "sh", str(group), str(socket)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet, cwd="/", env={}, start_new_session=True
    ) as watcher:
        try:
            yield
        finally:
            watcher.kill()


def _socket(profile: Path) -> Path:
    """Return the socket that LibreOffice makes for a profile, in a place of its own choice, and leaves when killed."""
    digest = hashlib.md5(profile.as_uri().encode("utf-16-le"), usedforsecurity=False).digest()
    return Path("/tmp", f"OSL_PIPE_{os.getuid()}_SingleOfficeIPC_{''.join(f'{byte:x}' for byte in digest)}")  # noqa: S108


def _restrain(pid: int, seconds: float, most_bytes: int) -> None:
    """Hold a process, and what it starts from now on, to limits of memory, time and file size, where there are such."""
    limit = getattr(resource, "prlimit", None)
    if limit is None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):  # it may have ended already
        limit(pid, resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        limit(pid, resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
        limit(pid, resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 1))


def _write_profile(profile: Path) -> None:
    user = profile / "user"
    user.mkdir(parents=True)
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _OPTIONS
    )
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema">{items}</oor:items>',
        encoding="utf-8",
    )

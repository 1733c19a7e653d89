"""DOC, RTF and ODT: through LibreOffice, which must run nothing, fetch nothing and leave nothing behind."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from docx import Document
from hostile_files import docx, paragraph
from office_files import odt, ole, rtf, word_header

from pipeline import extract
from pipeline.config import ReadSettings
from pipeline.errors import DamagedFileError, LimitError, MissingDependencyError
from pipeline.read import convert_beforehand, open_source, read_pages, soffice
from pipeline.read.kinds import DOC, ODT, RTF

FILES = Path(__file__).parents[1] / "data" / "samples" / "files"
SETTINGS = ReadSettings()
SENTENCE = "Giao Sở Y tế chủ trì, báo cáo trước ngày 30/6/2024."
needs_soffice = pytest.mark.skipif(
    shutil.which("soffice") is None and "CI" not in os.environ, reason="needs LibreOffice (soffice)"
)


def lines(path: Path, settings: ReadSettings = SETTINGS) -> list[str]:
    return [line.text for page in read_pages(open_source(path, settings), settings) for line in page.lines]


def save(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def processes_naming(folder: Path) -> list[str]:
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if str(folder) in line]


def is_alive(status: Path) -> bool:
    try:
        return "State:\tZ" not in status.read_text()
    except OSError:
        return False


@pytest.fixture
def slow_soffice(tmp_path, monkeypatch):
    """A program that starts another, and neither ever ends."""
    program = tmp_path / "bin" / "soffice"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\nsleep 600 &\necho $! > {tmp_path}/child\nsleep 600\n")
    program.chmod(0o755)
    monkeypatch.setattr(soffice.shutil, "which", lambda _name: str(program))
    return tmp_path / "child"


@needs_soffice
def test_rtf_odt_and_doc_are_read_and_told_by_content(tmp_path):
    assert shutil.which("soffice"), "soffice is missing: install LibreOffice Writer on the CI machine"
    as_doc = save(tmp_path, "a.doc", rtf(SENTENCE, "1. Một việc."))
    as_odt = save(tmp_path, "b.pdf", odt(SENTENCE, "1. Một việc."))
    assert open_source(as_doc, SETTINGS).media_type == RTF
    assert open_source(as_odt, SETTINGS).media_type == ODT
    assert lines(as_doc) == lines(as_odt) == [SENTENCE, "1. Một việc."]


@needs_soffice
def test_a_doc_of_tcvn3_keeps_the_letter_that_word_takes_for_a_soft_hyphen(tmp_path):
    assert shutil.which("soffice"), "soffice is missing: install LibreOffice Writer on the CI machine"
    made = Document()
    made.add_paragraph().add_run("®Çu t\u00ad x©y dùng").font.name = ".VnTime"
    source = tmp_path / "a.docx"
    made.save(str(source))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "doc", "--outdir", str(tmp_path), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert open_source(tmp_path / "a.doc", SETTINGS).media_type == DOC
    assert lines(tmp_path / "a.doc") == ["đầu tư xây dựng"]


@needs_soffice
def test_many_files_are_converted_in_one_run_and_a_bad_one_costs_no_other(tmp_path, monkeypatch):
    assert shutil.which("soffice"), "soffice is missing: install LibreOffice Writer on the CI machine"
    bad = save(tmp_path, "bad.doc", ole(WordDocument=word_header()))
    good = [save(tmp_path, f"{name}.rtf", rtf(f"Việc {name}")) for name in "ab"]
    good.append(save(tmp_path, "c.odt", odt("Việc c")))
    other = save(tmp_path, "d.docx", docx(paragraph("Việc d")))
    runs = []
    convert_all = soffice.convert_all
    monkeypatch.setattr(
        "pipeline.read.office.convert_all",
        lambda files, folder, settings: (runs.append(len(files)), convert_all(files, folder, settings)),
    )
    (tmp_path / "made").mkdir()
    settings = convert_beforehand([bad, *good, other], tmp_path / "made", SETTINGS)
    assert [lines(path, settings) for path in [*good, other]] == [["Việc a"], ["Việc b"], ["Việc c"], ["Việc d"]]
    assert runs == [4]
    with pytest.raises(DamagedFileError, match="LibreOffice could not open the DOC"):
        lines(bad, settings)
    assert runs == [4, 1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.rtf", "b.rtf", "bad.doc", "c.odt", "d.docx", "made"]


@needs_soffice
def test_nothing_is_fetched_from_the_network_and_no_process_is_left(tmp_path, monkeypatch):
    assert shutil.which("soffice"), "soffice is missing: install LibreOffice Writer on the CI machine"
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a"
        link = '{\\field{\\*\\fldinst INCLUDEPICTURE "' + address + '.png" \\\\d}{\\fldrslt x}}'
        template = "{\\*\\template " + address + ".dot}"
        assert SENTENCE in lines(save(tmp_path, "a.rtf", rtf(SENTENCE, extra=template + link)))[-1]
        with pytest.raises(TimeoutError):
            server.accept()
    assert processes_naming(tmp_path) == []
    assert [path.name for path in tmp_path.iterdir()] == ["a.rtf"]


def test_without_libreoffice_the_error_says_how_to_install_it(tmp_path, monkeypatch):
    monkeypatch.setattr(soffice.shutil, "which", lambda _name: None)
    path = save(tmp_path, "a.rtf", rtf(SENTENCE))
    with pytest.raises(MissingDependencyError, match="apt-get install libreoffice-writer-nogui"):
        lines(path)
    settings = convert_beforehand([path, save(tmp_path, "b.rtf", rtf("Hai"))], tmp_path, SETTINGS)
    with pytest.raises(MissingDependencyError):
        lines(path, settings)


def test_a_run_that_never_ends_is_ended_with_all_its_children(tmp_path, slow_soffice):
    with pytest.raises(LimitError, match="longer than 1 seconds"):
        lines(save(tmp_path, "a.rtf", rtf(SENTENCE)), ReadSettings(office_timeout=1))
    status = Path("/proc") / slow_soffice.read_text().strip() / "status"
    for _ in range(100):  # the kernel takes a moment to bury what was killed
        if not is_alive(status):
            break
        time.sleep(0.1)
    assert not is_alive(status)


def test_the_profile_forbids_macros_and_the_network(tmp_path, monkeypatch):
    seen = {}

    def remember(command, home, _seconds, _most_bytes):
        seen["profile"] = (home / "user" / "registrymodifications.xcu").read_text()
        seen["command"] = command
        return True

    monkeypatch.setattr(soffice, "_run", remember)
    monkeypatch.setattr(soffice.shutil, "which", lambda _name: "/usr/bin/soffice")
    with pytest.raises(DamagedFileError):
        lines(save(tmp_path, "a.rtf", rtf(SENTENCE)))
    for name, value in (("MacroSecurityLevel", 3), ("DisableMacrosExecution", "true"), ("ooInetProxyType", 2)):
        assert f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value>' in seen["profile"]
    assert "--headless" in seen["command"]


@needs_soffice
@pytest.mark.parametrize("name", ["dai-hoc-can-tho-hoc-ky-he-2022", "ubnd-nghe-an-hanh-chinh-cong-xa-2025"])
def test_the_same_notice_as_docx_doc_and_pdf_gives_the_same_directives(tmp_path, name):
    assert shutil.which("soffice"), "soffice is missing: install LibreOffice Writer on the CI machine"
    source = FILES / f"{name}.docx"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    for kind in ("doc", "pdf"):
        command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(tmp_path), str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    notices = [extract(path) for path in (source, tmp_path / f"{name}.doc", tmp_path / f"{name}.pdf")]
    directives, *others = [[item.model_dump() for item in notice.directives] for notice in notices]
    assert directives
    assert others == [directives, directives]
    assert notices[0].header == notices[1].header == notices[2].header

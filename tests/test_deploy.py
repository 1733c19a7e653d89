"""The files for a nightly job: units that systemd takes, a line that cron takes, and docs that name what is there."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from accounts import ACCOUNT

from pipeline.batch.metrics import write_metrics
from pipeline.cli import main
from pipeline.errors import EXIT_CODES, EXIT_SOME_FAILED

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
DOCS = (ROOT / "docs" / "nightly.md").read_text(encoding="utf-8")
PROGRAM = "/opt/chidao/.venv/bin/chidao"


def unit(name):
    """A unit's settings by section; a setting may stand several times."""
    settings: dict[str, dict[str, list[str]]] = {}
    for line in (DEPLOY / name).read_text(encoding="utf-8").splitlines():
        if head := re.fullmatch(r"\[(\w+)\]", line):
            settings[head[1]] = {}
        elif line and not line.startswith("#"):
            key, _, value = line.partition("=")
            settings[list(settings)[-1]].setdefault(key, []).append(value)
    return settings


def cron_lines():
    lines = (DEPLOY / "crontab").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#") and not re.match(r"\w+=", line)]


def parsed(arguments):
    named = main.context_settings["help_option_names"]
    with main.commands[arguments[0]].make_context(
        arguments[0], list(arguments[1:]), help_option_names=named
    ) as context:
        return context.params


def test_systemd_takes_the_units(tmp_path):
    """As `systemd-analyze verify` says, with the program and the account replaced by some that are there."""
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed: the units are checked line by line only")
    for name in ("chidao.service", "chidao.timer"):
        text = (DEPLOY / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(re.sub(PROGRAM, "/bin/true", text).replace("=chidao\n", "=root\n"))
    units = [str(tmp_path / name) for name in ("chidao.service", "chidao.timer")]
    done = subprocess.run([program, "verify", "--man=no", *units], capture_output=True, text=True, check=False)
    said = [line for line in done.stderr.splitlines() if "chidao" in line]
    assert said == []


def test_the_service_is_shut_in():
    service = unit("chidao.service")["Service"]
    for setting in ("NoNewPrivileges", "PrivateNetwork", "PrivateTmp", "PrivateDevices", "RestrictSUIDSGID"):
        assert service[setting] == ["yes"]
    assert service["Type"] == ["oneshot"]
    assert service["ProtectSystem"] == ["strict"]
    assert service["CapabilityBoundingSet"] == [""]
    assert service["SystemCallFilter"] == ["@system-service", "~@privileged"]
    assert {"MemoryMax", "TimeoutStartSec", "TasksMax"} <= set(service)


def test_files_that_failed_are_no_failure_of_the_service():
    assert unit("chidao.service")["Service"]["SuccessExitStatus"] == [str(EXIT_SOME_FAILED)]


def test_the_service_may_write_the_results_and_only_read_the_inbox():
    service = unit("chidao.service")["Service"]
    program, *arguments = shlex.split(service["ExecStart"][0])
    asked = parsed(arguments)
    assert program == PROGRAM
    assert str(asked["out"]) in service["ReadWritePaths"]
    assert service["ReadOnlyPaths"] == [str(asked["inbox"])]


def test_the_timer_makes_up_for_a_night_without_power():
    timer = unit("chidao.timer")
    assert timer["Timer"]["Persistent"] == ["true"]
    assert "RandomizedDelaySec" in timer["Timer"]
    assert timer["Install"] == {"WantedBy": ["timers.target"]}
    assert re.fullmatch(r"\*-\*-\* \d\d:\d\d:\d\d", timer["Timer"]["OnCalendar"][0])


def test_the_cron_line_runs_what_the_service_runs():
    (line,) = cron_lines()
    *when, command = line.split(maxsplit=5)
    for field, most in zip(when, (59, 23, 31, 12, 7), strict=True):
        assert field == "*" or 0 <= int(field) <= most
    assert not re.search(r"(?<!\\)%", command), "cron takes a bare % for the end of the line"
    words = shlex.split(command.replace("\\%", "%"))
    asked = parsed([word for word in words[words.index(PROGRAM) + 1 :] if not word.startswith("2>")])
    served = parsed(shlex.split(unit("chidao.service")["Service"]["ExecStart"][0])[1:])
    assert (asked["inbox"], asked["out"]) == (served["inbox"], served["out"])
    assert (DEPLOY / "crontab").read_bytes().endswith(b"\n")


def test_links_of_the_docs_lead_somewhere():
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", DOCS)
    assert len(targets) >= 5
    assert [target for target in targets if not (ROOT / "docs" / target).exists()] == []


def test_paths_of_the_docs_are_those_of_the_units():
    named = set(re.findall(r"/(?:srv|opt)/chidao[\w/.-]*", DOCS))
    units = "".join((DEPLOY / name).read_text(encoding="utf-8") for name in ("chidao.service", "crontab"))
    assert {path for path in named if "*" not in path and path.removesuffix("/runs/") not in units} == set()


def test_commands_of_the_docs_can_be_parsed():
    lines = re.findall(r"^chidao (.+)$", DOCS, re.MULTILINE)
    assert lines
    for line in lines:
        assert parsed(shlex.split(line))
    for group, command in re.findall(r"`chidao (\w+) ?([\w-]*)", DOCS):
        assert group in main.commands
        below = getattr(main.commands[group], "commands", {})
        assert not below or command in below


def test_exit_codes_of_the_docs_are_ours():
    codes = {int(code) for code in re.findall(r"^\| `(\d+)` \|", DOCS, re.MULTILINE)}
    assert codes <= set(EXIT_CODES)
    assert {0, 1, 3, 75} <= codes


def test_figures_of_the_docs_are_those_that_are_written(tmp_path):
    write_metrics(ACCOUNT, tmp_path / "chidao.prom")
    written = set(re.findall(r"^# TYPE (\w+)", (tmp_path / "chidao.prom").read_text(encoding="utf-8"), re.MULTILINE))
    table = {
        name for row in re.findall(r"^\| `chidao_.*", DOCS, re.MULTILINE) for name in re.findall(r"chidao_\w+", row)
    }
    assert table == written


def test_alert_rules_of_the_docs_are_yaml_about_our_figures():
    (text,) = re.findall(r"```yaml\n(.+?)```", DOCS, re.DOTALL)
    rules = yaml.safe_load(text)["groups"][0]["rules"]
    assert {"alert", "expr", "annotations"} <= set(rules[0])
    figures = {name for rule in rules for name in re.findall(r"chidao_\w+", rule["expr"])}
    assert figures <= set(re.findall(r"`(chidao_\w+)", DOCS))

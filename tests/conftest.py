"""The one option of the tests, and the guard that it is not left on."""

from __future__ import annotations

import os

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write tests/golden anew; the run fails all the same")


@pytest.fixture(autouse=True)
def _settings_of_the_tests(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep out the settings of whoever runs the tests, and let runs take files that were only just written."""
    for variable in [name for name in os.environ if name.startswith("CHIDAO_") and "__" in name]:
        monkeypatch.delenv(variable)
    monkeypatch.delenv("CHIDAO_CONFIG", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.getbasetemp() / "no-config"))
    monkeypatch.setenv("CHIDAO_BATCH__REST_SECONDS", "0")
    monkeypatch.setenv("CHIDAO_BATCH__DAMAGED_AGE_SECONDS", "0")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Tell whether the golden files are to be written anew."""
    return bool(request.config.getoption("--update-golden"))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A run that may write what it compares with proves nothing, so it never passes."""
    if session.config.getoption("--update-golden"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.getoption("--update-golden"):
        terminalreporter.section("golden files", red=True, bold=True)
        terminalreporter.line("tests/golden was written anew: read the differences, then run without --update-golden")

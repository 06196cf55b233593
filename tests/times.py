"""Where the time of a run goes, and a run that begins no test after a given time."""

import json
import os
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

STAGES = "UDL_STAGES"  # what ran before pytest: seconds by name, as JSON


def add_options(parser: pytest.Parser) -> None:
    group = parser.getgroup("how far a run goes")
    group.addoption("--until", type=float, metavar="TIME", help="begin no test after this time, in seconds since 1970")


class Times:
    """The plugin that prints seconds by stage, then what the tests of each folder took, on all workers together."""

    def __init__(self, config: pytest.Config) -> None:
        self.begun = time.monotonic()
        self.stages: dict[str, float] = json.loads(os.environ.get(STAGES, "{}"))
        self.folders: defaultdict[str, float] = defaultdict(float)
        self.files: defaultdict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        file = report.nodeid.partition("::")[0]
        self.files[file] += report.duration
        self.folders["/".join(file.split("/")[: 2 if file.startswith("tests/") else 1])] += report.duration

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self.stages:
            terminalreporter.section("seconds")
            for line in self.table(time.monotonic() - self.begun):
                terminalreporter.write_line(line)

    def table(self, passed: float) -> Iterator[str]:
        for stage, seconds in {**self.stages, "tests": passed}.items():
            yield f"{stage:60}{seconds:10.0f}"
        for folder, seconds in sorted(self.folders.items(), key=lambda entry: -entry[1]):
            longest = max((file for file in self.files if file.startswith(folder)), key=self.files.__getitem__)
            yield f"  {folder:58}{seconds:10.0f}   most: {longest.rpartition('/')[2]} {self.files[longest]:.0f}"


class Deadline:
    """The plugin that lets no test begin after `--until`, and tells how many were left."""

    def __init__(self, config: pytest.Config) -> None:
        self.until = config.getoption("until")
        self.left = 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> bool | None:
        if self.until is None or time.time() < self.until:
            return None
        self.left += 1
        return True  # taken care of

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["not begun"] = self.left

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self.left += getattr(node, "workeroutput", {}).get("not begun", 0)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self.left:
            terminalreporter.section(f"time is up: {self.left} tests were not begun (make test runs them)")

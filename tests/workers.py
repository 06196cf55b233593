"""How tests are shared out among the workers."""

import re
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

CHAPTER = re.compile(r"^(.*?)::.*\[(\d\d_\w+)\]$")


class ByChapter(LoadFileScheduling):
    """A file goes to one worker, which makes its fixtures once; tests of one chapter each are shared out by chapter."""

    def _split_scope(self, nodeid: str) -> str:
        if chapter := CHAPTER.match(nodeid):
            return f"{chapter[1]}[{chapter[2]}]"
        return super()._split_scope(nodeid)


class Workers:
    """The plugin that has the tests shared out so where `--dist loadfile` is asked for."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, log: Any) -> ByChapter | None:
        return ByChapter(self.config, log) if self.config.getoption("dist") == "loadfile" else None

"""Costly tests of one chapter each: `--due` runs them for what changed since the last whole run, and one more in turn.

Such a test file says what it rests on: `pytestmark = pytest.mark.rests_on("chapters/{}.ipynb", "udl_core")`, with `{}`
for the chapter, which is the id of the test's parameter. The file itself counts too. A whole run (`make test-all`, that
is `--everything`) runs all chapters and, when everything has passed, writes a digest of what each rests on to
verified.json; that file is committed. `make test` (`--due`) compares: a chapter whose digest differs, or is not there,
runs, and of each file one more, by the number of commits, so that a commit always runs the same tests. Where git cannot
tell that number, every chapter runs.
"""

import hashlib
import json
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
VERIFIED = Path(__file__).with_name("verified.json")
IGNORED = {"__pycache__", ".ipynb_checkpoints"}
SUBJECT = "subject"  # the name under which a report carries the subject of its test, with its digest


def add_options(parser: pytest.Parser) -> None:
    group = parser.getgroup("how far a run goes")
    group.addoption("--due", action="store_true", help="of the costly tests, only what changed and one more in turn")
    group.addoption("--everything", action="store_true", help="a whole run: all screens, more examples of a property")


def due(subjects: Sequence[str], digests: Mapping[str, str], verified: Mapping[str, str], turn: int | None) -> set[str]:
    """The subjects to run: those whose digest is not the verified one, and one more; all when the turn is unknown."""
    if turn is None or not subjects:
        return set(subjects)
    changed = {subject for subject in subjects if verified.get(subject) != digests[subject]}
    return changed | {subjects[turn % len(subjects)]}


def digest(root: Path, sources: Iterable[str]) -> str:
    """Sixteen hex digits that change with the name or the content of any file in these files and folders."""
    total = hashlib.sha256()
    for source in sources:
        files = sorted((root / source).rglob("*")) if (root / source).is_dir() else [root / source]
        for path in files:
            if path.is_dir() or IGNORED & set(path.parts):
                continue
            total.update(path.relative_to(root).as_posix().encode() + b"\0")
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:16]


def turn(root: Path) -> int | None:
    """How many commits led here; None where that is unknown: outside of git, or in a clone without its history."""
    answers = []
    for question in (["rev-parse", "--is-shallow-repository"], ["rev-list", "--count", "HEAD"]):
        try:
            done = subprocess.run(["git", *question], cwd=root, capture_output=True, text=True)
        except OSError:
            return None
        if done.returncode:
            return None
        answers.append(done.stdout.strip())
    return int(answers[1]) if answers[0] == "false" else None


def read_verified() -> dict[str, str]:
    return json.loads(VERIFIED.read_text(encoding="utf-8")) if VERIFIED.is_file() else {}


def write_verified(verified: Mapping[str, str]) -> None:
    VERIFIED.write_text(json.dumps(verified, indent=2, sort_keys=True) + "\n", encoding="utf-8", newline="\n")


def subject_of(item: pytest.Item) -> tuple[str, list[str]] | None:
    """The name of what a costly test is about, and the files and folders that it rests on."""
    mark = item.get_closest_marker("rests_on")
    if mark is None:
        return None
    file = item.path.relative_to(ROOT).as_posix()
    chapter = item.callspec.id  # type: ignore[attr-defined]
    return f"{file}[{chapter}]", [file, *(source.format(chapter) for source in mark.args)]


class Rotation:
    """The plugin: it leaves out what is not due, and after a whole run it writes what was verified."""

    def __init__(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", "rests_on(*sources): costly; see tests/rotation.py")
        self.due = config.getoption("due")
        asked = config.getoption("keyword") or config.getoption("markexpr")
        self.whole = config.getoption("everything") and not asked and config.args_source == config.ArgsSource.TESTPATHS
        self.left: list[str] = []
        self.seen: dict[str, str] = {}  # of what ran, the digest

    @pytest.hookimpl(trylast=True)  # after others have deselected what they do not want
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        digests: dict[str, str] = {}
        rings: dict[Path, list[str]] = {}  # of each file, its subjects in order
        for item in items:
            if found := subject_of(item):
                subject, sources = found
                if subject not in digests:
                    digests[subject] = digest(ROOT, sources)
                    rings.setdefault(item.path, []).append(subject)
                item.user_properties.append((SUBJECT, [subject, digests[subject]]))
        if not self.due:
            return
        verified, now = read_verified(), turn(ROOT)
        wanted = set().union(*(due(ring, digests, verified, now) for ring in rings.values()))
        self.left = sorted(set(digests) - wanted)
        left = [item for item in items if dict(item.user_properties).get(SUBJECT, [""])[0] in self.left]
        if left:
            items[:] = [item for item in items if item not in left]
            config.hook.pytest_deselected(items=left)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if SUBJECT in (properties := dict(report.user_properties)):
            subject, now = properties[SUBJECT]
            self.seen[subject] = now

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output["left"] = self.left
        elif self.whole and exitstatus == pytest.ExitCode.OK and self.seen:
            write_verified(self.seen)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self.left = getattr(node, "workeroutput", {}).get("left", self.left)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self.left:
            terminalreporter.section("verified before, and not in their turn (make test-all runs them)")
            for subject in self.left:
                terminalreporter.write_line(subject)

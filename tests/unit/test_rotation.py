"""Which costly tests run, what several workers tell, and when no more tests begin: in a small project of its own."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.budgets import Budgets
from tests.rotation import digest, due, turn

ROOT = Path(__file__).resolve().parents[2]
SUBJECTS = ["one", "two", "three"]
SAME = {subject: "digest" for subject in SUBJECTS}


@pytest.mark.parametrize(("now", "one_more"), [(0, "one"), (1, "two"), (2, "three"), (3, "one"), (1000, "two")])
def test_where_nothing_changed_one_runs_in_turn(now, one_more):
    assert due(SUBJECTS, SAME, SAME, now) == {one_more}


def test_what_changed_or_was_never_verified_runs_too():
    assert due(SUBJECTS, SAME | {"three": "another"}, SAME, 0) == {"one", "three"}
    assert due(SUBJECTS, SAME, {"one": "digest", "two": "digest"}, 0) == {"one", "three"}
    assert due(SUBJECTS, SAME, {}, 0) == set(SUBJECTS)
    assert due(SUBJECTS, SAME, SAME | {"gone": "digest"}, 2) == {"three"}


def test_in_doubt_everything_runs():
    assert due(SUBJECTS, SAME, SAME, None) == set(SUBJECTS)
    assert due([], {}, {}, 3) == set()


def git(folder, *arguments):
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "protocol.file.allow=always"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def test_the_turn_is_the_number_of_commits_where_that_is_known(tmp_path):
    project = tmp_path / "project"
    project.mkdir()
    assert turn(project) is None, "outside of git"
    git(project, "init", "-q")
    assert turn(project) is None, "before the first commit"
    for number in (1, 2, 3):
        git(project, "commit", "-q", "--allow-empty", "-m", "a commit")
        assert turn(project) == number
    (project / "file").touch()
    assert turn(project) == 3, "what is not committed changes no turn"
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{project}", "shallow")
    assert turn(tmp_path / "shallow") is None, "a clone without its history"
    git(tmp_path, "clone", "-q", f"file://{project}", "whole")
    assert turn(tmp_path / "whole") == 3


def test_the_digest_changes_with_names_and_contents_only(tmp_path):
    def now():
        return digest(tmp_path, ["package", "file"])

    (tmp_path / "package/part").mkdir(parents=True)
    (tmp_path / "package/part/module.py").write_text("x = 1")
    (tmp_path / "file").write_text("y")
    first = now()
    (tmp_path / "package/__pycache__").mkdir()
    (tmp_path / "package/__pycache__/module.pyc").write_text("compiled")
    (tmp_path / "beside").write_text("not among the sources")
    os.utime(tmp_path / "file", (0, 0))
    assert now() == first
    (tmp_path / "package/part/module.py").write_text("x = 2")
    second = now()
    (tmp_path / "package/part/module.py").rename(tmp_path / "package/part/other.py")
    assert len({first, second, now()}) == 3
    with pytest.raises(FileNotFoundError):
        digest(tmp_path, ["no_such_folder"])


CONFTEST = """
from pathlib import Path
from tests import rotation, times, workers
rotation.ROOT = Path(__file__).parent
rotation.VERIFIED = rotation.ROOT / "verified.json"
from tests.budgets import BudgetTable, budgets
def pytest_addoption(parser):
    rotation.add_options(parser)
    times.add_options(parser)
def pytest_configure(config):
    for plugin in (rotation.Rotation, BudgetTable, times.Deadline, workers.Workers):
        config.pluginmanager.register(plugin(config))
"""
COSTLY = """
import pytest
pytestmark = pytest.mark.rests_on("chapters/{}.txt", "package")
@pytest.fixture(scope="module", params=["01_one", "02_two", "03_three"])
def chapter(request): return request.param
def test_a(chapter): pass
def test_b(chapter): assert open(f"chapters/{chapter}.txt").read() != "broken"
"""
CHEAP = """
def test_size(budgets): budgets.measure("size", 3 if {first} else 2, 5)
def test_count(budgets): budgets.none_of("errors", [])
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project with a costly test file of three chapters, two cheap files, and one commit."""
    root = tmp_path_factory.mktemp("project")
    files = {
        "conftest.py": CONFTEST,
        "pytest.ini": "[pytest]\ntestpaths = .\n",
        "test_costly.py": COSTLY,
        "test_cheap.py": CHEAP.format(first=True),
        "test_other.py": CHEAP.format(first=False),
        ".gitignore": "*\n",
        "package/module.py": "",
    }
    files |= {f"chapters/{name}.txt": "text" for name in ("01_one", "02_two", "03_three")}
    for name, text in files.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    git(root, "init", "-q")
    git(root, "commit", "-q", "--allow-empty", "-m", "one commit, so the turn is that of the second")
    return root


def run(project, *arguments):
    """What pytest with two workers says, and the tests that ran."""
    command = [sys.executable, "-m", "pytest", "-p", "xdist", "-n", "2", "--dist", "loadfile", "-v"]
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "UDL_"))}
    environment = {**outside, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    said = subprocess.run([*command, *arguments], cwd=project, env=environment, capture_output=True, text=True).stdout
    return said, set(re.findall(r"(?:PASSED|FAILED) \S*test_costly\.py::(\S+)", said))


EACH = {f"test_{letter}[{chapter}]" for letter in "ab" for chapter in ("01_one", "02_two", "03_three")}


def test_from_a_whole_run_to_what_changed_since(project):
    verified = project / "verified.json"
    said, ran = run(project, "--due")
    assert ran == EACH, said
    assert not verified.exists(), "only a whole run writes down what was verified"

    (project / "chapters/03_three.txt").write_text("broken")
    assert run(project, "--everything")[1] == EACH
    assert not verified.exists(), "nor one that failed"
    (project / "chapters/03_three.txt").write_text("text")
    run(project, "--everything", "-k", "test_a")
    assert not verified.exists(), "nor a part"
    said, ran = run(project, "--everything")
    assert ran == EACH
    shared = set(re.findall(r"\[(gw\d)\].* test_costly\.py::test_\w\[(\w+)\]", said))
    assert len(shared) == 3, "all tests of a chapter run on one worker"
    assert len({worker for worker, _ in shared}) == 2, "and chapters on both"
    assert set(json.loads(verified.read_text())) == {f"test_costly.py[{c}]" for c in ("01_one", "02_two", "03_three")}

    said, ran = run(project, "--due")
    assert ran == {"test_a[02_two]", "test_b[02_two]"}, "one in its turn"
    assert re.search(r"not in their turn.*\ntest_costly\.py\[01_one\]\ntest_costly\.py\[03_three\]\n", said)
    assert run(project)[1] == EACH, "who does not ask for less gets all"

    (project / "chapters/03_three.txt").write_text("another text")
    assert run(project, "--due")[1] == {t for t in EACH if "01_one" not in t}
    (project / "package/module.py").write_text("x = 1")
    assert run(project, "--due")[1] == EACH, "all rest on the package"


def test_workers_measure_one_table_and_the_closing_line_is_pytests(project):
    said, _ = run(project)
    assert re.search(r"^size +3\.0 +5$", said, re.M), "the larger of two"
    assert re.search(r"^errors +0\.0 +0$", said, re.M)
    assert re.fullmatch(r"=+ 10 passed in .* =+", said.splitlines()[-1])


def test_after_the_time_is_up_no_test_begins(project):
    said, ran = run(project, f"--until={time.time() - 1}")
    assert ran == set()
    assert "time is up: 10 tests were not begun" in said
    assert "no tests ran" in said.splitlines()[-1]


def test_counts_of_workers_add_up_and_the_larger_size_stays():
    all_together = Budgets()
    all_together.add({"size": [2, 5], "errors": [1, 0]})
    all_together.add({"size": [7, 5], "errors": [2, 0], "other": [1, 1]})
    all_together.add({"size": [3, 5]})
    assert all_together.rows == {"size": [7, 5], "errors": [3, 0], "other": [1, 1]}
    assert [kept for _, kept in all_together.table()] == [True, False, True, False]

"""What make quick picks, and how stages run side by side."""

import subprocess
from pathlib import Path

import pytest

from tools import changed, checks

ROOT = Path(__file__).parents[2]
FILES = {
    "udl_core/__init__.py": "from udl_core.layers import Dense\nfrom udl_core.optim import Adam\n",
    "udl_core/layers.py": "from udl_core.activations import relu\nclass Dense: pass\n",
    "udl_core/activations.py": "def relu(): pass\n",
    "udl_core/optim.py": "class Adam: pass\n",
    "tests/unit/test_activations.py": "from udl_core.activations import relu\n",
    "tests/unit/test_layers.py": "from udl_core import Dense\n",
    "tests/unit/test_optim.py": "def test():\n    from udl_core import optim\n",
    "tests/unit/test_all.py": "import udl_core\n",
    "tests/site/test_pages.py": "from udl_core import optim\n",
    "tests/helper.py": "import udl_core.optim\n",
    "tests/properties/test_helped.py": "from tests.helper import x\n",
    "chapters/01_one.ipynb": "",
}


@pytest.fixture
def project(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_changed_module_runs_its_doctests_then_the_tests_that_import_it_by_nearness(project):
    assert changed.tests(project, ["udl_core/activations.py"]) == [
        "udl_core/activations.py",
        "tests/unit/test_activations.py",  # imports it
        "tests/unit/test_layers.py",  # imports what imports it, by a name that the package gathers
        "tests/unit/test_all.py",  # imports the package, which imports what imports it
    ]


def test_helpers_pass_a_change_on_and_no_browser_is_started(project):
    found = changed.tests(project, ["udl_core/optim.py"])
    assert found[:2] == ["udl_core/optim.py", "tests/unit/test_optim.py"]
    assert set(found[2:]) == {"tests/properties/test_helped.py", "tests/unit/test_all.py"}


def test_a_changed_test_runs_whatever_it_is(project):
    assert changed.tests(project, ["tests/site/test_pages.py"]) == ["tests/site/test_pages.py"]
    assert changed.tests(project, ["tests/unit/test_gone.py"]) == []
    assert changed.tests(project, ["tests/helper.py"]) == ["tests/properties/test_helped.py"]


def test_a_changed_chapter_runs_with_the_tests_that_read_it(project):
    found = changed.tests(project, ["chapters/01_one.ipynb"])
    assert found[0] == "chapters/01_one.ipynb"
    assert "tests/notebooks/test_prose_numbers.py" in found


def test_what_reads_a_file_that_is_no_python_exists():
    assert all((ROOT / test).is_file() for tests in changed.READ_BY.values() for test in tests)


def git(folder, *arguments):
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def test_what_changed_is_counted_from_where_the_branch_left_main(tmp_path):
    git(tmp_path, "init", "-q", "-b", "main")
    for name in ("kept", "edited", "later", ".gitignore"):
        (tmp_path / name).write_text("ignored\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    assert changed.files(tmp_path) == []
    git(tmp_path, "checkout", "-qb", "work")
    (tmp_path / "edited").write_text("committed")
    git(tmp_path, "commit", "-qam", "work")
    (tmp_path / "later").write_text("not committed")
    (tmp_path / "new file").write_text("git does not know it")
    (tmp_path / "ignored").write_text("git ignores it")
    assert changed.files(tmp_path) == ["edited", "later", "new file"]


def stage(name, code, **options):
    return checks.Stage(name, [["-c", code]], **options)


def test_a_stage_is_silent_but_for_its_time(capsys):
    fine = stage("fine", "print('much')")
    assert fine()
    assert fine.seconds > 0
    assert capsys.readouterr().out == f"fine: {fine.seconds:.0f} s\n"


def test_a_stage_that_fails_says_what_it_said_and_ends_its_lane_only(capsys, tmp_path):
    (tmp_path / "first").touch()
    fails = stage("broken", "import sys; print('here'); sys.exit(1)")
    after, beside = (stage(name, f"open({str(tmp_path / name)!r}, 'w')") for name in ("after", "beside"))
    assert not checks.side_by_side([fails, after], [beside])
    assert not (tmp_path / "after").exists()
    assert (tmp_path / "beside").exists()
    assert "here\nerror: broken\n" in capsys.readouterr().out


def test_lanes_run_at_once(tmp_path):
    """Each of two stages waits for what the other one does: the first of two in a row would wait in vain."""
    code = """
import os, sys, time
open({mine!r}, "w").close()
for _ in range(2000):
    if os.path.exists({other!r}):
        sys.exit(0)
    time.sleep(0.01)
sys.exit(1)
"""
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    assert checks.side_by_side([stage("one", code.format(mine=one, other=two))],
                               [stage("two", code.format(mine=two, other=one))])  # fmt: skip

"""The benchmarks' table and JSON, with a benchmark that takes no time; nothing here looks at a clock."""

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import measure, run

FOLDER = Path(run.__file__).parent


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Two lines: twice as fast as the peer, and half as fast with a goal of 1."""
    lines = [
        measure.Line("sum", 0.5e-3, "peer", 1e-3, goal=1.5),
        measure.Line("product", 2.0, "other peer", 1.0, goal=1),
    ]
    monkeypatch.setitem(sys.modules, "benchmarks.quick", SimpleNamespace(lines=lambda: iter(lines)))
    monkeypatch.setitem(sys.modules, "benchmarks.good", SimpleNamespace(lines=lambda: iter(lines[:1])))
    monkeypatch.setattr(run, "BENCHMARKS", ("quick", "good"))


def test_the_table_has_a_line_for_the_machine_one_of_heads_and_one_each(capsys):
    assert run.main(["quick"]) == 1
    shown = capsys.readouterr()
    machine, heads, first, second = shown.out.splitlines()
    assert f"NumPy {np.__version__}, BLAS " in machine
    assert heads.split() == ["ours", "peer", "ratio", "goal"]
    assert first.split() == ["sum", "500", "µs", "1", "ms", "peer", "2", "1.5"]
    assert second.split() == ["product", "2", "s", "1", "s", "other", "peer", "0.5", "!", "1"]
    assert shown.err == "1 of 2 goals missed\n"


def test_json_holds_the_machine_and_the_same_numbers(capsys):
    assert run.main(["quick", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert {"processor", "Python", "NumPy", "BLAS"} <= found["machine"].keys()
    assert all(found["machine"].values())
    first, second = found["lines"]
    assert first.items() >= {
        "what": "sum", "ours": 0.5e-3, "peer_name": "peer", "peer": 1e-3, "goal": 1.5, "ratio": 2.0, "met": True
    }.items()  # fmt: skip
    assert (second["ratio"], second["met"]) == (0.5, False)


def test_all_goals_met_is_success_and_no_names_means_all(capsys):
    assert run.main(["good"]) == 0
    assert capsys.readouterr().err == ""
    assert run.main([]) == 1
    assert capsys.readouterr().out.count("\nsum ") == 2


def test_an_unknown_name_is_told_the_known_ones(capsys):
    with pytest.raises(SystemExit):
        run.main(["quik"])
    assert "no benchmark 'quik', choose from quick, good" in capsys.readouterr().err


def test_every_benchmark_is_run_and_explained(monkeypatch):
    monkeypatch.undo()
    files = {path.stem for path in FOLDER.glob("*.py") if "def lines()" in path.read_text(encoding="utf-8")}
    assert files - {"run"} == set(run.BENCHMARKS)
    table = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [name for name in run.BENCHMARKS if f"| `{name}.py` |" not in table] == []


def test_turns_are_taken_and_the_first_does_not_count():
    calls = []
    ours, theirs = measure.alternate(lambda: calls.append("o"), lambda: calls.append("t"), rounds=2, repeat=3)
    assert "".join(calls) == "oootttoootttooottt"
    assert min(ours, theirs) >= 0

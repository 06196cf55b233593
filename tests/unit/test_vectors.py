"""The committed test vectors of the live figures are Python's numbers of today."""

import json
import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

VECTORS = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[1] / "vectors.py")))


@pytest.mark.parametrize("name", sorted(VECTORS.FIGURES))
def test_committed_vectors_are_fresh(name):
    committed = json.loads((VECTORS.FOLDER / f"{name}.json").read_text())
    assert len(committed) >= 8
    assert list(VECTORS.differences(committed, VECTORS.fresh(name))) == []


def test_every_committed_file_has_its_figure():
    assert {path.stem for path in VECTORS.FOLDER.glob("*.json")} == set(VECTORS.FIGURES)


def test_a_difference_is_seen():
    assert list(VECTORS.differences([{"a": 1.0}], [{"a": 1.0 + 1e-11}]))
    assert list(VECTORS.differences([True], [False]))
    assert list(VECTORS.differences([1.0], [1.0, 2.0]))
    assert not list(VECTORS.differences([1e6], [1e6 * (1 + 1e-13)]))

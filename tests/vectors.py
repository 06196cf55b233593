"""Test vectors of the live figures: Python's numbers, which the front ends' tests in js/test/ must reproduce.

A function decorated with ``figure(name)`` returns a list of cases, each a dict with the figure's ``state`` and its
``expected`` numbers, as plain data. ``python tests/vectors.py`` writes ``js/test/vectors/<name>.json`` for every one;
``test_vectors.py`` asserts that the committed files are what a fresh computation gives.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from udl_core import Linear, Shallow, datasets, losses, regions, widgets

FOLDER = Path(__file__).parents[1] / "js" / "test" / "vectors"
Case = dict[str, Any]
FIGURES: dict[str, Callable[[], list[Case]]] = {}


def figure(name: str) -> Callable[[Callable[[], list[Case]]], Callable[[], list[Case]]]:
    """Registers the cases of a figure."""

    def register(cases: Callable[[], list[Case]]) -> Callable[[], list[Case]]:
        FIGURES[name] = cases
        return cases

    return register


def plain(value: Any) -> Any:
    """NumPy arrays and numbers as JSON data; NaN and infinities, which JSON lacks, as None."""
    if isinstance(value, dict):
        return {str(key): plain(v) for key, v in value.items()}
    if isinstance(value, np.ndarray | list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    return None if isinstance(value, float) and not np.isfinite(value) else value


def fresh(name: str) -> list[Case]:
    """The cases of one figure, computed now."""
    return plain(FIGURES[name]())


def differences(committed: Any, computed: Any, where: str = "") -> Iterator[str]:
    """Places where |a − b| > 1e-12 · max(1, |b|), or where anything but a number differs."""
    if isinstance(committed, dict) and isinstance(computed, dict) and committed.keys() == computed.keys():
        for key in computed:
            yield from differences(committed[key], computed[key], f"{where}.{key}")
    elif isinstance(committed, list) and isinstance(computed, list) and len(committed) == len(computed):
        for i, pair in enumerate(zip(committed, computed, strict=True)):
            yield from differences(*pair, f"{where}[{i}]")
    elif isinstance(committed, float) or isinstance(computed, float):
        if not abs(committed - computed) <= 1e-12 * max(1, abs(computed)):
            yield f"{where}: {committed} committed, {computed} computed"
    elif committed != computed:
        yield f"{where}: {committed!r} committed, {computed!r} computed"


def column(values: Any) -> np.ndarray:
    return np.asarray(values, dtype=float)[:, None]


@figure("line-and-loss")
def line_and_loss() -> list[Case]:
    rng = np.random.default_rng(5)
    states: list[dict[str, Any]] = [
        {},
        {"reduction": "mean", "alpha": 0.5},
        {"centred": True, "phi": [1.3, 0.4]},
        {"centred": True, "reduction": "mean", "alpha": 1.5},
        {"phi": [-3.0, 8.0], "alpha": 0.05, "path": [0.0, 1.0, -3.0, 8.0]},
        {"x": [0.5, 0.5, 0.5], "y": [0.2, 0.8, 1.1]},  # all x equal: the bowl is a trough
        {"x": [0.5, 0.5, 0.5], "y": [0.2, 0.8, 1.1], "centred": True},
        {"x": [1.5], "y": [-0.5]},
        {"x": [-100.0, 3.0, 250.0], "y": [4.0, 5.0, -60.0], "alpha": 1e-4},
        {"x": [1.0, 1.0 + 1e-6], "y": [0.0, 1.0]},
        {"x": rng.normal(size=40), "y": rng.normal(size=40), "phi": rng.normal(size=2)},
    ]
    net = Linear(D_i=1, D_o=1)
    cases = []
    for given in states:
        w = widgets.LineAndLoss(**given)
        x = column(w.x - w.x.mean() if w.centred else w.x)
        y_pred, pullback = net.vjp(x, w.phi)
        loss, dy = losses.least_squares(y_pred, column(w.y), w.reduction)
        gradient = pullback(dy)[1]
        X = np.hstack([np.ones_like(x), x])
        scale = 1 / len(x) if w.reduction == "mean" else 1.0
        top = np.linalg.eigvalsh(2 * scale * X.T @ X)[1]
        lowest = scale * np.sum((X @ np.linalg.lstsq(X, column(w.y), rcond=None)[0] - column(w.y)) ** 2)
        expected = {
            "predicted": y_pred[:, 0], "loss": loss, "gradient": gradient, "lambda_max": top, "limit": 2 / top,
            "next": w.phi - w.alpha * gradient, "lowest": lowest,
        }  # fmt: skip
        cases.append({"state": w.to_dict(), "expected": expected})
    return cases


@figure("two-regressions")
def two_regressions() -> list[Case]:
    rng = np.random.default_rng(6)
    round_cloud = rng.normal(size=(2, 30))
    states: list[dict[str, Any]] = [
        {},
        {"x": [0.0, 1.0, 2.0], "y": [1.0, 3.0, 5.0]},  # exactly on a line: both agree
        {"x": [0.0, 1.0, 2.0], "y": [5.0, 3.0, 1.0]},
        {"x": [0.5, 0.5, 0.5], "y": [0.2, 0.8, 1.1]},  # all x equal
        {"x": [0.5, 0.7, 0.9], "y": [0.4, 0.4, 0.4]},  # all y equal
        {"x": [1.0, -1.0, 0.0, 0.0], "y": [0.0, 0.0, 1.0, -1.0]},  # no correlation
        {"x": [1.5], "y": [-0.5]},
        {"x": round_cloud[0], "y": round_cloud[1]},
        {"phi": [0.5, 0.8, 0.1, 0.4]},
        {"x": [-100.0, 3.0, 250.0], "y": [4.0, 5.0, -60.0], "phi": [0.0, 0.0, 0.0, 0.0]},
    ]
    net = Linear(D_i=1, D_o=1)
    cases = []
    for given in states:
        w = widgets.TwoRegressions(**given)
        x, y = column(w.x), column(w.y)
        fits, errors = [], []
        for phi, u, v in ((w.phi[:2], x, y), (w.phi[2:], y, x)):
            if np.ptp(u):
                fits.append(np.linalg.lstsq(np.hstack([np.ones_like(u), u]), v, rcond=None)[0][:, 0])
            else:
                fits.append(np.array([v.mean(), 0.0]))
            errors.append(losses.least_squares(net(u, phi), v)[0])
        correlated = bool(np.ptp(x) and np.ptp(y))
        r2 = np.corrcoef(w.x, w.y)[0, 1] ** 2 if correlated else None
        cases.append({"state": w.to_dict(), "expected": {"best": np.concatenate(fits), "losses": errors, "r2": r2}})
    return cases


@figure("baskets")
def baskets() -> list[Case]:
    (x, _), (x_test, _) = datasets.polynomial_data(1)
    everything = np.concatenate([x, x_test])[:, 0]
    rng = np.random.default_rng(7)
    states: list[dict[str, Any]] = [
        *({"degree": degree} for degree in range(10)),
        {"train": [True] * 20, "degree": 5},
        {"train": [False] * 20, "degree": 2},
        {"train": [True] * 3 + [False] * 17, "degree": 7},  # fewer points than coefficients
        {"x": [0.0, 0.0, 1.0, 1.0], "y": [0.0, 1.0, 2.0, 4.0], "train": [True] * 4, "degree": 6},  # only two distinct x
        {"x": 50 + 10 * everything, "y": rng.normal(size=20), "train": [True, False] * 10, "degree": 4},
        {"degree": 2, "phi": [0.1, -0.5, 0.25]},
    ]
    cases = []
    for given in states:
        w = widgets.Baskets(**given)
        train = np.array(w.train)
        grid = np.linspace(w.x.min(), w.x.max(), 33)
        predicted = column(np.polynomial.polynomial.polyval(w.x, w.phi))
        errors = [
            losses.least_squares(predicted[b], column(w.y)[b], "mean")[0] if b.any() else None for b in (train, ~train)
        ]
        expected = {"phi": w.phi, "grid": grid, "curve": np.polynomial.polynomial.polyval(grid, w.phi), "errors": errors}
        cases.append({"state": w.to_dict(), "expected": expected})
    return cases


@figure("polygons")
def polygons() -> list[Case]:
    rng = np.random.default_rng(8)
    states: list[dict[str, Any]] = [
        {},
        {"phi": [0.3, 0.0, 0.0, 0.1, 0.7]},  # no line: one region, always on
        {"phi": [0.0, 0.0, 0.0, 0.1, 0.7]},
        {"phi": [0.0, 1.0, 1.0, 0.0, 1.0, -1.0, 0.0, 1.0, 0.0, 0.1, 1.0, -1.0, 0.5]},  # concurrent, through corners
        {"phi": [0.2, 1.0, 0.5, -0.4, -2.0, -1.0, 0.4, 1.0, 0.5, 0.0, 1.0, 1.0, 1.0]},  # parallel and coincident
        {"phi": [1.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0]},  # along the sides of the box
        {"phi": [5.0, 1.0, 0.0, -5.0, 1.0, 0.0, 0.1, 1.0, 1.0]},  # lines outside the box
        *({"phi": rng.normal(size=4 * D + 1), "x": rng.uniform(-1, 1, size=2)} for D in range(1, 9)),
    ]
    cases = []
    for given in states:
        w = widgets.Polygons(**given)
        D = len(w.phi) // 4
        net = Shallow(D_i=2, D=D, D_o=1)
        found = regions.linear_regions(net, w.phi, box=((-1, 1), (-1, 1)))
        key = ["".join("01"[int(on)] for on in pattern) for pattern in found.patterns]
        expected = {
            "y": net(w.x[None], w.phi)[0, 0],
            "in_plane": regions.regions_in_plane(net, w.phi),
            "at_most": regions.max_regions(2, D),
            "areas": dict(zip(key, found.areas, strict=True)),
            "maps": dict(zip(key, found.maps[:, 0], strict=True)),
            "corners": dict(zip(key, map(len, found.polygons), strict=True)),
        }
        cases.append({"state": w.to_dict(), "expected": expected})
    return cases


def write() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in FIGURES:
        path = FOLDER / f"{name}.json"
        # a committed number that is right to 1e-12 stays, whatever the last digit is on this machine
        if path.exists() and not any(differences(json.loads(path.read_text()), fresh(name))):
            continue
        path.write_text("[\n" + ",\n".join(json.dumps(case) for case in fresh(name)) + "\n]\n")
        print(f"wrote {path.name}")


if __name__ == "__main__":
    write()

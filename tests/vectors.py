"""Test vectors of the live figures: Python's numbers, which the front ends' tests in js/test/ must reproduce.

A function decorated with ``figure(name)`` returns a list of cases, each a dict with the figure's ``state`` and its
``expected`` numbers, as plain data. ``python tests/vectors.py`` writes ``js/test/vectors/<name>.json`` for every one;
``test_vectors.py`` asserts that the committed files are what a fresh computation gives.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from udl_core import Deep, Linear, Shallow, activations, approximation, datasets, losses, regions, widgets
from udl_core.regions import preimages
from udl_core.widgets._budget import construction

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
        curve = np.polynomial.polynomial.polyval(grid, w.phi)
        expected = {"phi": w.phi, "grid": grid, "curve": curve, "errors": errors}
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


@figure("ten-parameters")
def ten_parameters() -> list[Case]:
    rng = np.random.default_rng(21)
    book = np.array(widgets.TenParameters().phi)
    states: list[dict[str, Any]] = [
        {},
        {"x": 0.0},
        {"phi": [0.0] * 10},
        {"phi": [1.0, 0.0, -0.7, 1.4, -1.8, 0.0, -0.2, 0.9, 1.1, -2.4]},  # unit 1 always on, unit 3 never
        {"phi": [-0.5, 1.0, 1.0, -2.0, -0.75, 1.5, 0.1, 0.9, 1.1, -2.4]},  # three units at one joint, one faces left
        {"phi": [-0.5, 1.0, -0.5, 1.0, -1.5, 1.0, 0.0, 1.0, -1.0, 0.5], "x": 0.5},  # slope changes that cancel
        {"phi": [0.0, 1.0, 2.0, -1.0, -2.0, 1.0, 0.3, 0.5, 0.5, 0.5]},  # joints at both ends of what is seen
        {"phi": [3.0, -1.0, 1.0, 1.0, -5.0, 2.0, 0.3, 0.5, -0.5, 0.5], "x": 2.0},  # all joints outside
        {"phi": [0.0, 1.0, 0.0, -1.0, -1.0, 1.0, 0.3, 0.0, 0.0, 0.0]},  # every weight zero
        {"phi": book * np.r_[np.full(6, 1e-6), 1, np.full(3, 1e6)]},
        *({"phi": rng.normal(size=10), "x": rng.uniform(0, 2)} for _ in range(8)),
    ]
    return [shallow_case(widgets.TenParameters(**given), Shallow(1, 3, 1), rng) for given in states]


@figure("two-outputs")
def two_outputs() -> list[Case]:
    rng = np.random.default_rng(22)
    states: list[dict[str, Any]] = [
        {},
        {"phi": [0.0] * 18},
        {"phi": [-1.0, 1.0, 1.0, -1.0, -2.0, 2.0, -0.5, 1.0, *rng.normal(size=10)], "x": 1.0},  # three at one joint
        {"phi": [0.5, 0.0, 0.0, 0.0, -1.0, 1.0, 1.5, -1.0, *rng.normal(size=10)]},  # two units with θ_d1 = 0
        {"phi": [3.0, -1.0, 1.0, 1.0, -5.0, 2.0, 0.0, 1.0, *rng.normal(size=10)], "x": 2.0},  # none inside
        {"phi": [-0.4, 1.0, -0.8, 1.0, 1.2, -1.0, -1.6, 1.0, *rng.normal(size=5), 0.3, 0.0, 0.0, 0.0, 0.0], "x": 0.0},
        *({"phi": rng.normal(size=18), "x": rng.uniform(0, 2)} for _ in range(8)),
    ]
    return [shallow_case(widgets.TwoOutputs(**given), Shallow(1, 4, 2), rng) for given in states]


def shallow_case(w: Any, net: Shallow, rng: np.random.Generator) -> Case:
    """Value, exact form and, at each inner knot, a pull of one output to a random height."""
    form = regions.joints(net, w.phi, 0, 2)
    pulls = []
    for k in range(1, len(form.joints) + 1):
        output, y = k % net.D_o, float(rng.normal())
        pulls.append({"knot": k, "output": output, "y": y, "values": pulled(net, w.phi, form, k, output, y)})
    expected = {
        "y": net([[w.x]], w.phi)[0], "joints": form.joints, "slopes": form.slopes.T, "values": form.values.T,
        "patterns": form.patterns.tolist(), "pulls": pulls,
    }  # fmt: skip
    return {"state": w.to_dict(), "expected": expected}


def pulled(net: Shallow, phi: np.ndarray, form: Any, k: int, output: int, y: float) -> np.ndarray:
    """Values at the knots when knot k is pulled to y: nearest to what they were among all that φ can reach.

    φ_0 and the weights of units with a joint in view are free, all else stays.
    """
    parts = net.unpack(phi)
    knots = np.array([0.0, *form.joints, 2.0])
    theta, row = parts["theta"], parts["phi"][output]
    H = np.hstack([np.ones((len(knots), 1)), np.maximum(theta[:, 0] + knots[:, None] * theta[:, 1], 0)])
    moving = [bool(t1) and any(abs(-t0 / t1 - joint) < 1e-12 for joint in form.joints) for t0, t1 in theta]
    free = H[:, [True, *moving]]
    wanted = H @ row
    wanted[k] = y
    # first some φ that puts knot k where it is asked to be (its offset), then the best among those that keep it there
    first = np.zeros(free.shape[1])
    first[0] = y - H[k] @ row
    keep = np.linalg.svd(free[k : k + 1])[2][1:].T
    start = H @ row + free @ first
    step = np.linalg.lstsq(free @ keep, wanted - start, rcond=None)[0]
    return start + free @ keep @ step


@figure("symmetry-orbit")
def symmetry_orbit() -> list[Case]:
    rng = np.random.default_rng(23)
    fit = np.array(widgets.SymmetryOrbit().start)
    negative = fit * [1, 1, -1, -1, 1, 1, 1, 1, -1, 1]
    states: list[dict[str, Any]] = [
        {},
        {"phi": fit},
        {"phi": negative, "start": fit},
        {"phi": negative, "start": fit, "unit": 1},
        {"phi": fit[[2, 3, 0, 1, 4, 5, 6, 8, 7, 9]], "start": fit, "order": [2, 1, 3], "unit": 1},
        {"phi": fit * [1, 1, 2, 2, 1, 1, 1, 1, 2, 1], "start": fit},  # off the orbit
        {"phi": [0.0] * 10, "start": fit},
        {"phi": fit, "start": [0.0] * 10},  # no factors
        {"phi": [0.0, 1.0, -0.5, 1.0, 0.5, -1.0, 0.0, 1.0, 1.0, 1.0], "x": [1.0], "y": [0.5]},
        {"phi": [1.0, 0.0, 0.5, 0.0, -1.0, 0.0, 0.3, 1.0, 1.0, 1.0], "unit": 3},  # no joint at all
        *(
            {
                "phi": rng.normal(size=10), "start": rng.normal(size=10), "unit": int(rng.integers(1, 4)),
                "order": (1 + rng.permutation(3)).tolist(), "x": rng.uniform(0, 2, 7), "y": rng.normal(size=7),
            }
            for _ in range(6)
        ),
    ]  # fmt: skip
    net = Shallow(D_i=1, D=3, D_o=1)

    def loss(w: widgets.SymmetryOrbit, phi: np.ndarray) -> float:
        return losses.least_squares(net(column(w.x), phi), column(w.y))[0]

    cases = []
    for given in states:
        w = widgets.SymmetryOrbit(**given)
        d, source = w.unit - 1, w.order[w.unit - 1] - 1
        now, then = net.unpack(w.phi), net.unpack(w.start)
        length = np.sum(then["theta"][source] ** 2)
        weight = then["phi"][0, source + 1]
        losses_at = {}
        for s, t in ((1.7, 1 / 1.7), (-1.0, -1.0), (0.0, 2.0), (0.5, 0.5)):
            scaled = {name: part.copy() for name, part in now.items()}
            scaled["theta"][d] = s * then["theta"][source]
            scaled["phi"][0, d + 1] = t * weight
            losses_at[f"{s} {t}"] = {"s": s, "t": t, "loss": loss(w, net.pack(**scaled))}
        knots = np.concatenate([[0.0, 2.0], *(regions.joints(net, p, 0, 2).joints for p in (w.phi, w.start))])
        expected = {
            "loss": loss(w, w.phi), "loss_at_start": loss(w, w.start),
            "gap": np.abs(net(column(knots), w.phi) - net(column(knots), w.start)).max(),
            "s": now["theta"][d] @ then["theta"][source] / length if length else None,
            "t": now["phi"][0, d + 1] / weight if weight else None,
            "at": list(losses_at.values()),
        }  # fmt: skip
        cases.append({"state": w.to_dict(), "expected": expected})
    return cases


@figure("activation-gallery")
def activation_gallery() -> list[Case]:
    rng = np.random.default_rng(24)
    states: list[dict[str, Any]] = [
        *({"activation": name, "z": rng.uniform(-5, 5), "x": rng.uniform(0, 2)} for name in activations.NAMES),
        {"activation": "leaky_relu", "slope": 0.01},
        {"activation": "leaky_relu", "slope": 1.0},
        {"activation": "parametric_relu", "slope": 0.25},
        {"activation": "elu", "alpha": 0.3},
        {"activation": "elu", "alpha": 0.0},
        {"activation": "swish", "beta": 0.0},
        {"activation": "swish", "beta": 10.0},
        {
            "activation": "rect",
            "phi": [0.0, 0.0, 1.0, 0.0, -1.0, 1.0, 0.2, 1.0, 2.0, 3.0],
            "x": 1.0,
        },  # on jumps
        {"activation": "heaviside", "phi": [0.0, 0.0, -1.0, 1.0, 1.0, -1.0, 0.2, 1.0, 2.0, 3.0], "x": 1.0},
        {"activation": "gelu", "phi": [0.0] * 10},
    ]
    far = [-50.0, -20.0, -9.0, -8.5, -6.1, -5.9, -3.0, -1e-3, -1e-300, 0.0, 1e-9, 0.5, 1.0, 3.0, 5.9, 8.4, 50.0]
    z = np.sort(np.concatenate([far, rng.uniform(-50, 50, 12), rng.uniform(-4, 4, 12)]))
    x = np.linspace(0, 2, 9)
    cases = []
    for given in states:
        w = widgets.ActivationGallery(**given)
        a = w.chosen()
        net = Shallow(D_i=1, D=3, D_o=1, activation=a)
        expected = {
            "z": z, "f": a.f(z), "df": a.df(z), "at_z": [a.f([w.z])[0], a.df([w.z])[0]],
            "y": net([[w.x]], w.phi)[0, 0], "x": x, "curve": net(column(x), w.phi)[:, 0],
            "piecewise_linear": a.is_piecewise_linear,
        }  # fmt: skip
        cases.append({"state": w.to_dict(), "expected": expected})
    return cases


@figure("draw-any-curve")
def draw_any_curve() -> list[Case]:
    rng = np.random.default_rng(31)
    walk = np.clip(np.cumsum(rng.normal(scale=0.08, size=401)), -1.5, 1.5).round(4)
    states: list[dict[str, Any]] = [
        {},
        {"y": "chirp", "D": 60, "method": "best"},
        {"y": "root", "D": 1, "norm": "l2"},
        {"y": "kink", "D": 3},
        {"y": "step", "D": 200, "method": "best", "norm": "l2"},
        {"y": walk, "D": 37},
        {"y": walk, "D": 37, "method": "best", "norm": "l2"},
        {"y": walk, "D": 200, "method": "best"},
        {"y": np.zeros(401), "D": 5, "method": "best"},
        {"y": np.where(np.arange(401) % 2, 1.5, -1.5), "D": 199},  # as wild as it can be
        {"y": walk, "D": 20, "places": "best"},
        {"y": walk, "D": 20, "places": "best", "norm": "l2"},
        {"y": "sine", "D": 7, "places": "best", "method": "best"},
    ]
    cases = []
    for given in states:
        w = widgets.DrawAnyCurve(**given)
        f = w.target()
        errors = []
        for D in (1, 2, 5, 16, 40, 101, 200):
            places = approximation.equal(D)
            values = approximation.best_values(f, places, "l2") if w.method == "best" else f(places)
            errors.append([D, *approximation.error(f, places, values)])
        places, values = w.network()
        expected = {"places": places, "values": values, "error": list(w.error()), "errors": errors}
        cases.append({"state": w.to_dict(), "expected": expected})
    return cases


@figure("move-the-joints")
def move_the_joints() -> list[Case]:
    rng = np.random.default_rng(32)
    states: list[dict[str, Any]] = [
        {},
        {"norm": "l2"},
        {"joints": [1, 8, 32, 90, 203], "shown": True},  # the best for this curve
        {"target": "kink", "joints": [133]},
        {"target": "kink", "joints": [133, 134, 250]},  # exact
        {"target": "step", "joints": [10, 399], "norm": "l2"},
        {"target": "chirp", "joints": list(range(1, 12))},
        {"target": "sine", "joints": [100, 300], "norm": "l2"},
        *(
            {
                "target": name, "norm": ("sup", "l2")[k % 2],
                "joints": np.sort(rng.choice(np.arange(1, 400), size=3 + 2 * k, replace=False)).tolist(),
            }
            for k, name in enumerate(approximation.NAMES)
        ),
    ]  # fmt: skip
    cases = []
    for given in states:
        w = widgets.MoveTheJoints(**given)
        f = approximation.sampled(widgets.chapter3.curve(w.target))
        pieces = []
        for a, b in pairwise([0, *w.joints, 400]):
            e = f(np.arange(a, b + 1) / 400) - np.linspace(f(a / 400), f(b / 400), b - a + 1)
            square = np.sum(e[:-1] ** 2 + e[:-1] * e[1:] + e[1:] ** 2) / 1200
            pieces.append([np.abs(e).max(), square])
        expected = {
            "error": list(approximation.error(f, *w.network())), "pieces": pieces,
            "best": list(approximation.error(f, *w.best())), "score": w.score(),
        }  # fmt: skip
        cases.append({"state": w.to_dict(), "expected": expected})
    return cases


@figure("deep-regions")
def deep_regions() -> list[Case]:
    """The numbers behind every figure of deep networks: regions after each layer, with patterns, areas and maps."""
    rng = np.random.default_rng(41)
    square, line = [[-1.0, 1.0], [-1.0, 1.0]], [[-1.0, 1.0]]
    cross = [[0, 1, 0], [0, 0, 1]]  # rows of offset, then weights
    layered: list[list[list[list[float]]]] = [
        [cross, [[0, 1, 0], [0, 0, 1]]],  # the second layer repeats the first
        [cross, [[-1, 2, 0], [1, -2, 0], [-2, 4, 0]]],  # coincident and negated units
        [cross, [[-1, 2, 0], [-1, 4, 0]]],
        [[[-9, 1, 0], [-9, 0, 1]], [[1, 1, 1], [-1, 1, 1]]],  # dead first layer
        [cross, [[-1, -1, -1]], [[0, 1], [-3, 1]]],  # dead later layers
        [cross, [[0, 0, 0], [1, 0, 0], [-1, 0, 0]]],  # no weights
        [cross, [[0, 1, -1]], [[0, 1]]],  # no offsets
        [cross, [[0, 1, -1], [0, 2, -1], [0, 1, -2]]],  # bent lines through one corner
        [[[1, 1, 0], [-1, 0, 1]], [[-1, 1, 0], [1, -1, 0]]],  # lines along the box's sides
        [cross, [[-1, 1, 1]]],  # through corners of the box and of regions
        [[[0.1, 0.3, 0.7], [0.1 * 3, 0.3 * 3, 0.7 * 3]], [[0, 3, -1], [0, -3, 1]], [[0, 1, 1]]],  # only rounding
        [[[0, 1, 0]], [[-0.5, 1], [-0.5 - 4e-14, 1]]],  # closer than what counts
        [[[0, 1, 0]], [[-0.5, 1], [-0.5 - 1e-9, 1]]],  # a sliver that counts
    ]
    given: list[tuple[Deep, np.ndarray, list[list[float]]]] = []
    for layers in layered:
        rows = [np.array(part, dtype=float) for part in layers]
        net = Deep([2, *map(len, rows), 1])
        phi = net.pack(
            beta=[*(part[:, 0] for part in rows), [0.25]],
            omega=[*(part[:, 1:] for part in rows), rng.normal(size=(1, len(rows[-1])))],
        )
        given.append((net, phi, square))
    for widths in ([2, 5, 1], [2, 4, 4, 1], [2, 4, 4, 4, 1], [2, 8, 8, 8, 1], [2, 3, 1, 5, 1], [2, 6, 6, 2]):
        net = Deep(widths)
        given.append((net, 0.6 * rng.normal(size=net.n_params), square))
    net = Deep([2, 4, 3, 1])
    given.append((net, 0.6 * rng.normal(size=net.n_params), [[0.5, 4.0], [-2.0, -1.5]]))
    given.append((*regions.folds([2, 6, 4, 4, 1], rng=rng), [[0.0, 1.0], [0.0, 1.0]]))
    for widths in ([1, 7, 1], [1, 3, 3, 1], [1, 6, 5, 4, 1]):
        net = Deep(widths)
        given.append((net, rng.normal(size=net.n_params), line))
    given.append((*regions.sawtooth(K=5), [[0.0, 1.0]]))
    given.append((*regions.zigzag(K=3), [[0.0, 1.0]]))
    cases = []
    for net, phi, box in given:
        x = np.array([lo + (hi - lo) * rng.uniform(size=4) for lo, hi in box]).T
        expected: dict[str, Any] = {"bound": regions.upper_bound(net.widths), "y": net(x, phi), "x": x}
        if net.D_i == 1:
            # the regions of a network of one input are those of a strip
            wide = Deep([2, *net.widths[1:]])
            parts = net.unpack(phi)
            omega = [np.hstack([parts["omega"][0], np.zeros((net.widths[1], 1))]), *parts["omega"][1:]]
            found = regions.linear_regions(wide, wide.pack(beta=parts["beta"], omega=omega), [*box, [0.0, 1.0]])
            expected["count"] = len(found)
        else:
            expected["levels"] = [regions_after(net, phi, box, k) for k in range(1, net.K + 1)]
            expected["count"] = len(expected["levels"][-1])
        cases.append({"state": {"widths": net.widths, "phi": phi, "box": box}, "expected": expected})
    return cases


def regions_after(net: Deep, phi: np.ndarray, box: Any, k: int) -> dict[str, Any]:
    """Pattern -> area, number of corners and, after the last layer, the map of each region the first k layers make."""
    parts = net.unpack(phi)
    cut = Deep([*net.widths[: k + 1], 1])
    end = ([0.0], np.zeros((1, net.widths[k])))
    short = cut.pack(beta=[*parts["beta"][:k], end[0]], omega=[*parts["omega"][:k], end[1]])
    found = regions.linear_regions(net, phi, box) if k == net.K else regions.linear_regions(cut, short, box)
    return {
        "".join("01"[int(on)] for on in pattern): [area, len(polygon), *(affine[0] if k == net.K else ())]
        for pattern, area, polygon, affine in zip(found.patterns, found.areas, found.polygons, found.maps, strict=True)
    }


@figure("fold-the-line")
def fold_the_line() -> list[Case]:
    rng = np.random.default_rng(41)
    third = [-1 / 3, 1 / 3]
    states: list[dict[str, Any]] = [
        {},
        {"unit": 2, "y": 1.0},  # the tip of a fold
        {"values1": [-1.0, 0.2, 0.2, 1.0], "y": 0.2, "unit": 3},  # level at y
        {"values1": [0.5, 0.5, 0.5, 0.5], "y": 0.5, "unit": 1},
        {"values1": [-0.9, -0.5, 0.1, 0.3]},  # nothing is folded
        {"values1": [1.0, -1.0, 1.0, -1.0], "values2": [0.3, 0.3, 0.3, 0.3], "unit": 2},
        {"joints2": [-0.5, 0.5], "values1": [-1.0, 0.5, -0.5, 1.0], "unit": 3},  # folds just where f2 has its joints
        {"joints1": [-0.9, 0.9], "joints2": [0.0, 0.1], "values2": [0.0, 1.0, -1.0, 0.25], "unit": 1},
        {"joints1": third, "values1": [0.2, 0.4, 0.25, 0.3], "y": -0.75},  # y is out of reach
        # the tip of a fold is above the joint, and the level, by rounding only
        {"joints2": [-0.5, 0.3], "values1": [-1.0, 0.1 + 0.2, -0.5, 1.0], "y": 0.3, "unit": 3},
        *(
            {
                "joints1": np.sort(rng.uniform([-0.9, 0.1], [-0.1, 0.9])), "values1": rng.uniform(-1, 1, 4),
                "joints2": np.sort(rng.uniform([-0.9, 0.1], [-0.1, 0.9])), "values2": rng.uniform(-1, 1, 4),
                "y": rng.uniform(-0.8, 0.8), "unit": int(rng.integers(0, 4)),
            }
            for _ in range(8)
        ),
    ]  # fmt: skip
    cases = []
    for given in states:
        w = widgets.FoldTheLine(**given)
        net, phi1, _ = w.networks()
        deep, phi = w.composition()
        form = regions.joints(deep, phi, -1, 1)
        parts = deep.unpack(phi)
        level = [-1.0, *w.joints2][max(0, w.unit - 1)]
        x = np.linspace(-1, 1, 21)
        expected = {
            "joints": form.joints, "values": form.values[:, 0], "slopes": form.slopes[:, 0],
            "inputs": preimages(net, phi1, w.y, -1, 1), "level": level, "above": intervals_above(net, phi1, level),
            "x": x, "y1": net(column(x), phi1)[:, 0], "y2": deep(column(x), phi)[:, 0],
            "omega": parts["omega"][1], "beta": parts["beta"][1],
        }  # fmt: skip
        cases.append({"state": w.to_dict(), "expected": expected})
    return cases


@figure("spend-a-budget")
def spend_a_budget() -> list[Case]:
    states: list[dict[str, Any]] = [
        {},
        {"budget": 1000, "depth": 1, "input": 1, "seed": 999},
        {"budget": 50, "depth": 6, "input": 1, "seed": 7},
        {"budget": 1000, "depth": 6, "input": 1, "seed": 3},
        {"budget": 470, "depth": 2, "input": 1, "seed": 44},
        {"budget": 50, "depth": 1, "input": 2, "seed": 1},
        {"budget": 55, "depth": 6, "input": 2, "seed": 2},
        {"budget": 100, "depth": 4, "input": 2},
        {"budget": 330, "depth": 3, "input": 2, "seed": 12},
        {"budget": 520, "depth": 1, "input": 2, "seed": 5},
        {"budget": 640, "depth": 2, "input": 2, "seed": 6},
        {"budget": 1000, "depth": 5, "input": 2, "seed": 500},
    ]
    cases = []
    for given in states:
        w = widgets.SpendABudget(**given)
        nets = [w.network(K) for K in range(1, 7)]
        expected = {
            "widths": [net.widths for net in nets],
            "sizes": [net.n_params for net in nets],
            "bounds": [regions.upper_bound(net.widths) for net in nets],
            "constructions": [construction(net.widths) for net in nets],
            "shallow": regions.max_regions(w.input, nets[0].widths[1]),
            "first_numbers": w.phi(3)[:12],
            "counts": w.counts(),
        }
        cases.append({"state": w.to_dict(), "expected": expected})
    return cases


def intervals_above(net: Shallow, phi: np.ndarray, level: float) -> list[list[float]]:
    """Where on [-1, 1] the network is above a level; intervals that meet at a touch are one."""
    form = regions.joints(net, phi, -1, 1)
    cuts = np.unique(np.concatenate(([-1], form.joints, preimages(net, phi, level, -1, 1), [1])))
    cuts = cuts[np.diff(cuts, prepend=-2) > 1e-12]
    found: list[list[float]] = []
    for a, b in pairwise(cuts):
        if net([[(a + b) / 2]], phi)[0, 0] <= level + 1e-13:
            continue
        if found and found[-1][1] == a:
            found[-1][1] = b
        else:
            found.append([a, b])
    return found


@figure("ridges")
def ridges() -> list[Case]:
    rng = np.random.default_rng(33)
    states: list[dict[str, Any]] = [
        *({"target": name, "angles": [0.0, 90.0]} for name in ("product", "bowl", "bump")),
        {"angles": [45.0, 135.0]},
        {"angles": [20.0, 70.0], "shown": 1},
        {"angles": [30.0], "target": "bowl", "shown": 1},
        {"angles": [10.0, 10.0, 11.0], "target": "bump"},  # the same direction twice
        {"angles": [0.0, 45.0, 90.0, 135.0], "target": "bump", "shown": 4},
        {"angles": [0.0, 30.0, 60.0, 90.0, 120.0, 150.0], "target": "bump"},
        *({"angles": rng.uniform(0, 180, K), "target": "bump"} for K in range(1, 7)),
    ]
    cases = []
    for given in states:
        w = widgets.Ridges(**given)
        # knot values agree to 1e-9 only, what they add up to as closely as all else
        expected = {"sum": w.fit()(w.POINTS)[::11], "left": w.unexplained()}
        cases.append({"state": w.to_dict(), "expected": expected})
    return cases


@figure("fold-the-plane")
def fold_the_plane() -> list[Case]:
    rng = np.random.default_rng(42)
    states: list[dict[str, Any]] = [
        {},
        {"layers": 2, "pinned": [[-0.4, 0.4], [0.6, -0.5]], "unit": [2, 3]},
        {"layers": 3, "fill": "output", "x": [0.65, -0.4]},
        {"layers": 3, "fill": "distance", "x": [-1.0, 1.0]},
        {"widths": [2, 1, 1], "phi": [0.0, 1.0, -1.0, 0.5, 2.0], "x": [0.2, -0.4]},
        {"widths": [2, 3, 1, 1], "phi": np.zeros(15)},
        *(
            {"widths": widths, "phi": 0.7 * rng.normal(size=Deep(widths).n_params), "x": rng.uniform(-1, 1, 2)}
            for widths in ([2, 5, 1], [2, 8, 8, 1], [2, 3, 2, 6, 1], [2, 8, 8, 8, 1])
        ),
    ]
    cases = []
    for given in states:
        w = widgets.FoldThePlane(**given)
        parts = w.net.unpack(w.phi)
        first = Deep([*w.widths[: w.layers + 1], 1])
        end = ([0.0], np.zeros((1, w.widths[w.layers])))
        cut = first.pack(beta=[*parts["beta"][: w.layers], end[0]], omega=[*parts["omega"][: w.layers], end[1]])
        found = regions.linear_regions(first, cut, [[-1.0, 1.0], [-1.0, 1.0]])
        here, pins = found.locate([w.x])[0], found.locate(np.reshape(w.pinned, (-1, 2)))
        middles = np.array([polygon.mean(axis=0) for polygon in found.polygons])
        whole = regions.linear_regions(w.net, w.phi, [[-1.0, 1.0], [-1.0, 1.0]])
        key = ["".join("01"[int(on)] for on in pattern) for pattern in found.patterns]
        expected = {
            "count": len(found), "bound": regions.upper_bound(first.widths), "P": len(w.phi),
            "here": key[here], "area": found.areas[here], "pinned": [key[pin] for pin in pins],
            "parts": int((whole.patterns[:, : found.patterns.shape[1]] == found.patterns[here]).all(axis=1).sum()),
            "outputs": dict(zip(key, w.net(middles, w.phi)[:, 0], strict=True)),
            "unlike": dict(zip(key, (found.patterns != found.patterns[here]).sum(axis=1), strict=True)),
        }  # fmt: skip
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

"""What each live figure should draw in a given state, computed by udl_core.

A checker takes the state and the drawn coordinates and returns {mark: (x, y)}. Where the front end is free to choose
sample places, they are taken from the drawing and only the heights are computed.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from udl_core import Deep, Linear, Shallow, approximation, composition, losses, regions, widgets
from udl_core.figures import live_fold_the_plane
from udl_core.widgets._budget import construction

Drawn = dict[str, dict[str, list[float]]]
Wanted = dict[str, tuple[Any, Any]]
EXPECTED: dict[str, Callable[[dict[str, Any], Drawn], Wanted]] = {}


def draws(name: str) -> Callable[[Callable[[Any, Drawn], Wanted]], Callable[[Any, Drawn], Wanted]]:
    def register(function: Callable[[Any, Drawn], Wanted]) -> Callable[[Any, Drawn], Wanted]:
        EXPECTED[name] = function
        return function

    return register


def column(values: Any) -> np.ndarray:
    return np.asarray(values, dtype=float)[:, None]


@draws("line-and-loss")
def line_and_loss(state: dict[str, Any], drawn: Drawn) -> Wanted:
    x, y, phi = np.array(state["x"]), np.array(state["y"]), np.array(state["phi"])
    middle = x.mean() if state["centred"] else 0.0
    net = Linear(D_i=1, D_o=1)
    y_pred, pullback = net.vjp(column(x - middle), phi)
    gradient = pullback(losses.least_squares(y_pred, column(y), state["reduction"])[1])[1]
    following = phi - state["alpha"] * gradient
    line = np.array(drawn["line"]["x"])
    wanted: Wanted = {
        "data": (x, y),
        "line": (line, phi[0] + phi[1] * (line - middle)),
        "next": ([following[0]], [following[1]]),
    }
    for i in range(len(x)):
        wanted[f"residual {i + 1}"] = ([x[i], x[i]], [y[i], y_pred[i, 0]])
    if np.ptp(x):
        lowest = np.linalg.lstsq(np.hstack([np.ones((len(x), 1)), column(x - middle)]), y)[0]
        wanted["lowest"] = ([lowest[0]], [lowest[1]])
    return wanted


@draws("two-regressions")
def two_regressions(state: dict[str, Any], drawn: Drawn) -> Wanted:
    x, y = np.array(state["x"]), np.array(state["y"])
    phi = np.array(state["phi"])
    if state["follow"]:
        rows = [np.linalg.lstsq(np.hstack([np.ones((len(x), 1)), column(u)]), v)[0] for u, v in ((x, y), (y, x))]
        phi = np.concatenate(rows)
    xs, ys = np.array(drawn["y from x"]["x"]), np.array(drawn["x from y"]["y"])
    return {
        "data": (x, y),
        "mean": ([x.mean()], [y.mean()]),
        "y from x": (xs, phi[0] + phi[1] * xs),
        "x from y": (phi[2] + phi[3] * ys, ys),
    }


@draws("baskets")
def baskets(state: dict[str, Any], drawn: Drawn) -> Wanted:
    w = widgets.Baskets(**state)
    phi = w.best() if state["follow"] else np.array(state["phi"])
    grid = np.array(drawn["curve"]["x"])
    return {
        "data": (state["x"], state["y"]),
        "curve": (grid, np.polynomial.polynomial.polyval(grid, phi)),
    }


@draws("symmetry-orbit")
def symmetry_orbit(state: dict[str, Any], drawn: Drawn) -> Wanted:
    net = Shallow(D_i=1, D=3, D_o=1)
    wanted: Wanted = {"data": (state["x"], state["y"])}
    for mark, key in (("output", "phi"), ("start", "start")):
        form = regions.joints(net, np.array(state[key]), 0, 2)
        wanted[mark] = ([0, *form.joints, 2], form.values[:, 0])
    wanted["parameters"] = (np.arange(10), state["phi"])
    return wanted


@draws("activation-gallery")
def activation_gallery(state: dict[str, Any], drawn: Drawn) -> Wanted:
    a = widgets.ActivationGallery(**state).chosen()
    net = Shallow(D_i=1, D=3, D_o=1, activation=a)

    def curve(name: str, f: Callable[[np.ndarray], np.ndarray]) -> tuple[Any, Any]:
        at, shown = np.array(drawn[name]["x"]), np.array(drawn[name]["y"])
        # at a jump the drawing shows both sides, and NaN lifts the pen: there is no one height to compare
        finite = np.isfinite(shown)
        here = f(np.where(finite, at, 0.0))
        jumps = np.abs(f(np.where(finite, at, 0.0) - 1e-9) - f(np.where(finite, at, 0.0) + 1e-9)) > 1e-3
        return at, np.where(finite & ~jumps, here, shown)

    return {
        "activation": curve("activation", a.f),
        "a of z": ([state["z"]], a.f([state["z"]])),
        "output": curve("output", lambda x: net(column(x), np.array(state["phi"]))[:, 0]),
    }


@draws("polygons")
def polygons(state: dict[str, Any], drawn: Drawn) -> Wanted:
    phi = np.array(state["phi"])
    net = Shallow(D_i=2, D=len(phi) // 4, D_o=1)
    found = regions.linear_regions(net, phi, box=((-1, 1), (-1, 1)))
    # the order of the regions and of their corners is free: match them by the nearest area and corner
    sizes = drawn["region sizes and areas"]
    order = np.argsort(sizes["y"], kind="stable")
    areas = np.empty(len(order))
    areas[order] = np.sort(found.areas)[: len(order)] if len(found) == len(order) else np.nan
    corners = np.vstack(found.polygons)
    shown = np.column_stack([drawn["regions"]["x"], drawn["regions"]["y"]])
    nearest = corners[np.argmin(np.linalg.norm(shown[:, None] - corners, axis=2), axis=1)]
    y = net([state["x"]], phi)[0, 0]
    azimuth, elevation = np.radians(state["view"])
    right = -np.sin(azimuth) * state["x"][0] + np.cos(azimuth) * state["x"][1]
    away = np.cos(azimuth) * state["x"][0] + np.sin(azimuth) * state["x"][1]
    return {
        "region sizes and areas": (sizes["x"], areas),
        "regions": (nearest[:, 0], nearest[:, 1]),
        "input on the surface": ([right], [np.cos(elevation) * y - np.sin(elevation) * away]),
    }


@draws("draw-any-curve")
def draw_any_curve(state: dict[str, Any], drawn: Drawn) -> Wanted:
    w = widgets.DrawAnyCurve(**state)
    f = w.target()
    best = state["places"] == "best"
    # other best places may be as good: those drawn must be nodes, and the errors below tell whether they are best
    places = np.array(drawn["network"]["x"]) if best else approximation.equal(w.D)
    assert not best or np.array_equal(places, np.round(400 * places) / 400)

    def values(at: np.ndarray) -> np.ndarray:
        return approximation.best_values(f, at, "l2") if w.method == "best" else f(at)

    wanted: Wanted = {
        "target": (np.arange(401) / 400, w.y),
        "network": (places, values(places)),
        "joints": (places[:-1], values(places)[:-1]) if w.D <= 40 else ([], []),
    }
    found = approximation.best_places(f, 200, w.norm) if best else [approximation.equal(D) for D in range(1, 201)]
    for k, mark in enumerate(("sup error", "l2 error")):
        errors = np.array(drawn[mark]["y"])
        # least squares, or the other norm, may differ between places that are equally good
        if not best or (w.method == "interpolate" and mark.startswith(w.norm)):
            for D in (1, 2, 3, 7, 8, 20, 90, 200):
                at = found[D - 1]
                errors[D - 1] = approximation.error(f, at, values(at))[k]
        wanted[mark] = (np.arange(1, 201), errors)
    now = approximation.error(f, places, values(places))
    ends = drawn["largest error"]
    wanted["largest error"] = (ends["x"], [float(f(ends["x"][0])), np.interp(ends["x"][0], places, values(places))])
    assert abs(abs(np.diff(ends["y"])[0]) - now.sup) <= 1e-12
    return wanted


@draws("move-the-joints")
def move_the_joints(state: dict[str, Any], drawn: Drawn) -> Wanted:
    w = widgets.MoveTheJoints(**state)
    y = widgets.DrawAnyCurve(y=w.target).y
    nodes = np.arange(401) / 400
    places, values = w.network()
    mine, best = (approximation.error(approximation.sampled(y), *fit) for fit in (w.network(), w.best()))
    e = y - np.interp(nodes, places, values)
    parts = [e[a : b + 1] for a, b in pairwise([0, *w.joints, 400])]
    if w.norm == "sup":
        sizes = [np.abs(part).max() for part in parts]
    else:
        sizes = [np.sum(p[:-1] ** 2 + p[:-1] * p[1:] + p[1:] ** 2) / 1200 / mine.l2**2 for p in parts]
    optimal = np.array(drawn["best network"]["x"])
    if len(optimal):
        at = approximation.sampled(y)
        assert abs(getattr(approximation.error(at, optimal, at(optimal)), w.norm) - getattr(best, w.norm)) <= 1e-12
    level = best.sup if w.norm == "sup" else 1 / (len(places) - 1)
    return {
        "target": (nodes, y),
        "network": (places, values),
        "best network": (optimal, np.interp(optimal, nodes, y)),
        "error": (nodes, e),
        "pieces": (np.arange(1, len(places)), sizes),
        "level of the best": (drawn["level of the best"]["x"], [level, level]),
        "error yours": ([0, getattr(mine, w.norm), getattr(mine, w.norm), 0], drawn["error yours"]["y"]),
    }


@draws("fold-the-line")
def fold_the_line(state: dict[str, Any], drawn: Drawn) -> Wanted:
    w = widgets.FoldTheLine(**state)
    net, phi1, phi2 = w.networks()
    deep, phi = w.composition()
    form = regions.joints(deep, phi, -1, 1)
    x = composition.preimages(net, phi1, w.y, -1, 1)
    out = net([[w.y]], phi2)[0, 0]
    places = [-1, *w.joints1, 1]
    return {
        "first": (places, net(column(places), phi1)[:, 0]),
        "second": ([-1, *w.joints2, 1], net(column([-1, *w.joints2, 1]), phi2)[:, 0]),
        "folded line": (w.values1, places),
        "composition": ([-1, *form.joints, 1], form.values[:, 0]),
        "inputs on f1": (x, np.full(len(x), w.y)),
        "inputs on the composition": (x, np.full(len(x), out)),
        "inputs on the fold": (np.full(len(x), w.y), x),
        "output of y": ([w.y], [out]),
    }


@draws("ridges")
def ridges(state: dict[str, Any], drawn: Drawn) -> Wanted:
    w = widgets.Ridges(**state)
    fit = w.fit()

    def nearly(mark: str, computed: np.ndarray) -> np.ndarray:
        """Knot values and what hangs on one ridge agree to nine digits: take those drawn if they do."""
        shown = np.array(drawn[mark]["y"])
        return shown if np.abs(shown - computed).max() <= 1e-9 else computed

    result = nearly("result", fit.single(w.shown - 1, w.POINTS)) if w.shown else fit(w.POINTS)
    wanted: Wanted = {"target": (np.arange(441), w.values()), "result": (np.arange(441), result)}
    for k, angle in enumerate(np.deg2rad(fit.angles), start=1):
        tip = 0.82 * np.array([np.cos(angle), np.sin(angle)])
        wanted[f"direction {k}"] = ([-tip[0], tip[0]], [-tip[1], tip[1]])
        wanted[f"profile {k}"] = (fit.knots, nearly(f"profile {k}", fit.profiles[k - 1]))
    for k in range(len(fit.angles) + 1, 7):
        wanted[f"profile {k}"] = ([], [])
    return wanted


@draws("spend-a-budget")
def spend_a_budget(state: dict[str, Any], drawn: Drawn) -> Wanted:
    w = widgets.SpendABudget(**state)
    depths = np.arange(1, 7)
    nets = [w.network(K) for K in depths]
    counts, here = w.counts(), w.network()
    clouds = drawn["random networks by depth"]
    before = len(counts) * (w.depth - 1)
    all_counts = np.array(clouds["y"])
    all_counts[before : before + len(counts)] = counts
    sizes = drawn["at most"]["x"]
    sweep = [Deep([w.input, *w.depth * [D], 1]) for D in range(1, len(sizes) + 1)]
    known = [construction(net.widths) for net in nets]
    return {
        "random networks": (np.full(len(counts), here.n_params), counts),
        "random networks by depth": (np.repeat(depths, len(counts)), all_counts),
        "at most": ([net.n_params for net in sweep], [regions.upper_bound(net.widths) for net in sweep]),
        "at most by depth": (depths, [regions.upper_bound(net.widths) for net in nets]),
        "construction by depth": (depths, [np.nan if n is None else n for n in known]),
    }


@draws("fold-the-plane")
def fold_the_plane(state: dict[str, Any], drawn: Drawn) -> Wanted:
    w = widgets.FoldThePlane(**state)
    phi = np.array(state["phi"])
    levels = [live_fold_the_plane.regions_after(w.net, phi, k) for k in range(1, w.net.K + 1)]
    found = levels[w.layers - 1]
    # the order of the regions and of their corners is free: match them by the nearest area and corner
    sizes = drawn["region sizes and areas"]
    order = np.argsort(sizes["y"], kind="stable")
    areas = np.empty(len(order))
    areas[order] = np.sort(found.areas)[: len(order)] if len(found) == len(order) else np.nan

    def corners(mark: str, polygons: list[np.ndarray]) -> tuple[Any, Any]:
        shown = np.column_stack([drawn[mark]["x"], drawn[mark]["y"]])
        places = np.vstack(polygons)
        nearest = places[np.argmin(np.linalg.norm(shown[:, None] - places, axis=2), axis=1)]
        return nearest[:, 0], nearest[:, 1]

    wanted: Wanted = {
        "regions": corners("regions", found.polygons),
        "region sizes and areas": (sizes["x"], areas),
        "regions after each layer": (np.arange(1, w.net.K + 1), [len(level) for level in levels]),
        "chosen region": corners("chosen region", [found.polygons[found.locate([w.x])[0]]]),
    }
    for p, point in enumerate(w.pinned, start=1):
        wanted[f"pinned {p}"] = corners(f"pinned {p}", [found.polygons[found.locate([point])[0]]])
    return wanted

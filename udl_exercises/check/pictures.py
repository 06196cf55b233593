"""A matplotlib figure as data: what is drawn, apart from its looks."""

from typing import Any

import numpy as np


def is_figure(value: Any) -> bool:
    """Whether `value` is a matplotlib figure or axes, without importing matplotlib."""
    return (hasattr(value, "get_axes") and hasattr(value, "savefig")) or hasattr(value, "get_lines")


def as_data(value: Any) -> dict[str, Any]:
    """Panels with their lines, points, bars, axis labels, title and legend."""
    figure = value if hasattr(value, "get_axes") and hasattr(value, "savefig") else value.figure
    return {"panels": [_panel(ax) for ax in figure.get_axes()]}


def _panel(ax: Any) -> dict[str, Any]:
    legend = ax.get_legend()
    return {
        "x label": ax.get_xlabel(),
        "y label": ax.get_ylabel(),
        "title": ax.get_title(),
        "legend": [text.get_text() for text in legend.get_texts()] if legend else [],
        "lines": [_xy(line.get_xdata(orig=False), line.get_ydata(orig=False)) for line in ax.get_lines()],
        "points": [_shown(c.get_offsets()) for c in ax.collections if _is_scatter(c)],
        "bars": [[float(bar.get_x()), float(bar.get_width()), float(bar.get_height())] for bar in _bars(ax)],
    }


def _xy(x: Any, y: Any) -> np.ndarray:
    return np.stack([_shown(x).ravel(), _shown(y).ravel()])


def _shown(values: Any) -> np.ndarray:
    """Numbers with NaN where they are masked: neither is drawn."""
    return np.ma.filled(np.ma.asarray(values, dtype=float), np.nan)


def _is_scatter(collection: Any) -> bool:
    return type(collection).__name__ == "PathCollection"


def _bars(ax: Any) -> list[Any]:
    return [patch for patch in ax.patches if hasattr(patch, "get_width") and hasattr(patch, "get_height")]


def difference(expected: dict[str, Any], got: dict[str, Any], rtol: float, atol: float) -> str:
    """What the first difference is; an empty string where the pictures agree.

    Lines may come in any order and have other points, as long as they pass through those of the reference.
    """
    if len(got["panels"]) != len(expected["panels"]):
        return f"{_count(len(got['panels']), 'panel')}, expected {len(expected['panels'])}"
    for number, (e, g) in enumerate(zip(expected["panels"], got["panels"], strict=True), 1):
        if said := _panel_difference(e, g, rtol, atol):
            return said if len(expected["panels"]) == 1 else f"panel {number}: {said}"
    return ""


def _panel_difference(e: dict[str, Any], g: dict[str, Any], rtol: float, atol: float) -> str:
    for what in ("lines", "bars"):
        if len(g[what]) != len(e[what]):
            return f"{_count(len(g[what]), what[:-1])}, expected {len(e[what])}"
    if said := _lines(e["lines"], g["lines"], rtol, atol):
        return said
    for key, word in (("points", "points"), ("bars", "bars")):
        ours, theirs = (_rows(panel[key], 2 if key == "points" else 3) for panel in (e, g))
        if ours.shape != theirs.shape:
            return f"{_count(len(theirs), word[:-1])}, expected {len(ours)}"
        close = np.isclose(ours, theirs, rtol=rtol, atol=atol, equal_nan=True).all(axis=1)
        if not close.all():
            at = int(np.argmin(close))
            return f"the {word} are elsewhere: expected one at {_place(ours[at])}, got {_place(theirs[at])}"
    for axis in "xy":
        if e[f"{axis} label"] and not g[f"{axis} label"].strip():
            return f"the {axis} axis has no label"
    if e["title"] and not g["title"].strip():
        return "the picture has no title"
    if e["legend"] and not g["legend"]:
        return "there is no legend"
    missing = [text for text in e["legend"] if text not in g["legend"]]
    return f"the legend lacks {missing[0]!r}" if missing else ""


def _lines(expected: list[np.ndarray], got: list[np.ndarray], rtol: float, atol: float) -> str:
    """Match lines with lines; where some remain, compare those that stand at the same place."""
    left = list(range(len(got)))
    unmatched = []
    for number, line in enumerate(expected):
        match = next((n for n in left if not _line(line, got[n], rtol, atol)), None)
        if match is None:
            unmatched.append(number)
        else:
            left.remove(match)
    if not unmatched:
        return ""
    number = next((n for n in unmatched if n in left), unmatched[0])
    other = number if number in left else left[0]
    return f"line {other + 1} {_line(expected[number], got[other], rtol, atol)}"


def _line(expected: np.ndarray, got: np.ndarray, rtol: float, atol: float) -> str:
    """What separates two lines: at the reference's x, between the points of the other."""
    if got.shape == expected.shape and np.allclose(got, expected, rtol=rtol, atol=atol, equal_nan=True):
        return ""
    if got.shape[1] == 0 or np.isnan(got).all():
        return "is empty"
    if expected.shape[1] == 0:
        return f"has {_count(got.shape[1], 'point')}, expected none"
    if np.any(np.diff(expected[0]) < 0) or np.any(np.diff(got[0]) < 0):  # a curve that turns back
        if got.shape != expected.shape:
            return f"has {got.shape[1]} points, expected {expected.shape[1]}"
        x, values = expected[0], got[1]
        close = np.isclose(got, expected, rtol=rtol, atol=atol, equal_nan=True).all(axis=0)
    else:
        x = expected[0]
        if got[0, 0] > x[0] + atol + rtol * abs(x[0]) or got[0, -1] < x[-1] - atol - rtol * abs(x[-1]):
            return f"runs from x = {got[0, 0]:g} to {got[0, -1]:g}, expected {x[0]:g} to {x[-1]:g}"
        values = np.interp(x, got[0], got[1])
        close = np.isclose(values, expected[1], rtol=max(rtol, 1e-6), atol=max(atol, 1e-6), equal_nan=True)
    if close.all():
        return ""
    at = int(np.argmin(close))
    return f"first differs at x = {x[at]:g}: expected y = {expected[1, at]:g}, got {values[at]:g}"


def _rows(values: list[Any], width: int) -> np.ndarray:
    """All points as rows in one fixed order."""
    pieces = [np.asarray(v, dtype=float).reshape(-1, width) for v in values]
    rows = np.concatenate(pieces) if pieces else np.empty((0, width))
    return rows[np.lexsort(np.round(rows, 9).T[::-1])]


def _place(row: np.ndarray) -> str:
    return "(" + ", ".join(f"{v:g}" for v in row) + ")"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")

"""The pictures of chapter 1 show the data they are given, and their alt text says what is in them."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import pytest
from matplotlib.patches import Ellipse, Rectangle

from udl_core import datasets
from udl_core.figures import chapter1 as figures
from udl_core.figures.chapter1_surface import bowl
from udl_core.figures.style import Picture, colour

X, Y = datasets.line_data()
LINES = {"A": (1.2, -0.1), "B": (0.2, 0.6)}
LIMITS = ((-0.3, 1.7), (-0.5, 1.5))


def loss(phi: npt.ArrayLike, x: npt.ArrayLike = X, y: npt.ArrayLike = Y) -> float:
    phi, x, y = np.asarray(phi), np.asarray(x), np.asarray(y)
    return float(np.sum((phi[0] + phi[1] * x - y) ** 2))


def every_picture() -> dict[str, Picture]:
    path = np.array([[1.5, -0.3], [1.2, 0.0], [0.9, 0.4]])
    train, test = datasets.polynomial_data()
    grid = np.linspace(-1, 1, 50)
    return {
        "family": figures.family(X, Y, LINES),
        "squares": figures.squares(X, Y, LINES),
        "lines_and_points": figures.lines_and_points(X, Y, LINES, LIMITS),
        "descent": figures.descent(X, Y, path, [loss(p) for p in path], LIMITS),
        "step_sizes": figures.step_sizes({"slow": [3.0, 1.0, 0.5], "too fast": [3.0, 4.0, 9.0]}),
        "centring": figures.centring((X, Y, path), (X - X.mean(), Y, path)),
        "oblique": figures.oblique(X, Y, (1.2, -0.1), LIMITS),
        "polynomials": figures.polynomials(train, test, {1: (grid, grid), 9: (grid, 50 * grid)}),
        "errors_by_degree": figures.errors_by_degree([0.1, 0.05, 0.04, 1e-20], [0.2, 0.1, 0.3, 9.0]),
        "two_regressions": figures.two_regressions(X, Y, (0.5, 0.6), (-0.9, 1.2)),
    }


PICTURES = every_picture()


def test_every_public_figure_is_here() -> None:
    assert sorted(PICTURES) == sorted(figures.__all__)


@pytest.mark.parametrize("name", PICTURES)
def test_picture_speaks_and_stays_small(name: str) -> None:
    fig = PICTURES[name]
    assert isinstance(fig, Picture)
    assert len(fig.alt) > 60 and fig.alt.endswith(".")
    assert "nan" not in fig.alt and "inf" not in fig.alt
    assert len(fig.svg()) < 110_000


@pytest.mark.parametrize("name", PICTURES)
def test_only_palette_colours(name: str) -> None:
    allowed = {colour(role).lower() for role in ("model", "data", "ink", "ink-2", "reference", "paper", "grid")}
    used = {found.lower() for found in re.findall(r"#[0-9a-fA-F]{6}\b", PICTURES[name].svg())}
    assert used <= allowed


@pytest.mark.parametrize("name", PICTURES)
def test_no_text_is_smaller_than_eleven_pixels(name: str) -> None:
    fig = PICTURES[name]
    sizes = [text.get_fontsize() for ax in fig.axes for text in ax.texts + ax.get_xticklabels() + [ax.xaxis.label]]
    assert min(sizes) * 4 / 3 >= 11


def test_same_arguments_same_picture() -> None:
    assert figures.family(X, Y, LINES).svg() == figures.family(X, Y, LINES).svg()


def test_the_squares_have_the_area_of_the_loss() -> None:
    fig = figures.squares(X, Y, LINES)
    for ax, phi in zip(fig.axes, LINES.values(), strict=True):
        drawn = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
        assert sum(p.get_width() * p.get_height() for p in drawn) == pytest.approx(loss(phi))
        assert all(p.get_width() == pytest.approx(p.get_height()) for p in drawn)
        assert ax.get_aspect() == 1
    assert f"{loss(LINES['A']):.2f}" in fig.alt and f"{loss(LINES['B']):.2f}" in fig.alt


def test_every_ellipse_is_a_contour_of_the_loss() -> None:
    best, lowest, _ = bowl(X, Y)
    rings = [p for p in figures.descent(X, Y, [best, best], [1, 1], LIMITS).axes[0].patches if isinstance(p, Ellipse)]
    assert len(rings) >= 5
    levels = []
    for ring in rings:
        points = ring.get_patch_transform().transform(ring.get_path().vertices[:-1:3])  # ends of the Bézier pieces
        values = [loss(p) for p in points]
        assert np.ptp(values) < 1e-6 * np.mean(values)
        levels.append(np.mean(values) - lowest)
    steps = np.diff(np.sqrt(levels[::-1]))
    assert np.allclose(steps, steps[0])


def test_the_lowest_point_has_no_gradient() -> None:
    best, lowest, G = bowl(X, Y)
    assert loss(best) == pytest.approx(lowest)
    for nudge in np.array([[1e-3, 0], [0, 1e-3], [1e-3, 1e-3]]):
        assert loss(best + nudge) - lowest == pytest.approx(nudge @ G @ nudge, rel=1e-6)


def test_the_oblique_step_is_square_on_equal_axes_only() -> None:
    fig = figures.oblique(X, Y, (1.2, -0.1), LIMITS)
    fig.draw_without_rendering()  # places the axes
    angles = []
    for ax in fig.axes:
        arrow = next(text for text in ax.texts if text.arrow_patch is not None)
        tip, tail = ax.transData.transform([arrow.xy, arrow.xyann])
        tangent = next(line for line in ax.lines if len(line.get_xdata()) == 2)
        a, b = ax.transData.transform(tangent.get_xydata())
        step, edge = tip - tail, b - a
        angles.append(np.degrees(np.arccos(step @ edge / np.linalg.norm(step) / np.linalg.norm(edge))))
    assert angles[0] == pytest.approx(90, abs=0.1)
    assert abs(angles[1] - 90) > 10


def test_the_generative_line_is_drawn_solved_for_y() -> None:
    gen = np.array([-0.9, 1.2])
    right = figures.two_regressions(X, Y, (0.5, 0.6), gen).axes[1]
    lines = [line.get_xydata() for line in right.lines if len(line.get_xdata()) == 2]
    assert any(np.allclose(gen[0] + gen[1] * line[:, 1], line[:, 0]) for line in lines)


def test_an_error_of_rounding_size_is_marked_not_drawn() -> None:
    fig = figures.errors_by_degree([0.1, 0.05, 0.04, 1e-20], [0.2, 0.1, 0.3, 9.0])
    assert "rounding error" in [text.get_text() for text in fig.axes[0].texts]
    assert "none at degree 3" in fig.alt and "0.050 at degree 1" in fig.alt

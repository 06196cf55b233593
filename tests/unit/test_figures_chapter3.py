"""Chapter 3's pictures show what the numeric modules compute, in the house's roles, and say so in their alt text."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.colors import to_hex

from tests.pictures import assert_lines_wear_the_palette, assert_shows_itself
from udl_core import Shallow, regions
from udl_core import approximation as ap
from udl_core.figures import chapter3 as figures
from udl_core.figures.style import PALETTE, Picture

SINE, ROOT = ap.target("sine"), ap.target("root")
PLACES = np.array([0, 0.2, 0.45, 0.8, 1.0])
D = [8, 16, 32]
MEASURED = {
    name: np.array([ap.error(ap.target(name), ap.equal(d), ap.target(name)(ap.equal(d))) for d in D])
    for name in ("sine", "root", "kink", "step")
}
GRID = np.stack(np.meshgrid(*[-1 + 0.1 * np.arange(21)] * 2, indexing="ij"), axis=-1).reshape(-1, 2)
PRODUCT = GRID[:, 0] * GRID[:, 1]
FITS = {
    "along the axes": ap.fit_ridges(GRID, PRODUCT, [0, 90]),
    "along the diagonals": ap.fit_ridges(GRID, PRODUCT, [45, 135]),
}
NET = Shallow(1, 8, 1)
RUNS = [NET.init(np.random.default_rng(seed)) for seed in range(3)]
PLANE = Shallow(2, 6, 1)
PHI_PLANE = PLANE.pack(
    theta=[[-b, np.cos(a), np.sin(a)] for a in (0, np.pi / 2) for b in (-0.5, 0, 0.5)], phi=[[0, 1, -2, 1, 1, -2, 1]]
)
WAVE = ap.Target("wave", "", lambda x: np.sin(np.pi * x), lo=-2, hi=2)
EDGE = ap.equal(8, -1, 1)
WINDOWS = {"level": ap.interpolant(EDGE, WAVE(EDGE)), "lead": ap.interpolant(EDGE, WAVE(EDGE), 0.5)}

MAKE: dict[str, Callable[[], Picture]] = {
    "closer": lambda: figures.closer(SINE, [3, 5, 9]),
    "construction": lambda: figures.construction(SINE, PLACES),
    "errors": lambda: figures.errors(ROOT, {"equal": ap.equal(6), "powers": ap.powers(6, 4)}),
    "errors, one": lambda: figures.errors(SINE, {"8 units": ap.equal(8)}),
    "laws": lambda: figures.laws(D, MEASURED),
    "many_inputs": lambda: figures.many_inputs(D, {1: np.array([0.1, 0.02, 0.004]), 5: np.array([1, 0.9, 0.7])}),
    "runs": lambda: figures.runs(SINE, NET, RUNS, ap.equal(8), 0.01),
    "window": lambda: figures.window(NET, WINDOWS, WAVE, -1, 1),
    "bump": lambda: figures.bump(0.5, 0.3, [20, 100]),
    "staircases": lambda: figures.staircases(SINE, 8, [5, 40]),
    "ridges": lambda: figures.ridges(GRID, PRODUCT, FITS),
    "dead_ends": lambda: figures.dead_ends(PLANE, PHI_PLANE),
}
LEVEL_MAPS = {"ridges", "dead_ends"}


@pytest.mark.parametrize("name", MAKE)
def test_every_picture_shows_itself_with_alt_text_in_the_width_of_the_text(name: str) -> None:
    assert_shows_itself(MAKE[name])


@pytest.mark.parametrize("name", MAKE)
def test_lines_wear_the_palette_so_that_a_dark_page_can_recolour_them(name: str) -> None:
    assert_lines_wear_the_palette(MAKE[name]())


@pytest.mark.parametrize("name", sorted(MAKE.keys() - LEVEL_MAPS))
def test_but_for_level_maps_every_colour_follows_the_page(name: str) -> None:
    html = MAKE[name]().html()
    assert "var(--udl-" in html
    assert re.findall(r"(?<!, )#[0-9a-fA-F]{6}\b", html) == []


def test_there_is_a_test_of_every_picture() -> None:
    assert {name.split(",")[0] for name in MAKE} == set(figures.__all__)


def curves(ax, role: str) -> list[np.ndarray]:
    """The drawn curves of a role, as (n, 2) points; markers and guides are left out."""
    wanted = PALETTE["light"][role].lower()
    lines = [line for line in ax.lines if line.get_linestyle() != "None" and len(line.get_xdata()) > 2]
    return [line.get_xydata() for line in lines if to_hex(line.get_color()) == wanted]


def test_the_construction_s_units_add_up_to_its_curve() -> None:
    top, bottom = figures.construction(SINE, PLACES).axes
    (y,) = curves(top, "model")
    assert np.allclose(y, np.column_stack((PLACES, SINE(PLACES))))
    units = [curve for role in ("unit1", "unit2", "unit3") for curve in curves(bottom, role)]
    assert len(units) == 4
    assert np.allclose(sum(unit[:, 1] for unit in units), SINE(PLACES) - SINE(0.0))


def test_the_error_s_peak_carries_its_number() -> None:
    choices = {"equal": ap.equal(6), "powers": ap.powers(6, 4)}
    fig = figures.errors(ROOT, choices)
    for (title, places), top, bottom in zip(choices.items(), fig.axes[:2], fig.axes[2:], strict=True):
        assert top.get_title(loc="left") == title
        (e,) = curves(bottom, "data")
        worst = ap.error(ROOT, places, ROOT(places)).sup
        assert np.abs(e[:, 1]).max() == pytest.approx(worst, rel=1e-3)
        assert bottom.texts[0].get_text() == f"{worst:.3f}"
        assert np.allclose(e[:, 1], np.sqrt(e[:, 0]) - np.interp(e[:, 0], places, np.sqrt(places)))


def test_laws_write_the_fitted_exponents_at_the_ends_and_apart() -> None:
    for column, ax in enumerate(figures.laws(D, MEASURED).axes):
        for name, both in MEASURED.items():
            (text,) = [t.get_text() for t in ax.texts if t.get_text().startswith(name)]
            assert float(text.split()[1].replace("−", "-")) == pytest.approx(ap.exponent(D, both[:, column]), abs=0.005)
        heights = np.sort(np.log10([t.xy[1] for t in ax.texts]))
        assert (np.diff(heights) > 0.16).all()


def test_runs_show_every_run_s_error_against_its_joints() -> None:
    _, right = figures.runs(SINE, NET, RUNS, ap.equal(8), 0.01).axes
    dots = right.lines[0].get_xydata()
    for phi, (inside, l2) in zip(RUNS, dots, strict=True):
        form = regions.joints(NET, phi, 0, 1)
        assert inside == len(form.joints)
        x = np.linspace(0, 1, 20_001)
        off = NET(x[:, None], phi)[:, 0] - SINE(x)
        assert l2 == pytest.approx(np.sqrt(np.mean(off**2)), rel=1e-3)


def test_the_window_s_networks_are_drawn_outside_too() -> None:
    (ax,) = figures.window(NET, WINDOWS, WAVE, -1, 1).axes
    for (name, phi), role in zip(WINDOWS.items(), ["model", "unit2"], strict=True):
        (y,) = curves(ax, role)
        assert y[0, 0] == -2
        assert y[-1, 0] == 2
        assert np.allclose(y[:, 1], NET(y[:, :1], phi)[:, 0]), name


def test_staircases_draw_the_network_of_bumps() -> None:
    hill = ap.Target("hill", "", lambda x: np.sin(np.pi * x) ** 2)
    centres = (np.arange(8) + 0.5) / 8
    for ax, s in zip(figures.staircases(hill, 8, [5, 40]).axes, [5, 40], strict=True):
        (y,) = curves(ax, "model")
        phi = ap.sigmoid_bumps(centres, np.full(8, 1 / 8), hill(centres), 8 * s)
        assert np.allclose(y[:, 1], Shallow(1, 16, 1, "sigmoid")(y[:, :1], phi)[:, 0])


def test_ridges_tell_what_stays_unexplained() -> None:
    alt = figures.ridges(GRID, PRODUCT, FITS).alt
    assert "along the axes: 100 %" in alt
    assert "along the diagonals: 2 %" in alt


def test_dead_ends_draw_every_crease_from_edge_to_edge() -> None:
    fig = figures.dead_ends(PLANE, PHI_PLANE, reach=3)
    for ax, half in zip(fig.axes[::2], [1, 3], strict=True):  # the left column
        assert len(ax.lines) == PLANE.D
        for line, theta in zip(ax.lines, PLANE.unpack(PHI_PLANE)["theta"], strict=True):
            points = line.get_xydata()
            assert np.allclose(theta[0] + points @ theta[1:], 0, atol=1e-9)
            assert (np.abs(points).max(axis=1) > half).all()
    assert f"{regions.regions_in_plane(PLANE, PHI_PLANE)} regions" in fig.alt

"""Chapter 4's pictures show what the numeric modules compute, in the house's roles, and say so in their alt text."""

import math
import re
from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.colors import to_hex

from tests.pictures import assert_lines_wear_the_palette, assert_shows_itself
from udl_core import Deep, Shallow, budget, regions
from udl_core.approximation import interpolant
from udl_core.figures import chapter4 as figures
from udl_core.figures.style import PALETTE, Picture
from udl_core.regions import compose

NET = Shallow(1, 3, 1)
PHI1 = interpolant([-1, -0.4, 0.3, 1], [-1, 1, -1, 1])
PHI2 = interpolant([-1, -0.3, 0.4, 1], [-0.6, 0.9, -0.2, 0.7])
DEEP, COMPOSED = compose(NET, PHI1, NET, PHI2)
GENERAL = DEEP.pack(
    beta=[[1.0, 0.4, -0.3], [-0.3, 0.5, 0.2], [0.1]],
    omega=[[[1.0]] * 3, [[1.2, -2.4, 2.8], [-1.4, 2.2, -1.2], [0.35, -0.9, 0.1]], [[1.0, 1.2, -0.8]]],
)
FOLD = Shallow(2, 4, 2)
PHI_FOLD = FOLD.pack(theta=[[0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]], phi=[[0, 1, 1, 0, 0], [0, 0, 0, 1, 1]])
SHEET = Shallow(2, 3, 1)
PHI_SHEET = SHEET.pack(theta=[[-0.7, 1, 0.55], [-0.15, -0.45, 1], [0.62, -1, 0.3]], phi=[[0, 1, 1, 1]])
UNFOLDED = compose(FOLD, PHI_FOLD, SHEET, PHI_SHEET)
ROOF = Shallow(2, 1, 1)
PYRAMID = compose(FOLD, PHI_FOLD, ROOF, ROOF.pack(theta=[[1, -1, -1]], phi=[[0, 1]]))
MARKS = {1: (1, *5 * [10], 1), 10: (10, *5 * [50], 1)}
LINE = {(1, 20, 1): np.array([19, 20, 21]), (1, 7, 7, 1): np.array([9, 12, 17])}
PLANE = {(2, 20, 1): np.array([99, 120, 140]), (2, 7, 7, 1): np.array([19, 32, 47])}
AFTER = {widths: found + 1 for widths, found in LINE.items()}
X = np.linspace(0, 1, 33)


def random_regions(widths: list[int], seed: int) -> regions.Regions:
    net = Deep(widths)
    phi = budget.random_phi(net, np.random.default_rng(seed))
    return regions.linear_regions(net, phi, ((-1, 1), (-1, 1)))


JOINED = random_regions([2, 8, 8, 3, 1], 5)
MAKE: dict[str, Callable[[], Picture]] = {
    "copies": lambda: figures.copies((NET, PHI1), (NET, PHI2), (DEEP, COMPOSED)),
    "second_layer": lambda: figures.second_layer({"composed": (DEEP, COMPOSED), "general": (DEEP, GENERAL)}),
    "stages": lambda: figures.stages(DEEP, GENERAL),
    "size_of_layers": lambda: figures.size_of_layers([5, 20, 10, 7, 4]),
    "sawtooth": lambda: figures.sawtooth([regions.sawtooth(K) for K in (1, 2, 3, 4)]),
    "folded_plane": lambda: figures.folded_plane((SHEET, PHI_SHEET), UNFOLDED),
    "largest": lambda: figures.largest([1, 10], [1, 2, 5], MARKS),
    "counts": lambda: figures.counts({"one input": LINE, "two inputs": PLANE}),
    "same_budget": lambda: figures.same_budget({"[9]": random_regions([2, 9, 1], 0), "deep": JOINED}),
    "training": lambda: figures.training(LINE, AFTER),
    "merged": lambda: figures.merged(JOINED),
    "pyramid": lambda: figures.pyramid(*PYRAMID),
    "learned": lambda: figures.learned(X, X**2, {"a line": X, "a constant": 0 * X}),
}


@pytest.mark.parametrize("name", MAKE)
@pytest.mark.filterwarnings("error")
def test_every_picture_shows_itself_with_alt_text_in_the_width_of_the_text(name: str) -> None:
    assert_shows_itself(MAKE[name])


@pytest.mark.parametrize("name", MAKE)
def test_every_colour_follows_the_page(name: str) -> None:
    fig = MAKE[name]()
    assert_lines_wear_the_palette(fig)
    assert "var(--udl-" in fig.html()
    assert re.findall(r"(?<!, )#[0-9a-fA-F]{6}\b", fig.html()) == []


def curves(ax, role: str, at_least: int = 3) -> list[np.ndarray]:
    """The drawn curves of a role, as (n, 2) points, without guides and zero lines."""
    wanted = PALETTE["light"][role].lower()
    return [
        line.get_xydata()
        for line in ax.lines
        if to_hex(line.get_color()) == wanted and len(line.get_xdata()) >= at_least and len(set(line.get_xdata())) > 1
    ]


def test_copies_follow_the_networks_and_meet() -> None:
    first, second, folded, composed = figures.copies((NET, PHI1), (NET, PHI2), (DEEP, COMPOSED)).axes
    ends = []
    for role in ("unit1", "unit2", "unit3"):
        (piece,), (copy,) = curves(first, role, 2), curves(composed, role, 2)
        (strand,) = curves(folded, role, 2)
        assert np.allclose(piece[:, 1], NET(piece[:, :1], PHI1)[:, 0])
        assert np.allclose(copy[:, 1], NET(NET(copy[:, :1], PHI1), PHI2)[:, 0])
        assert len(copy) == 4  # three pieces
        assert np.allclose(strand[:, 0], piece[:, 1])  # a strand lies where the piece goes
        ends.append(copy[[0, -1], 0])
    assert np.allclose(np.ravel(ends), [-1, -0.4, -0.4, 0.3, 0.3, 1])
    (drawn,) = curves(second, "model")
    assert np.allclose(drawn[:, 1], NET(drawn[:, :1], PHI2)[:, 0])


def test_a_second_layer_shows_what_arrives_at_its_units() -> None:
    fig = MAKE["second_layer"]()
    for ax, phi in zip(fig.axes, (COMPOSED, GENERAL), strict=True):
        parts = DEEP.unpack(phi)
        for d in range(3):
            (z,) = curves(ax, f"unit{d + 1}")
            h = np.maximum(0, parts["beta"][0] + z[:, :1] @ parts["omega"][0].T)
            assert np.allclose(z[:, 1], parts["beta"][1][d] + h @ parts["omega"][1][d])
    assert "composed: rank 1; general: rank 3" in fig.alt


def test_stages_end_in_the_network_s_output_with_a_guide_at_every_joint() -> None:
    fig = figures.stages(DEEP, GENERAL)
    last = fig.axes[3]
    (y,) = curves(last, "model")
    assert np.allclose(y[:, 1], DEEP(y[:, :1], GENERAL)[:, 0])
    guides = sorted(line.get_xdata()[0] for line in last.lines if len(set(line.get_xdata())) == 1)
    form = regions.joints(DEEP, GENERAL, -1, 1)
    assert np.allclose(guides, form.joints)
    assert f"{(form.layers == 1).sum()} inputs and at {(form.layers == 2).sum()} more" in fig.alt


def test_rectangles_have_the_sizes_of_the_layers() -> None:
    widths = [5, 20, 10, 7, 4]
    filled = [patch for patch in figures.size_of_layers(widths).axes[0].patches if patch.get_fill()]
    sizes = [(round(patch.get_height()), round(patch.get_width())) for patch in filled]
    parts = Deep(widths).unpack(np.zeros(Deep(widths).n_params))
    expected = [(len(b), 1) for b in parts["beta"]], [W.shape for W in parts["omega"]]
    assert (sizes[0::2], sizes[1::2]) == expected


def test_saws_have_as_many_pieces_as_their_titles_say() -> None:
    fig = MAKE["sawtooth"]()
    for K, ax in enumerate([fig.axes[k] for k in (0, 2, 1, 3)], start=1):
        (drawn,) = curves(ax, "model")
        assert len(drawn) - 1 == 2**K
        assert ax.get_title(loc="left") == f"$K = {K}$: {2**K} pieces"


def test_unfolding_makes_four_regions_of_each() -> None:
    left, right = MAKE["folded_plane"]().axes
    counts = [int(re.search(r"(\d+) regions", ax.get_title(loc="left"))[1]) for ax in (left, right)]
    assert counts == [7, 28]
    theta = SHEET.unpack(PHI_SHEET)["theta"]
    for d in range(3):
        for ax in (left, right):
            ends = np.concatenate(curves(ax, f"unit{d + 1}", 2))
            assert np.allclose(theta[d, 0] + np.abs(ends) @ theta[d, 1:], 0)
    lengths = [sum(np.linalg.norm(np.diff(line, axis=0)) for line in curves(ax, "unit1", 2)) for ax in (left, right)]
    assert math.isclose(4 * lengths[0], lengths[1])


def test_the_most_known_regions_stand_at_the_parameters_that_buy_them() -> None:
    left, right = MAKE["largest"]().axes
    for D_i, ax in [(1, left), (10, right)]:
        for line, K in zip(ax.lines, (1, 2, 5), strict=False):
            widths = budget.architecture(int(line.get_xdata()[-1]), K, D_i)
            assert Deep(widths).n_params == line.get_xdata()[-1]
            assert math.isclose(line.get_ydata()[-1], math.log10(budget.best_known(widths)))
        (dot,) = ax.lines[-1].get_xydata()
        assert dot.tolist() == [Deep(MARKS[D_i]).n_params, math.log10(budget.best_known(MARKS[D_i]))]


def test_clouds_stand_beside_the_bounds_of_their_networks() -> None:
    for ax, by_widths in zip(MAKE["counts"]().axes, (LINE, PLANE), strict=True):
        clouds = [line for line in ax.lines if to_hex(line.get_color()) == PALETTE["light"]["data"].lower()]
        bounds = [
            line.get_ydata()[0] for line in ax.lines if to_hex(line.get_color()) == PALETTE["light"]["ink"].lower()
        ]
        assert [sorted(cloud.get_ydata()) for cloud in clouds] == [sorted(found) for found in by_widths.values()]
        assert bounds == [regions.upper_bound(widths) for widths in by_widths]


def test_training_draws_before_against_after() -> None:
    ax = figures.training(LINE, AFTER).axes[0]
    for line, widths in zip(ax.lines[1:], LINE, strict=True):
        assert line.get_xydata().tolist() == np.column_stack([LINE[widths], AFTER[widths]]).tolist()


def test_joined_regions_are_counted_and_cover_the_square() -> None:
    fig = figures.merged(JOINED)
    joined = JOINED.linear()
    assert f"{len(JOINED)} activation regions, and the same square in {len(joined)} linear regions" in fig.alt
    outlines = [patch for patch in fig.axes[1].patches if not patch.get_fill()]
    assert len(outlines) == len(joined)
    corners = np.concatenate([patch.get_path().vertices for patch in outlines])
    assert np.allclose([corners.min(), corners.max()], [-1, 1])


def test_the_pyramid_s_creases_end() -> None:
    ax = figures.pyramid(*PYRAMID).axes[0]
    creases = [line.get_xydata() for line in ax.lines]
    assert len(creases) == 8
    assert np.abs(np.concatenate(creases)).sum(axis=1).max() <= 1 + 1e-9


def test_learned_curves_come_with_their_misfit() -> None:
    fig = MAKE["learned"]()
    for ax, curve in zip(fig.axes, (X, 0 * X), strict=True):
        assert np.allclose(curves(ax, "model")[0][:, 1], curve)
    assert f"a line, off by {np.sqrt(np.mean((X - X**2) ** 2)):.2f}" in fig.alt

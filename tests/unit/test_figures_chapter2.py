"""Chapter 2's pictures show what the numeric modules compute, in the house's roles, and say so in their alt text."""

import math
import re
from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.colors import to_hex

from tests.pictures import assert_lines_wear_the_palette, assert_shows_itself
from udl_core import Shallow, activations, datasets, losses, optim, regions, training
from udl_core.figures import chapter2 as figures
from udl_core.figures import chapter2_regions
from udl_core.figures.style import PALETTE, Picture

NET = Shallow(1, 3, 1)
PHI = NET.pack(theta=[[-0.2, 0.4], [-0.9, 0.9], [1.1, -0.7]], phi=[[-0.23, -1.3, 1.3, 0.66]])
OTHER = NET.pack(theta=[[0.3, 0.0], [-0.3, 0.5], [-1.7, 1.0]], phi=[[-0.6, 0.9, 1.3, -2.2]])  # unit 1 has no joint
X = np.linspace(0, 2, 21)[:, None]
PLANE = Shallow(2, 3, 1)
PHI_PLANE = PLANE.pack(theta=[[0.2, 1.0, -0.3], [0.1, -0.5, 0.8], [0.25, -0.6, -0.9]], phi=[[0.3, -0.9, 1.0, -1.0]])
TWO = Shallow(1, 4, 2)
PHI_TWO = TWO.init(np.random.default_rng(3))
GROUPS = [["sigmoid", "tanh"], ["relu", "leaky_relu"], ["softplus", "gelu", "silu", "hard_swish"]]


def runs() -> list[training.History]:
    x, y = datasets.wave_data()
    descent = optim.GradientDescent(lr=0.05)
    return [
        training.fit(NET, phi, x, y, losses.least_squares, descent, 20, reduction="mean", progress=False)
        for phi in (PHI, OTHER)
    ]


MAKE: dict[str, Callable[[], Picture]] = {
    "family": lambda: figures.family(NET, [PHI, OTHER]),
    "stages": lambda: figures.stages(NET, PHI),
    "stages, flat line": lambda: figures.stages(NET, OTHER),
    "slopes": lambda: figures.slopes(NET, PHI),
    "slopes, flat line": lambda: figures.slopes(NET, OTHER),
    "valley": lambda: figures.valley(NET, PHI, X, NET(X, PHI)),
    "gallery": lambda: figures.gallery(GROUPS),
    "other_units": lambda: figures.other_units(PHI, ["heaviside", "tanh", "rect", "sine"]),
    "two_outputs": lambda: figures.two_outputs(TWO, PHI_TWO),
    "fits": lambda: figures.fits(NET, runs(), *datasets.wave_data()),
    "half_planes": lambda: figures.half_planes(PLANE, PHI_PLANE),
    "pieces_in_the_plane": lambda: figures.pieces_in_the_plane(PLANE, PHI_PLANE),
    "region_counts": lambda: figures.region_counts([1, 5, 10], D_max=60, mark=(10, 60)),
    "diagram": lambda: figures.diagram(NET),
    "diagram, general": lambda: figures.diagram(Shallow(2, 4, 3), names=False),
}


@pytest.mark.parametrize("name", MAKE)
@pytest.mark.filterwarnings("error")
def test_every_picture_shows_itself_with_alt_text_in_the_width_of_the_text(name: str) -> None:
    assert_shows_itself(MAKE[name])


@pytest.mark.parametrize("name", MAKE)
def test_lines_wear_the_palette_so_that_a_dark_page_can_recolour_them(name: str) -> None:
    assert_lines_wear_the_palette(MAKE[name]())


def curves(ax, role: str) -> list[np.ndarray]:
    """The drawn curves of a role, as (n, 2) points; guides and zero lines have two points and are left out."""
    wanted = PALETTE["light"][role].lower()
    return [line.get_xydata() for line in ax.lines if to_hex(line.get_color()) == wanted and len(line.get_xdata()) > 2]


def test_stages_draw_the_four_stages() -> None:
    fig = figures.stages(NET, PHI)
    lines, clipped, weighted, summed = (fig.axes[k] for k in (0, 2, 1, 3))
    parts = NET.unpack(PHI)
    total = np.full(0, 0.0)
    for d in range(3):
        (z,), (h,), (v,) = (curves(ax, f"unit{d + 1}") for ax in (lines, clipped, weighted))
        assert np.allclose(z[:, 1], parts["theta"][d, 0] + parts["theta"][d, 1] * z[:, 0])
        assert np.allclose(h[:, 1], np.maximum(0, z[:, 1]))
        assert np.allclose(v[:, 1], parts["phi"][0, d + 1] * h[:, 1])
        total = v[:, 1] if d == 0 else total + v[:, 1]
    (y,) = curves(summed, "model")
    assert np.allclose(y[:, 1], parts["phi"][0, 0] + total)
    assert np.allclose(y[:, 1], NET(y[:, :1], PHI)[:, 0])


def test_guides_stand_at_the_joints_in_every_stage() -> None:
    joints = regions.joints(NET, PHI, 0, 2).joints
    for ax in figures.stages(NET, PHI).axes:
        guides = sorted(line.get_xdata()[0] for line in ax.lines if len(set(line.get_xdata())) == 1)
        assert np.allclose(guides, joints)


def test_slopes_are_written_beside_the_pieces() -> None:
    fig = figures.slopes(NET, PHI)
    written = [float(text.get_text().replace("−", "-")) for text in fig.axes[0].texts]
    assert np.allclose(written, regions.joints(NET, PHI, 0, 2).slopes[:, 0], atol=5e-4)
    changes = [re.search(r"=([+−][\d.]+)", text.get_text())[1] for text in fig.axes[1].texts if text.get_text()]
    expected = NET.unpack(PHI)["phi"][0, 1:] * np.abs(NET.unpack(PHI)["theta"][:, 1])
    assert np.allclose([float(change.replace("−", "-")) for change in changes], expected, atol=5e-4)


def test_the_valley_s_alt_text_tells_the_misfit_at_both_points() -> None:
    y = NET(X, PHI)
    flipped = PHI.copy()
    flipped[[0, 1, 7]] *= -1
    there = np.sqrt(np.mean((NET(X, flipped) - y) ** 2))
    alt = figures.valley(NET, PHI, X, y).alt
    assert "misfit is 0.00" in alt
    assert f"it is {there:.2f}" in alt


def test_the_gallery_s_right_column_is_the_slope_of_its_left() -> None:
    fig = figures.gallery(GROUPS)
    for left, right in zip(fig.axes[0::2], fig.axes[1::2], strict=True):
        functions = [line for line in left.lines if len(line.get_xdata()) > 2]
        derivatives = [line for line in right.lines if len(line.get_xdata()) > 2]
        assert len(functions) == len(derivatives) > 0
        for f, df in zip(functions, derivatives, strict=True):
            z = f.get_xdata()
            slope = np.gradient(f.get_ydata(), z)
            smooth = np.min(np.abs(z[:, None] - [-4, -3, 0, 3, 4]), axis=1) > 0.05  # off ends, corners and jumps
            assert np.allclose(slope[smooth], df.get_ydata()[smooth], atol=2e-3)


@pytest.mark.parametrize(("k", "name"), enumerate(["heaviside", "tanh", "rect", "sine"]))
def test_other_units_draw_the_network_with_that_activation(k: int, name: str) -> None:
    ax = figures.other_units(PHI, ["heaviside", "tanh", "rect", "sine"]).axes[[0, 2, 1, 3][k]]
    (y,) = curves(ax, "model")
    assert ax.get_title(loc="left") == name
    assert np.allclose(y[:, 1], Shallow(1, 3, 1, activations.get(name))(y[:, :1], PHI)[:, 0])


def test_two_outputs_share_their_joints() -> None:
    fig = figures.two_outputs(TWO, PHI_TWO, -3, 3)
    drawn = curves(fig.axes[1], "model")
    assert len(drawn) == 2
    for j, y in enumerate(drawn):
        assert np.allclose(y[:, 1], TWO(y[:, :1], PHI_TWO)[:, j])
    for joint in regions.joints(TWO, PHI_TWO, -3, 3).joints:
        assert f"{joint:.2f}" in fig.alt
        assert all(np.any(np.isclose(y[:, 0], joint)) for y in drawn)


def test_fits_draw_data_curves_and_losses() -> None:
    histories = runs()
    x, y = datasets.wave_data()
    left, right = figures.fits(NET, histories, x, y).axes
    assert np.allclose(left.lines[0].get_xydata(), np.hstack([x, y]))
    for history, curve, fall in zip(histories, curves(left, "model"), right.lines, strict=True):
        assert np.allclose(curve[:, 1], NET(curve[:, :1], history.phi)[:, 0])
        assert np.allclose(fall.get_ydata(), history.loss)


def test_facets_are_the_regions_lifted_to_the_output(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []

    class Recording(chapter2_regions.Poly3DCollection):
        def __init__(self, verts, **kwargs):
            drawn.append(verts)
            super().__init__(verts, **kwargs)

    monkeypatch.setattr(chapter2_regions, "Poly3DCollection", Recording)
    found = regions.linear_regions(PLANE, PHI_PLANE, ((-1, 1), (-1, 1)))
    fig = figures.pieces_in_the_plane(PLANE, PHI_PLANE)
    assert fig.alt.startswith(f"{len(found)} convex polygons")
    labels = {text.get_text() for text in fig.axes[0].texts}
    assert labels == {"".join(str(int(on)) for on in pattern) for pattern in found.patterns}
    layers = [len(np.flatnonzero(pattern)) + 2 for pattern in found.patterns]  # paper, active units, edge
    assert len(drawn) == sum(layers)
    for (facet,) in drawn:
        assert np.allclose(facet[:, 2], PLANE(facet[:, :2], PHI_PLANE)[:, 0])
    for polygon, count in zip(found.polygons, layers, strict=True):
        assert sum(np.array_equal(facet[:, :2], polygon) for (facet,) in drawn) == count


@pytest.mark.parametrize("name", sorted(MAKE.keys() - {"half_planes", "valley"}))
def test_but_for_scalar_fields_every_colour_follows_the_page(name: str) -> None:
    html = MAKE[name]().html()
    assert "var(--udl-" in html
    assert re.findall(r"(?<!, )#[0-9a-fA-F]{6}\b", html) == []


def test_half_planes_tell_how_much_of_the_square_each_unit_is_on() -> None:
    alt = figures.half_planes(PLANE, PHI_PLANE).alt
    found = regions.linear_regions(PLANE, PHI_PLANE, ((-1, 1), (-1, 1)))
    for d in range(3):
        share = 100 * found.areas[found.patterns[:, d]].sum() / 4
        said = float(re.search(rf"unit {d + 1} in (\d+) %", alt)[1])
        assert abs(said - share) < 1.5


def test_region_counts_are_the_exact_bounds() -> None:
    left, right = figures.region_counts([1, 5, 10], D_max=60, mark=(10, 60)).axes
    for D_i, line, same in zip([1, 5, 10], left.lines, right.lines, strict=False):
        for D, params, log in zip(line.get_xdata(), same.get_xdata(), line.get_ydata(), strict=True):
            assert math.isclose(log, math.log10(regions.max_regions(D_i, int(D))))
            assert params == Shallow(D_i, int(D), 1).n_params
    circle = right.lines[-1]
    assert circle.get_xydata().tolist() == [[Shallow(10, 60, 1).n_params, math.log10(regions.max_regions(10, 60))]]


@pytest.mark.parametrize("sizes", [(1, 3, 1), (1, 4, 2), (2, 3, 1), (3, 3, 2)])
def test_the_diagram_has_one_arrow_for_each_parameter(sizes: tuple[int, int, int]) -> None:
    net = Shallow(*sizes)
    for names, expected in [(True, net.n_params), (False, net.n_params - net.D - net.D_o)]:
        fig = figures.diagram(net, names)
        arrows = [text for text in fig.axes[0].texts if getattr(text, "arrow_patch", None) is not None]
        assert len(arrows) == expected
        assert f"{expected} arrows" in fig.alt

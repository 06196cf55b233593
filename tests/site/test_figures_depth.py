"""Folding a line and spending a budget: what the tests for all figures don't reach."""

import numpy as np
import pytest

from tests.browsing import until
from tests.site.figure import Figure, page_with
from udl_core import composition, regions, widgets


@pytest.fixture(scope="module")
def page(new_context, site):
    """A chapter with both figures before its own."""
    with page_with(new_context, site, widgets.FoldTheLine(), widgets.SpendABudget()) as page:
        yield page


@pytest.fixture
def fold(page):
    figure = Figure(page, "fold-the-line")
    yield figure
    figure.set(widgets.FoldTheLine().to_dict())


@pytest.fixture
def spend(page):
    figure = Figure(page, "spend-a-budget")
    yield figure
    figure.set(widgets.SpendABudget().to_dict())


def handle(figure, name):
    return figure.element.locator(f'[data-udl-handle="{name}"]')


def images(figure, unit):
    """Inputs at which the images of a unit's joint are shown, as their handles say."""
    shown = figure.element.locator(f'[data-udl-handle^="image {unit}."]:not([visibility=hidden])').all()
    texts = [one.get_attribute("aria-valuetext") for one in shown]
    return [float(text.split(",")[0].removeprefix("x = ").replace("−", "-")) for text in texts]


def test_an_image_takes_the_joint_and_all_its_other_images_along(fold):
    before = images(fold, 2)
    assert fold.drag(handle(fold, "image 2.2"), 14, 20)
    w = widgets.FoldTheLine(**fold.state())
    assert w.joints2[0] != -1 / 3
    assert w.values2[1] != 1
    net, phi1, _ = w.networks()
    np.testing.assert_allclose(images(fold, 2), composition.preimages(net, phi1, w.joints2[0], -1, 1), atol=0.0051)
    assert all(a != b for a, b in zip(before, images(fold, 2), strict=True))
    assert images(fold, 3) == images_of_default(3)
    fold.assert_drawn_as_python_computes()


def images_of_default(unit):
    w = widgets.FoldTheLine()
    net, phi1, _ = w.networks()
    return [round(x, 2) for x in composition.preimages(net, phi1, w.joints2[unit - 2], -1, 1)]


def test_an_image_stays_on_its_piece_of_the_first_network(fold):
    fold.drag(handle(fold, "image 3.1"), 200, 0)
    assert fold.state()["joints2"][1] == 0.9
    assert images(fold, 3)[0] < -1 / 3


def test_copies_vanish_with_the_fold(fold):
    assert len(images(fold, 2)) == len(images(fold, 3)) == 3
    for _ in range(4):
        handle(fold, "vertex 1.1").press("Shift+ArrowDown")
    assert fold.state()["values1"] == [-1, -1, -1, 1]
    assert len(images(fold, 2)) == len(images(fold, 3)) == 1
    shown = fold.get()
    assert "does not fold the line; the composition has 5 pieces" in shown["summary"]
    assert len(shown["drawn"]["composition"]["x"]) == 6
    fold.assert_drawn_as_python_computes()


def test_the_level_moves_from_either_network_and_lights_every_input_that_reaches_it(fold):
    handle(fold, "level y").press("PageUp")
    assert fold.state()["y"] == 0.1
    handle(fold, "level x").press("End")
    assert fold.state()["y"] == 1
    assert len(fold.get()["drawn"]["inputs on f1"]["x"]) == 2, "two tips"
    fold.assert_drawn_as_python_computes()


def test_a_unit_is_on_in_as_many_intervals_as_the_fold_makes(fold):
    fold.element.locator("[data-udl-choice=unit]").select_option("3")
    drawn = fold.get()["drawn"]
    assert np.isnan(drawn["unit on over y"]["x"]).sum() == 1
    ends = np.array(drawn["unit on over x"]["x"]).reshape(-1, 3)[:, :2]
    np.testing.assert_allclose(ends, [[-5 / 9, -1 / 9], [7 / 9, 1]], atol=1e-12)
    assert "Unit 3 of the second network is on in 2 intervals of x" in fold.get()["summary"]


def test_joints_keep_their_distance(fold):
    fold.drag(handle(fold, "vertex 2.1"), 400, 0)
    joints = fold.state()["joints2"]
    assert joints[1] - joints[0] >= 0.1 - 1e-9


@pytest.mark.parametrize("given", [{"depth": 6}, {"input": 2, "depth": 2, "budget": 700}])
def test_random_networks_are_counted_while_the_page_goes_on(spend, given):
    state = {**widgets.SpendABudget().to_dict(), **given, "seed": 21}
    spend.set(state)
    # nobody asks the figure to finish: frame by frame it comes to an end
    summary = spend.element.locator(".udl-summary")
    until(lambda: "16 random networks" in summary.inner_text(), "all networks are counted", tries=2000)
    w = widgets.SpendABudget(**state)
    counts = w.counts()
    middle = f"{np.median(counts):,.1f}".removesuffix(".0")
    assert f"16 random networks: {min(counts):,} to {max(counts):,}, median {middle}." in summary.inner_text()
    assert f"at most {regions.upper_bound(w.network().widths):,} regions" in summary.inner_text()


def test_drawing_again_is_another_seed_and_can_be_undone(spend):
    before = spend.get()["drawn"]["random networks"]["y"]
    spend.element.locator("[data-udl-button=draw]").click()
    assert spend.state()["seed"] == 1
    assert spend.get()["drawn"]["random networks"]["y"] != before
    spend.tool("undo")
    assert spend.get()["drawn"]["random networks"]["y"] == before


def test_the_guess_is_a_factor_and_is_scored(spend):
    spend.get()
    box = spend.element.locator("details.udl-question")
    box.evaluate("q => { q.open = true; }")
    slider = box.locator("[data-udl-slider=guess]")
    slider.press("ArrowLeft")
    assert slider.get_attribute("aria-valuetext") == "1/2"
    box.locator("[data-udl-button=guess]").click()
    w = widgets.SpendABudget()
    factor = np.median(w.counts(1)) / np.median(w.counts(6))
    assert f"You said 1/2; it is 1/{factor:.2g}." in box.locator(".udl-answer").inner_text()

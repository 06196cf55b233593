"""What holds for every picture of a chapter."""

from collections.abc import Callable

from matplotlib.colors import to_hex

from udl_core.figures.style import PALETTE, Picture


def assert_shows_itself(make: Callable[[], Picture]) -> None:
    """It has alt text, fits the width of the text, and is the same every time."""
    fig = make()
    assert 40 < len(fig.alt) < 400
    assert fig.alt.endswith(".")
    assert fig.get_figwidth() <= 6.8
    assert fig.html() == make().html()


def assert_lines_wear_the_palette(fig: Picture) -> None:
    """Only then can a dark page recolour them."""
    palette = {colour.lower() for colour in PALETTE["light"].values()}
    assert {to_hex(line.get_color()) for ax in fig.axes for line in ax.lines} <= palette

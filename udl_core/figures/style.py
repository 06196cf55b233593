"""The one look of every picture: palette, type and axes, and a Figure that carries its own alt text."""

from __future__ import annotations

import hashlib
import html
import io
import itertools
import json
import re
from importlib.resources import files
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

PALETTE: dict[str, dict[str, str]] = json.loads(files("udl_core").joinpath("palette.json").read_text())

UNIT_DASHES = ["-", (0, (6, 2.5)), (0, (1.2, 2)), (0, (6, 2, 1.2, 2))]
"""Line styles: [0] for the model, [1], [2], [3] for hidden units 1 to 3 (the second cue beside colour)."""
UNIT_MARKERS = ["o", "s", "D", "^"]
"""Handle shapes in the same order."""

_STYLE: Any = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 11,
    "mathtext.fontset": "dejavusans",
    "axes.titlesize": 11.5,
    "axes.titlelocation": "left",
    "axes.labelsize": 11.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "axes.edgecolor": PALETTE["light"]["ink-2"],
    "axes.labelcolor": PALETTE["light"]["ink"],
    "text.color": PALETTE["light"]["ink"],
    "xtick.color": PALETTE["light"]["ink-2"],
    "ytick.color": PALETTE["light"]["ink-2"],
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "lines.linewidth": 2.0,
    "lines.markersize": 6,
    "svg.fonttype": "path",
    "svg.hashsalt": "udl",
    "image.cmap": "cividis",
}
mpl.rcParams.update(_STYLE)  # also for what a reader draws beside these pictures

_XLINK = "http://www.w3.org/1999/xlink"


def colour(role: str, mode: str = "light") -> str:
    """Hex colour of a role: model, data, unit1, unit2, unit3, ink, ink-2, grid, reference or paper.

    >>> colour("model")
    '#1540D3'
    """
    try:
        return PALETTE[mode][role]
    except KeyError:
        raise ValueError(f"role must be one of {', '.join(PALETTE['light'])}, got {role!r}") from None


def unit_colour(d: int) -> str:
    """Colour of hidden unit d = 1, 2, …: the three unit roles in turn."""
    return colour(f"unit{(d - 1) % 3 + 1}")


class Picture(Figure):
    """A matplotlib Figure that knows its alt text and shows itself as SVG, following light and dark pages.

    Made by :func:`picture`, never through pyplot, so nothing is shown twice. Set ``alt`` to one or two sentences
    that say what the picture shows. Columns of axes wrap below each other on a narrow screen.
    """

    alt: str = ""

    def svg(self) -> str:
        """The picture as an ``<svg>`` element, the same text every time."""
        buffer = io.StringIO()
        self.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
        text = buffer.getvalue()
        text = re.sub(r"<metadata>.*?</metadata>", "", text[text.index("<svg") :], flags=re.S)
        # a style element would leak into the page around it; the root can say the same
        text = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", text, flags=re.S)
        text = text.replace("<svg ", '<svg stroke-linejoin="round" ', 1)
        text = re.sub(r"\s*\n\s*", "\n", text).strip()
        # a hundredth of a point cannot be seen, and the digits beyond it are a fifth of a page
        text = re.sub(r' d="[^"]*"', lambda path: re.sub(r"(\.\d\d)\d+", r"\1", path[0]), text)
        return _with_own_ids(text)

    def html(self) -> str:
        """Inline SVG whose palette colours are CSS custom properties, so that a dark page recolours it."""
        if not self.alt:
            raise ValueError("a Picture needs alt text before it is shown: set picture.alt")
        svg = _with_variables(self.svg())
        head, body = svg.split(">", 1)
        name = re.search(r'id="([^"]+)"', body)[1]  # type: ignore[index]
        height = float(re.search(r'viewBox="0 0 [\d.]+ ([\d.]+)"', head)[1])  # type: ignore[index]
        panels: list[str] = []
        for lo, hi in self._columns():
            box = f'viewBox="{lo:g} 0 {hi - lo:g} {height:g}" style="--width:{(hi - lo) * 4 / 3:.0f}"'
            inside = body if not panels else f'<use href="#{name}"/></svg>'
            panels.append(f'<svg stroke-linejoin="round" aria-hidden="true" xmlns:xlink="{_XLINK}" {box}>{inside}')
        scrolls = ' tabindex="0"' if len(panels) == 1 and self.get_figwidth() > 4.8 else ""
        alt = html.escape(self.alt, quote=True)
        return f'<div class="udl-picture" role="img" aria-label="{alt}"{scrolls}>{"".join(panels)}</div>'

    def _columns(self) -> list[tuple[float, float]]:
        """Where the columns of axes may be cut apart, in points; one piece if anything spans them."""
        width = 72 * self.get_figwidth()
        grids = [spec.get_gridspec() for ax in self.axes if (spec := ax.get_subplotspec()) is not None]
        if not grids or grids[0].ncols == 1 or self.get_suptitle() or self.legends:
            return [(0, width)]
        lows: dict[int, float] = {}
        highs: dict[int, float] = {}
        for ax in self.axes:
            spec = ax.get_subplotspec()
            box = ax.get_tightbbox()
            if spec is None or box is None or spec.get_gridspec() is not grids[0] or len(spec.colspan) > 1:
                return [(0, width)]
            c = spec.colspan.start
            lows[c] = min(lows.get(c, width), box.x0 * 72 / self.dpi)
            highs[c] = max(highs.get(c, 0), box.x1 * 72 / self.dpi)
        order = sorted(lows)
        cuts = [(highs[a] + lows[b]) / 2 for a, b in itertools.pairwise(order)]
        return list(zip([0, *cuts], [*cuts, width], strict=True))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.html(), "image/svg+xml": self.svg(), "text/plain": self.alt}


def picture(
    nrows: int = 1, ncols: int = 1, *, width: float | None = None, height: float | None = None, **subplots: Any
) -> tuple[Picture, Any]:
    """An empty picture in the house style and its axes, as ``plt.subplots`` would give them.

    ``width`` and ``height`` are in hundreds of pixels. The text is 6.8 wide; a single panel is 4.6 unless told
    otherwise, and a column should be 3 or more, so that the text stays readable on a phone. ``subplots`` goes to
    ``Figure.subplots`` (sharex, width_ratios, subplot_kw, …).
    """
    width = width or (4.6 if ncols == 1 else 6.8)
    fig = Picture(figsize=(width, height or 0.66 * width / ncols * nrows), dpi=100, layout="constrained")
    fig.patch.set_facecolor(colour("paper"))
    axes = fig.subplots(nrows, ncols, **subplots)
    for ax in fig.axes:
        ax.set_facecolor("none")
        if ax.name != "3d":
            ax.locator_params(nbins=4)
    return fig, axes


def label_line(ax: Axes, x: float, y: float, text: str, role: str, **kwargs: Any) -> None:
    """A label at the line itself, in the line's colour, with a halo of paper so that it stays readable."""
    from matplotlib.patheffects import withStroke

    halo = [withStroke(linewidth=3, foreground=colour("paper"))]
    ax.text(x, y, text, color=colour(role), path_effects=halo, **kwargs)


def _with_own_ids(svg: str) -> str:
    """Prefix the ids that are referred to by a hash of the picture and drop the others, so pages can hold many."""
    own = f"p{hashlib.sha256(svg.encode()).hexdigest()[:8]}-"
    used = set(re.findall(r'(?:href="|url\()#([^")]+)', svg)) | {"figure_1"}
    svg = re.sub(r' id="([^"]+)"', lambda m: f' id="{own}{m[1]}"' if m[1] in used else "", svg)
    return re.sub(r'(href="|url\()#', rf"\g<1>#{own}", svg)


def _with_variables(svg: str) -> str:
    """Replace each palette colour by ``var(--udl-role, #hex)``."""
    role_of = {value.lower(): role for role, value in PALETTE["light"].items()}

    def swap(match: re.Match[str]) -> str:
        hex_colour = match.group(0).lower()
        role = role_of.get(hex_colour)
        return f"var(--udl-{role}, {hex_colour})" if role else match.group(0)

    return re.sub(r"#[0-9a-fA-F]{6}\b", swap, svg)

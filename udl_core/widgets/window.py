"""Inside and outside of the window that a network was made for (Prince, section 3.2)."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from udl_core._validate import Array
from udl_core.approximation import equal, interpolant
from udl_core.models import Shallow
from udl_core.widgets import layout as ui
from udl_core.widgets._numbers import first_largest
from udl_core.widgets._words import count, show, small
from udl_core.widgets.fields import Interval, Real, Whole
from udl_core.widgets.live import LiveFigure

POWERS = (10, 1, 0.1, 0.01, 0.001)


class Errors(NamedTuple):
    """The largest distance from the sine at the nodes."""

    inside: float  # of the window
    outside: float  # 0 if no node is outside


class Window(LiveFigure):
    """sin πx on [−2, 2] and the network that meets it at D + 1 equally spaced places of a window."""

    title = "Inside the window, and outside"
    about = "The sine of πx from −2 to 2, a network made for a window of it, and how far apart they are."

    window = Interval(-2, 2, least=0.25, default=(-1, 1), doc="the ends of the window")
    D = Whole(1, 40, default=12, doc="units, and straight pieces inside")
    lead = Real(0, 2, default=0.0, doc="how far left of the window the first joint stands")

    layout = (
        ui.Panel("The sine and the network", x=(-2, 2), y=(-3, 3), xlabel="x", ylabel="y", height=260, marks=(
            ui.Area("window 1", "ink", "steady", link="window", grip="window"),
            ui.Curve("target", "reference"),
            ui.Curve("network", link="network", look="steady"),
            ui.Dots("joints", look="joints", size=3.5),
            ui.Handle("left", "ink", label="Left end of the window", axes="x", link="window"),
            ui.Handle("right", "ink", label="Right end of the window", axes="x", link="window"),
            ui.Handle("window", "ink", "open", label="The whole window", axes="x", shape="diamond", link="window"),
            ui.Handle("first joint", "unit1", label="Joint of unit 1", axes="x", bounds=(-4, 2), link="lead",
                      paper=True),
            ui.Invitation("invitation", "ink", text="drag the window ↔", printed="window"),
        )),
        ui.Panel("How far apart they are", label="Their distance, on a logarithmic scale", x=(-2, 2), y=(1e-4, 50),
              ylog=True, yticks=POWERS, xlabel="x", height=190, marks=(
            ui.Area("window 2", "ink", "steady", link="window"),
            ui.Curve("error", "data"),
            ui.Dots("largest", "data"),
            ui.Label("inside label", "data"),
            ui.Label("outside label", "data"),
        )),
        ui.Panel("The largest error, for every D", x=(1, 40), y=(1e-4, 50), xlog=True, ylog=True, paper=False,
              xticks=(1, 2, 5, 10, 20, 40), yticks=POWERS, xlabel="units D", height=260, marks=(
            ui.Curve("inside", look="steady", link="network"),
            ui.Curve("outside", "data", "steady dashed", link="network"),
            ui.Label("inside name", side="below"),
            ui.Label("outside name", "data"),
            ui.Handle("D", label="Units D", axes="x", step=1, link="network"),
        )),
        ui.Controls(items=(
            ui.Slider("D", "Units D", link="network"),
            ui.Slider("lead", "First joint left by", step=0.05, role="unit1", link="lead"),
            ui.Note("tails"),
        )),
    )  # fmt: skip

    question = ui.Question("Outside of the window, how many bends does the network’s curve make?", 0, 20)
    table = ui.Table("The largest error inside and outside of the window", ("D", "inside", "outside"))
    code = """
import numpy as np
from udl_core import Shallow
from udl_core.approximation import equal, interpolant

lo, hi = $window
places = equal($D, lo, hi)
net, phi = Shallow(D_i=1, D=$D, D_o=1), interpolant(places, np.sin(np.pi * places), lead=$lead)
x = -2 + np.arange(801) / 200
off = np.abs(net(x[:, None], phi)[:, 0] - np.sin(np.pi * x))
inside = (lo <= x) & (x <= hi)
print("inside", off[inside].max(), "outside", off[~inside].max(initial=0))
"""

    NODES = -2 + np.arange(801) / 200
    """Where network and sine are compared."""

    def parameters(self, D: int | None = None) -> Array:
        """The flat vector φ (3 D + 1,) of ``Shallow(1, D, 1)``."""
        places = equal(D or self.D, *self.window)
        return interpolant(places, np.sin(np.pi * places), lead=self.lead)

    def output(self, x: Any, D: int | None = None) -> Array:
        """The network at x (I,)."""
        return Shallow(1, D or self.D, 1)(np.reshape(x, (-1, 1)), self.parameters(D))[:, 0]

    def error(self, D: int | None = None) -> Errors:
        """How far the network is from the sine, inside of the window and outside; perhaps with other units."""
        off = np.abs(self.output(self.NODES, D) - np.sin(np.pi * self.NODES))
        return Errors(float(off[self._inside].max()), float(off[~self._inside].max(initial=0)))

    @property
    def _inside(self) -> Any:
        lo, hi = self.window
        return (lo <= self.NODES) & (hi >= self.NODES)

    def scene(self) -> dict[str, tuple[Any, ...]]:
        (lo, hi), x, first = self.window, self.NODES, self.window[0] - self.lead
        places = equal(self.D, lo, hi)
        shown = np.unique(np.clip([-2, first, *places, 2], -2, 2))
        off = np.abs(self.output(x) - np.sin(np.pi * x))
        sizes = np.arange(1, 41)
        inside, outside = np.array([self.error(int(D)) for D in sizes]).T
        outside[outside == 0] = np.nan  # nothing is there to be far from
        peaks = [x[part][first_largest(off[part])] for part in (self._inside, ~self._inside) if part.any()]
        heights = [off[x == peak][0] for peak in peaks]
        return {
            "window 1": ([lo, hi, hi, lo], [-3, -3, 3, 3]),
            "target": (x, np.sin(np.pi * x)),
            "network": (shown, self.output(shown)),
            "joints": (places[1:-1], self.output(places[1:-1])),
            "left": (lo, -3), "right": (hi, -3), "window": ((lo + hi) / 2, 3),
            "first joint": (first, self.output(first)), "invitation": ((lo + hi) / 2, 2.2),
            "window 2": ([lo, hi, hi, lo], [1e-4, 1e-4, 50, 50]),
            "error": (x, off),
            "largest": (peaks, heights),
            "inside label": ((lo + hi) / 2, heights[0], f"inside {small(heights[0])}"),
            "outside label": (*(peaks[1], heights[1], f"outside {show(heights[1])}"),) if peaks[1:] else ([], [], ""),
            "inside": (sizes, inside), "outside": (sizes, outside),
            "inside name": (5, inside[4], "inside"), "outside name": (3, outside[2], "outside"),
            "D": (self.D, inside[self.D - 1]),
        }  # fmt: skip

    def words(self) -> dict[str, Any]:
        (lo, hi), now, first = self.window, self.error(), self.window[0] - self.lead
        places = equal(self.D, lo, hi)
        slopes = np.diff(np.sin(np.pi * places)) / np.diff(places)
        level = "Left of the window all units are off: the curve is level. "
        bent = (
            f"Left of the window the first slope, {show(slopes[0])}, goes on to unit 1’s joint at x = {show(first)}; "
        )
        left = "" if lo == -2 else bent + "beyond it the curve is level. " if self.lead else level
        right = f"Right of it all units are on: the last slope, {show(slopes[-1])}, goes on for ever." if hi < 2 else ""
        units = count(self.D, "unit")
        beyond = f"up to {show(now.outside)}" if now.outside else "nothing to see"
        return {
            "summary": f"{units}: error inside {small(now.inside)}, outside {beyond}.",
            "tails": left + right,
            "window": f"from {show(lo)} to {show(hi)}",
            "D": f"{units}, largest error inside {small(now.inside)}",
        }

    def rows(self) -> list[list[str | float]]:
        rows: list[list[str | float]] = []
        for D in sorted({1, 2, 4, 8, 16, 32, 40, self.D}):
            inside, outside = self.error(D)
            name = f"{D} (shown)" if D == self.D else str(D)
            rows.append([name, small(inside), show(outside, 4) if outside else "–"])
        return rows

    def truth(self) -> float:
        return int(-2 < self.window[0] - self.lead < self.window[0])

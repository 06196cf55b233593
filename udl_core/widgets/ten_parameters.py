"""The four stages of a shallow network with three units (Prince, section 3.1)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from udl_core import regions
from udl_core._validate import Array
from udl_core.models import Shallow
from udl_core.widgets import layout as ui
from udl_core.widgets._numbers import slope_rule
from udl_core.widgets._words import count, show, sum_of
from udl_core.widgets.fields import Real, Vector
from udl_core.widgets.live import LiveFigure

TEN_PARAMETERS = (1.0, -1.0, -0.7, 1.4, -1.8, 1.2, -0.2, 0.9, 1.1, -2.4)
"""θ₁₀ θ₁₁ θ₂₀ θ₂₁ θ₃₀ θ₃₁ φ₀ φ₁ φ₂ φ₃ of the chapter's first network: joints at 1, 0.5 and 1.5, unit 1 faces left."""
UNITS = (1, 2, 3)
NET = Shallow(D_i=1, D=3, D_o=1)


def stage(k: int, title: str, *marks: ui.Mark, ylabel: str = "") -> ui.Panel:
    """One of the four panels: the guides through the joints, and the input."""
    common = (ui.Curve(f"guide {k}.#", "unit#", "guide", link="unit#"), ui.Curve(f"probe {k}", "ink", "probe"))
    return ui.Panel(
        f"{k}  {title}", x=(0, 2), y=(-2, 2), xlabel="x", ylabel=ylabel, height=190, marks=(*common, *marks)
    )


class TenParameters(LiveFigure):
    """Shallow(1, 3, 1) in four stages: lines, clipped, weighted, summed."""

    title = "Ten parameters, one function"
    about = "A network with three hidden units in four stages: lines, clipped at zero, weighted, and their sum."

    phi = Vector(10, default=TEN_PARAMETERS, doc="the flat vector φ of Shallow(1, 3, 1)")
    x = Real(0, 2, default=0.75, doc="the input whose numbers the equation shows")

    layout = (
        stage(1, "Three lines",
            ui.Curve("line #", "unit#", link="unit#"),
            ui.Label("name below #", "ink", "line-name", side="below", text="#", link="unit#"),
            ui.Label("name above #", "ink", "line-name", text="#", link="unit#"),
            ui.Invitation("shift", "ink", text="drag a shape ↔", paper=False),
            ui.Handle("joint #", "unit#", label="Joint of unit #", axes="x", step=0.02, link="unit#"),
        ),
        stage(2, "Clipped at zero: h = a[line]",
            ui.Curve("clipped #", "unit#", link="unit#"),
        ),
        stage(3, "Weighted: φ · h",
            ui.Curve("weighted #", "unit#", link="unit#"),
            ui.Invitation("scale", "ink", text="drag a shape ↕", paper=False),
            ui.Handle("weight #", "unit#", label="Weight of unit #", axes="y", link="unit#"),
        ),
        stage(4, "Summed, plus φ₀: output",
            ui.Area("band #", "ink", "band", paper=False),
            ui.Curve("wanted", "data", "ghost", ghost=True),
            ui.Curve("output"),
            *(ui.Dots(f"on {d}", f"unit{d}", "on", size=4, link=f"unit{d}") for d in UNITS),
            *(ui.Dots(f"off {d}", f"unit{d}", "off", size=4, link=f"unit{d}") for d in UNITS),
            ui.Invitation("bend", "ink", text="drag a bend", paper=False),
            ui.Handle("vertex #", label="Vertex of the output at unit #'s joint", step=0.02, link="unit#"),
            ui.Handle("input", "ink", label="Input x", axes="x", step=0.02),
            ylabel="y",
        ),
        ui.Controls(wide=True, items=(
            ui.Equation("equation", (
                ui.Term("{y} ="),
                ui.Term("{φ_0}", link="phi0"),
                *(ui.Term(f"+ {{φ_{d}}} a[{{θ_{d}0}} + {{θ_{d}1}} {{x}}]", f"unit{d}", link=f"unit{d}") for d in UNITS),
            )),
            ui.Note("rule"),
            ui.Sliders("phi", "All ten parameters", -3, 3, unfolded=True,
                       labels=[*(f"θ_{d}{i}" for d in UNITS for i in (0, 1)), *(f"φ_{d}" for d in range(4))],
                       links=[*(f"unit{d}" for d in UNITS for _ in (0, 1)), "phi0", *(f"unit{d}" for d in UNITS)],
                       roles=[*(f"unit{d}" for d in UNITS for _ in (0, 1)), "", *(f"unit{d}" for d in UNITS)]),
        )),
    )  # fmt: skip

    question = ui.Question("How many linear pieces will the output show between 0 and 2?", 1, 8)
    table = ui.Table(
        "Linear regions between x = 0 and x = 2",
        ("region", "from x", "to x", "slope", "y at its left end", "active units"),
    )
    code = """
import numpy as np
from udl_core import Shallow, regions

net = Shallow(D_i=1, D=3, D_o=1)
phi = np.array($phi)
print(net(np.array([[$x]]), phi))
print(regions.joints(net, phi, 0, 2))
"""

    def joints(self) -> regions.Joints:
        """The exact form between 0 and 2."""
        return regions.joints(NET, self.phi, 0, 2)

    def vertices(self) -> Array:
        """Each unit's joint and the output there, (3, 2); NaN where the joint is not between 0 and 2."""
        form, found = self.joints(), np.full((3, 2), np.nan)
        for joint, units, y in zip(form.joints, form.units, form.values[1:-1, 0], strict=True):
            found[units] = [joint, y]
        return found

    def scene(self) -> dict[str, Any]:
        form, parts, x = self.joints(), NET.unpack(self.phi), self.x
        theta, weights = parts["theta"], parts["phi"][0, 1:]
        joint, y = self.vertices().T
        seen, left = np.isfinite(joint), theta[:, 1] < 0
        knots = np.array([0.0, *form.joints, 2.0])
        clipped, scaled = [], []
        for (offset, slope), weight, at in zip(theta, weights, joint, strict=True):
            ends = np.array([0.0, 2.0] if np.isnan(at) else [0.0, at, 2.0])
            h = np.where(ends == at, 0.0, np.maximum(0.0, offset + slope * ends))
            clipped.append((ends, h))
            scaled.append((ends, weight * h))
        far = np.where(left, 0.0, 2.0)  # where the unit is larger: there its weight has the best lever
        h = np.maximum(0, theta[:, 0] + theta[:, 1] * far)

        def each(there: Any, *where: Any) -> list[tuple[Any, Any]]:
            return [tuple(place) if seen else ([], []) for *place, seen in zip(*where, there, strict=True)]

        edges = list(pairwise(knots))
        middle = np.array([(a + b) / 2 for a, b in edges])
        wide = np.array([b - a > 0.25 for a, b in edges])
        scene = {
            "line #": [([0, 2], [offset, offset + 2 * slope]) for offset, slope in theta],
            "name below #": each(seen & ~left, joint, [0] * 3), "name above #": each(seen & left, joint, [0] * 3),
            "joint #": each(seen, joint, [0] * 3), "shift": (2, -1.8), "clipped #": clipped, "weighted #": scaled,
            "weight #": each(h > 1e-9, far, weights * h), "scale": (0, -1.8), "bend": (2, -1.8),
            "output": (knots, form.values[:, 0]), "vertex #": each(seen, joint, y),
            "input": (x, -2, _links(form.patterns[np.searchsorted(knots[1:-1], x)])),
            "band #": [
                ([a, b, b, a], [-2, -2, 2, 2], _links(on)) for (a, b), on in zip(edges, form.patterns, strict=True)
            ],
        }  # fmt: skip
        for d in UNITS:
            for state, chosen in (("on", form.patterns[:, d - 1]), ("off", ~form.patterns[:, d - 1])):
                at = middle[wide & chosen] + 0.08 * (d - 2)
                scene[f"{state} {d}"] = (at, np.full(len(at), 1.75))
        for k in range(1, 5):
            scene[f"guide {k}.#"] = each(seen, [[j, j] for j in joint], [[-2, 2]] * 3)
            scene[f"probe {k}"] = ([x, x], [-2, 2])
        return scene

    def words(self) -> dict[str, Any]:
        form, parts = self.joints(), NET.unpack(self.phi)
        theta, (offset, *weights) = parts["theta"], parts["phi"][0]
        slopes = [show(slope) for slope in form.slopes[:, 0]]
        where = f" at x = {', '.join(show(joint) for joint in form.joints)}" if len(form.joints) else ""
        h = np.maximum(0, theta @ [1, self.x])
        y = offset + sum(w * a for w, a in zip(weights, h, strict=True))
        rule = slope_rule(form, theta)
        names, values = sum_of(rule, lambda k: f"slope {k + 1}"), sum_of(rule, lambda k: f"({slopes[k]})")
        return {
            "summary": f"{count(len(form.joints), 'joint')}{where}; "
            f"{count(len(slopes), 'linear region')} with slopes {', '.join(slopes)}.",
            "equation": [
                f"{show(y)} at x = {show(self.x)}",
                show(offset),
                *(f"{show(w)} · {show(a)}" if a > 0 else "off: 0" for w, a in zip(weights, h, strict=True)),
            ],
            "rule": f"Not free: {names} = {values} = 0, whatever you drag." if rule else "",
            "weight #": [f"φ{'₁₂₃'[d]} = {show(w)}" for d, w in enumerate(weights)],
        }

    def rows(self) -> list[list[str | float]]:
        form = self.joints()
        knots, y = [0.0, *form.joints.tolist(), 2.0], form.values[:, 0].tolist()
        names = [", ".join(str(d + 1) for d in np.flatnonzero(on)) or "none" for on in form.patterns]
        slopes = form.slopes[:, 0].tolist()
        return [[str(k + 1), knots[k], knots[k + 1], slopes[k], y[k], name] for k, name in enumerate(names)]

    def truth(self) -> float:
        return len(self.joints().slopes)


def _links(on: Any) -> str:
    """The links of the units that are on."""
    return " ".join(f"unit{d + 1}" for d in np.flatnonzero(on)) or "no-unit"

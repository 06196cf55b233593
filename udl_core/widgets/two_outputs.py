"""Two outputs of one hidden layer share its joints (Prince, section 3.3 and figure 3.6)."""

from __future__ import annotations

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

FOUR_JOINTS = (
    -0.48, 1.2, -1.12, 1.4, 1.32, -1.1, -2.08, 1.3,
    3.28, -4.48, 2.99, -3.07, -0.48,
    -0.81, 3.28, -3.68, 0.17, 1.63,
)  # fmt: skip
UNITS = range(1, 5)
NET = Shallow(D_i=1, D=4, D_o=2)


def equation(o: int) -> ui.Equation:
    """Output o as a sum over the units."""
    terms = [ui.Term(f"{{y_{o}}} =", link=f"output{o}"), ui.Term(f"{{φ_{o}0}}", link=f"phi{o}")]
    terms += [ui.Term(f"+ {{φ_{o}{d}}} {{h_{d}}}", f"unit{(d - 1) % 3 + 1}", link=f"unit{d}") for d in UNITS]
    return ui.Equation(f"equation {o}", terms, small=True)


class TwoOutputs(LiveFigure):
    """Shallow(1, 4, 2): two outputs with the same joints, over x and as a path in the plane of (y₁, y₂)."""

    title = "Two outputs share their joints"
    about = "Two outputs over x that bend at the same places, and the path of the point (y₁, y₂)."

    phi = Vector(18, default=FOUR_JOINTS, doc="the flat vector φ of Shallow(1, 4, 2)")
    x = Real(0, 2, default=1.35, doc="the input marked in all views")

    layout = (
        ui.Column(items=(
            ui.Panel("Shared: four units a[z]", label="Hidden units", x=(0, 2), y=(-0.5, 2), xlabel="x", ylabel="h",
                     height=180, right=26, paper=False, marks=(
                ui.Curve("guide 1.#", "unit#", "guide", link="unit#"),
                ui.Curve("probe 1", "ink", "probe"),
                ui.Curve("unit #", "unit#", link="unit#"),
                ui.Label("name #", "ink", "line-name", side="below", text="#", link="unit#"),
                ui.Handle("joint #", "unit#", label="Joint of unit #, shared by both outputs", axes="x", step=0.02,
                          link="unit#"),
            )),
            ui.Panel("Own: y₁ (solid) and y₂ (dashed)", label="The two outputs", x=(0, 2), y=(-1.5, 1.5), xlabel="x",
                     height=230, right=26, marks=(
                ui.Curve("guide 2.#", "unit#", "guide", link="unit#"),
                ui.Curve("probe 2", "ink", "probe", paper=False),
                ui.Curve("wanted #", "data", "ghost", ghost=True),
                ui.Curve("output 1", link="output1"),
                ui.Curve("output 2", look="second", link="output2"),
                ui.Dots("outputs at x", "ink", size=4.5),
                ui.Label("name of output 1", "ink", "line-name", side="right", text="y₁", link="output1"),
                ui.Label("name of output 2", "ink", "line-name", side="right", text="y₂", link="output2"),
                ui.Handle("vertex 1.#", label="Vertex of output 1 at unit #'s joint", axes="y", link="unit# output1"),
                ui.Handle("vertex 2.#", look="open", label="Vertex of output 2 at unit #'s joint", axes="y",
                          link="unit# output2"),
                ui.Handle("input", "ink", label="Input x", axes="x", step=0.02),
            )),
        )),
        ui.Column(items=(
            ui.Panel("Together: the path from x = 0 to 2", label="The path of (y₁, y₂) while x runs from 0 to 2",
                     x=(-1.5, 1.5), y=(-1.5, 1.5), xlabel="y₁", ylabel="y₂", height=320, marks=(
                ui.Curve("path"),
                ui.Label("end 1", "ink", "line-name end-name", side="beyond", text="x = 0"),
                ui.Label("end 2", "ink", "line-name end-name", side="beyond", text="x = 2"),
                ui.Dots("point at x", "ink", size=6),
                ui.Label("name of corner #", "ink", "line-name", text="#", link="unit#"),
                ui.Handle("corner #", "unit#", label="Corner of the path at unit #'s joint", link="unit#", paper=True),
            )),
            ui.Controls(items=(ui.Note("try"),)),
        )),
        ui.Controls(wide=True, items=(
            equation(1),
            equation(2),
            ui.Note("rule"),
            ui.Sliders("phi", "All eighteen parameters", -6, 6,
                       [f"θ_{d}{i}" for d in UNITS for i in (0, 1)] + [f"φ_{o}{d}" for o in (1, 2) for d in range(5)],
                       links=[f"unit{d}" for d in UNITS for _ in (0, 1)]
                       + [f"unit{d}" if d else f"phi{o}" for o in (1, 2) for d in range(5)],
                       roles=[f"unit{(d - 1) % 3 + 1}" for d in UNITS for _ in (0, 1)]
                       + [f"unit{(d - 1) % 3 + 1}" if d else "" for _ in (1, 2) for d in range(5)]),
        )),
    )  # fmt: skip

    question = ui.Question("The network has 18 parameters. How many of them do both outputs share?", 0, 18)
    table = ui.Table(
        "Linear regions between x = 0 and x = 2: the same for both outputs",
        ("region", "from x", "to x", "slope of y₁", "slope of y₂", "active units"),
    )
    code = """
import numpy as np
from udl_core import Shallow, regions

net = Shallow(D_i=1, D=4, D_o=2)
phi = np.array($phi)
print(net(np.array([[$x]]), phi))
print(regions.joints(net, phi, 0, 2))
"""

    def joints(self) -> regions.Joints:
        """The exact form between 0 and 2."""
        return regions.joints(NET, self.phi, 0, 2)

    def corners(self) -> Array:
        """Each unit's joint and the two outputs there, (4, 3); NaN where the joint is not between 0 and 2."""
        form, found = self.joints(), np.full((4, 3), np.nan)
        for joint, units, values in zip(form.joints, form.units, form.values[1:-1], strict=True):
            found[units] = [joint, *values]
        return found

    def scene(self) -> dict[str, Any]:
        form, theta, x = self.joints(), NET.unpack(self.phi)["theta"], self.x
        (y1, y2), here = form.values.T, NET([[x]], self.phi)[0]
        knots = [0.0, *form.joints, 2.0]
        joint, u, v = self.corners().T
        seen = np.isfinite(joint)
        hinges = []
        for (offset, slope), at in zip(theta, joint, strict=True):
            ends = np.array([0.0, 2.0] if np.isnan(at) else [0.0, at, 2.0])
            hinges.append((ends, np.where(ends == at, 0.0, np.maximum(0.0, offset + slope * ends))))

        def each(*where: Any) -> list[tuple[Any, Any]]:
            return [tuple(place) if there else ([], []) for *place, there in zip(*where, seen, strict=True)]

        return {
            "guide 1.#": each([[j, j] for j in joint], [[-0.5, 2]] * 4),
            "guide 2.#": each([[j, j] for j in joint], [[-1.5, 1.5]] * 4),
            "probe 1": ([x, x], [-0.5, 2]), "probe 2": ([x, x], [-1.5, 1.5]),
            "unit #": hinges, "name #": each(joint, [0] * 4), "joint #": each(joint, [0] * 4),
            "output 1": (knots, y1), "output 2": (knots, y2), "outputs at x": ([x, x], here),
            "name of output 1": (2, y1[-1]), "name of output 2": (2, y2[-1]),
            "vertex 1.#": each(joint, u), "vertex 2.#": each(joint, v), "input": (x, -1.5),
            "path": (y1, y2), "point at x": (here[0], here[1]),
            "end 1": (y1[:2], y2[:2]), "end 2": (y1[:-3:-1], y2[:-3:-1]),
            "name of corner #": each(u, v), "corner #": each(u, v),
        }  # fmt: skip

    def words(self) -> dict[str, Any]:
        form, parts = self.joints(), NET.unpack(self.phi)
        _, u, v = self.corners().T
        y1, y2 = NET([[self.x]], self.phi)[0]
        where = f" at x = {', '.join(show(joint) for joint in form.joints)}" if len(form.joints) else ""
        h = np.maximum(0, parts["theta"] @ [1, self.x])
        rule = sum_of(slope_rule(form, parts["theta"]), lambda k: f"slope {k + 1}")
        free = f"Not free, for either output: {rule} = 0. All other slopes each output chooses for itself."

        def values(o: int, y: float) -> list[str]:
            offset, *weights = parts["phi"][o - 1]
            terms = [f"{show(w)} · {show(a)}" if a > 0 else "off: 0" for w, a in zip(weights, h, strict=True)]
            return [show(y), show(offset), *terms]

        return {
            "summary": f"{count(len(form.joints), 'shared joint')}{where}. "
            f"At x = {show(self.x)}: y₁ = {show(y1)}, y₂ = {show(y2)}.",
            "try": "Each corner of the path is a joint. Drag one: both outputs follow. "
            "Drag a vertex of one output: the other stays.",
            "equation 1": values(1, y1),
            "equation 2": values(2, y2),
            "rule": free if rule else "",
            "vertex 1.#": [f"y₁ = {show(y)}" for y in u],
            "vertex 2.#": [f"y₂ = {show(y)}" for y in v],
            "corner #": [f"y₁ = {show(a)}, y₂ = {show(b)}" for a, b in zip(u, v, strict=True)],
        }

    def rows(self) -> list[list[str | float]]:
        form = self.joints()
        knots = [0.0, *form.joints.tolist(), 2.0]
        names = [", ".join(str(d + 1) for d in np.flatnonzero(on)) or "none" for on in form.patterns]
        return [[str(k + 1), knots[k], knots[k + 1], *form.slopes[k].tolist(), name] for k, name in enumerate(names)]

    def truth(self) -> float:
        return 8

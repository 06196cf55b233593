"""Live figures of chapter 4: deep networks."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets

from udl_core.approximation import interpolant
from udl_core.figures.style import Picture
from udl_core.models import Deep, Shallow
from udl_core.regions import compose
from udl_core.regions.budget import architecture, count_regions
from udl_core.widgets._budget import construction, random_phi
from udl_core.widgets.live import BadValue, LiveFigure, Vector

GAP = 0.1
"""The joints keep this far from each other and from −1 and 1."""


class FoldTheLine(LiveFigure):
    """Two networks Shallow(1, 3, 1) and their composition y′ = f₂[f₁[x]], on [−1, 1].

    Each network draws three pieces there: all its units face right, the first has its joint at −1, and left of it, out
    of sight, the network is level. Traits: ``joints1`` (2,), the joints of units 2 and 3 of the first network, which
    ascend between −1 and 1, and stay 0.1 from each other and the ends; ``values1`` (4,) in [−1, 1], its values
    at −1, at the joints and at 1; ``joints2`` (2,) and ``values2`` (4,), the same of the second network; ``y`` in
    [−1, 1], the level between the networks whose inputs are shown; ``unit``, the unit of the second network that is
    followed, 1 to 3, or 0 for none. Prince, sections 4.1 and 4.2.
    """

    figure = "fold-the-line"
    joints1 = Vector(2, default_value=np.array([-1 / 3, 1 / 3]))
    values1 = Vector(4, default_value=np.array([-1.0, 1.0, -1.0, 1.0]))
    joints2 = Vector(2, default_value=np.array([-1 / 3, 1 / 3]))
    values2 = Vector(4, default_value=np.array([-1.0, 1.0, -1.0, 1.0]))
    y = traitlets.Float(-0.1, min=-1, max=1).tag(sync=True)
    unit = traitlets.Int(0, min=0, max=3).tag(sync=True)

    @traitlets.validate("joints1", "joints2")
    def _apart(self, proposal: Any) -> np.ndarray:
        value: np.ndarray = proposal["value"]
        if np.diff([-1.0, *value, 1.0]).min() < GAP - 1e-9:
            raise BadValue(
                f"{proposal['trait'].name} must ascend between -1 and 1 with at least {GAP} between neighbours and to "
                f"the ends, got {value.tolist()}"
            )
        return value

    @traitlets.validate("values1", "values2")
    def _in_the_interval(self, proposal: Any) -> np.ndarray:
        value: np.ndarray = proposal["value"]
        if np.abs(value).max() > 1:
            raise BadValue(f"{proposal['trait'].name} must lie from -1 to 1, got {value.tolist()}")
        return value

    def networks(self) -> tuple[Shallow, np.ndarray, np.ndarray]:
        """The architecture of both networks, and the parameters (10,) of the first and of the second."""
        curves = ((self.joints1, self.values1), (self.joints2, self.values2))
        phi1, phi2 = (interpolant([-1, *joints, 1], values) for joints, values in curves)
        return Shallow(D_i=1, D=3, D_o=1), phi1, phi2

    def composition(self) -> tuple[Deep, np.ndarray]:
        """Both networks as one of two hidden layers, Deep([1, 3, 3, 1]), and its parameters (22,)."""
        net, phi1, phi2 = self.networks()
        return compose(net, phi1, net, phi2)

    def picture(self) -> Picture:
        from udl_core.figures import live_chapter4

        return live_chapter4.fold_the_line(*self.networks(), self.y)


DRAWS = 16
"""Random networks of each architecture."""
DEPTHS = range(1, 7)


class SpendABudget(LiveFigure):
    """Regions that a number of parameters buys, in few wide layers or in many narrow ones.

    For K = 1 to 6 hidden layers of one width: an upper bound (Serra et al. 2018; for one layer it is Zaslavsky's), what
    a known construction reaches (Montúfar et al. 2014; Serra et al. 2018), and 16 random networks whose activation
    regions in [−1, 1]^D_i are counted exactly. Traits: ``budget``, the parameters to spend, 50 to 1000; ``depth``, the
    number of layers that is looked at, 1 to 6; ``input``, the number of inputs D_i, 1 or 2; ``seed`` of the draws, 0 to
    999. Prince, section 4.5 and figure 4.7.
    """

    figure = "spend-a-budget"
    budget = traitlets.Int(300, min=50, max=1000).tag(sync=True)
    depth = traitlets.Int(3, min=1, max=6).tag(sync=True)
    input = traitlets.Int(1, min=1, max=2).tag(sync=True)
    seed = traitlets.Int(0, min=0, max=999).tag(sync=True)

    def network(self, depth: int | None = None) -> Deep:
        """The network of the depth looked at, or another, whose number of parameters is closest to the budget."""
        return Deep(architecture(self.budget, self.depth if depth is None else depth, self.input))

    def phi(self, draw: int, depth: int | None = None) -> np.ndarray:
        """The parameters (P,) of one of the random networks, draw = 0, …, DRAWS − 1."""
        return random_phi(self.network(depth), self.seed, draw)

    def counts(self, depth: int | None = None) -> list[int]:
        """How many regions each of the random networks has with every input from −1 to 1."""
        net = self.network(depth)
        return [count_regions(net, self.phi(draw, depth), reach=1) for draw in range(DRAWS)]

    def picture(self) -> Picture:
        from udl_core.figures import live_chapter4

        nets = {depth: self.network(depth) for depth in DEPTHS}
        counts = {depth: self.counts(depth) for depth in DEPTHS}
        return live_chapter4.spend_a_budget(nets, self.depth, counts, construction)

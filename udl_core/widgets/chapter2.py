"""Live figures of chapter 2: shallow networks."""

from __future__ import annotations

import numpy as np
import traitlets

from udl_core.figures.style import Picture
from udl_core.widgets.live import LiveFigure, Vector

TEN_PARAMETERS = (1.0, -1.0, -0.7, 1.4, -1.8, 1.2, -0.2, 0.9, 1.1, -2.4)
"""θ₁₀ θ₁₁ θ₂₀ θ₂₁ θ₃₀ θ₃₁ φ₀ φ₁ φ₂ φ₃ of the chapter's first network: joints at 1, 0.5 and 1.5, unit 1 faces left."""


class TenParameters(LiveFigure):
    """Shallow(1, 3, 1) in four stages: lines, clipped, weighted, summed.

    Traits: ``phi`` (10,), the flat vector of ``Shallow(1, 3, 1)``; ``x`` in [0, 2], the input whose numbers the
    equation shows. Prince, section 3.1.
    """

    figure = "ten-parameters"
    phi = Vector(10, default_value=np.array(TEN_PARAMETERS))
    x = traitlets.Float(0.75, min=0, max=2).tag(sync=True)

    def picture(self) -> Picture:
        from udl_core.figures import live_chapter2

        return live_chapter2.ten_parameters(self.phi)

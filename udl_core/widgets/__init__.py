"""Live figures: anywidget classes whose front ends are in ``js/``."""

from udl_core.widgets.chapter2 import TenParameters
from udl_core.widgets.live import LiveFigure

__all__ = ["LiveFigure", "TenParameters"]

"""Live figures: anywidget classes whose front ends are in ``js/``."""

from udl_core.widgets.chapter2 import TenParameters
from udl_core.widgets.live import LiveFigure
from udl_core.widgets.polygons import Polygons

__all__ = ["LiveFigure", "Polygons", "TenParameters"]

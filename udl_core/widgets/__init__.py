"""Live figures: anywidget classes whose front ends are in ``js/``."""

from udl_core.widgets.chapter1 import Baskets, LineAndLoss, TwoRegressions
from udl_core.widgets.chapter2 import TenParameters
from udl_core.widgets.live import LiveFigure
from udl_core.widgets.polygons import Polygons

__all__ = ["Baskets", "LineAndLoss", "LiveFigure", "Polygons", "TenParameters", "TwoRegressions"]

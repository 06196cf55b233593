"""Live figures: anywidget classes whose front ends are in ``js/``."""

from udl_core.widgets.chapter1 import Baskets, LineAndLoss, TwoRegressions
from udl_core.widgets.chapter2 import ActivationGallery, SymmetryOrbit
from udl_core.widgets.chapter3 import DrawAnyCurve, MoveTheJoints
from udl_core.widgets.chapter3_networks import Ridges
from udl_core.widgets.chapter4 import FoldTheLine, SpendABudget
from udl_core.widgets.fold_the_plane import FoldThePlane
from udl_core.widgets.live import LiveFigure
from udl_core.widgets.polygons import Polygons
from udl_core.widgets.sigmoid_bumps import SigmoidBumps
from udl_core.widgets.ten_parameters import TenParameters
from udl_core.widgets.two_outputs import TwoOutputs
from udl_core.widgets.window import Window

__all__ = [
    "ActivationGallery",
    "Baskets",
    "DrawAnyCurve",
    "FoldTheLine",
    "FoldThePlane",
    "LineAndLoss",
    "LiveFigure",
    "MoveTheJoints",
    "Polygons",
    "Ridges",
    "SigmoidBumps",
    "SpendABudget",
    "SymmetryOrbit",
    "TenParameters",
    "TwoOutputs",
    "TwoRegressions",
    "Window",
]

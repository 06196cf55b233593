"""Matplotlib pictures: one function a figure, each returns a :class:`~udl_core.figures.style.Picture`.

Importing this package sets matplotlib's defaults to the book's look, also for what a reader draws beside it.
"""

from udl_core.figures.style import Picture, colour, picture

__all__ = ["Picture", "colour", "picture"]

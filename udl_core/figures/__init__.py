"""Matplotlib pictures: one function a figure, each returns a :class:`~udl_core.figures.style.Picture`."""

from udl_core.figures.style import Picture, colour, picture

__all__ = ["Picture", "colour", "picture"]

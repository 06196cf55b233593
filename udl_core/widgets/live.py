"""The base of every live figure: traits in Python, drawing in ``js/``, a picture where no script runs."""

from __future__ import annotations

import html
import json
import sys
from importlib.resources import files
from typing import Any

import anywidget
import numpy as np
import traitlets

from udl_core.figures.style import Picture

_STATIC = files("udl_core.widgets") / "static"


class BadValue(traitlets.TraitError, ValueError):
    """A trait was given something its figure can't show; the message says what was expected and what came."""


class Vector(traitlets.TraitType[np.ndarray, Any]):
    """A trait that holds a read-only float64 vector, of a given length where ``size`` says so.

    Anything NumPy can turn into a vector is accepted. Wrong shapes, NaN and inf are refused with what was expected.
    """

    def __init__(self, size: int | None = None, *, expected: str | None = None, **kwargs: Any) -> None:
        self.size = size
        self.expected = expected or (f"({size},)" if size else "(I,)")
        super().__init__(**kwargs)
        self.tag(sync=True, to_json=lambda value, _: value.tolist(), from_json=lambda value, _: value)

    def validate(self, obj: Any, value: Any) -> np.ndarray:
        try:
            array = np.array(value, dtype=np.float64)
        except (TypeError, ValueError):
            raise BadValue(f"{self.name} must be numbers of shape {self.expected}, got {value!r}") from None
        if array.ndim != 1 or (self.size and len(array) != self.size):
            raise BadValue(f"{self.name} must have shape {self.expected}, got {array.shape}")
        if not np.isfinite(array).all():
            raise BadValue(f"{self.name} must be finite, got {array[~np.isfinite(array)][0]}")
        array.flags.writeable = False
        return array

    def set(self, obj: Any, value: Any) -> None:
        """Assign; the same numbers again are no change and notify nobody."""
        new = self._validate(obj, value)
        old = obj._trait_values.get(self.name)
        if old is None or new is None or not np.array_equal(old, new):
            super().set(obj, new)


class LiveFigure(anywidget.AnyWidget):
    """A figure that lives on a static page, in JupyterLab and in JupyterLite.

    Its synced public traits are its whole state. Assigning to a trait moves the picture, dragging in the picture
    changes the trait, ``observe`` works. Subclasses set ``figure``, declare traits tagged ``sync=True`` and draw
    :meth:`picture`.
    """

    _esm = _STATIC / "udl.mjs"
    _css = _STATIC / "udl.css"
    figure: str = ""
    _figure = traitlets.Unicode().tag(sync=True)

    def __init__(self, **state: Any) -> None:
        unknown = sorted(set(state) - set(self.trait_names()))
        if unknown:
            known = ", ".join(self._state_names())
            raise TypeError(f"{type(self).__name__} has no argument {unknown[0]!r}; it takes {known}")
        super().__init__(_figure=self.figure, **state)

    def to_dict(self) -> dict[str, Any]:
        """The figure's state as plain data: what ``set_state`` of the page and a link to it hold."""
        plain: dict[str, Any] = {}
        for name in self._state_names():
            value = getattr(self, name)
            plain[name] = value.tolist() if isinstance(value, np.ndarray) else value
        return plain

    def picture(self) -> Picture:
        """The same state drawn by matplotlib, for paper and for pages without scripts."""
        raise NotImplementedError

    def html(self) -> str:
        """The figure as HTML: its picture, and its state for the page's script to bring to life."""
        state = json.dumps(self.to_dict()).replace("</", "<\\/")
        return (
            f'<div class="udl-figure" data-udl-widget="{html.escape(self.figure)}" data-udl-state="picture">'
            f'{self.picture().html()}<script type="application/json">{state}</script></div>'
        )

    def _state_names(self) -> list[str]:
        """Public synced traits declared by the figure itself, in order of declaration."""
        classes = [c for c in reversed(type(self).__mro__) if issubclass(c, LiveFigure) and c is not LiveFigure]
        traits = [(n, trait) for c in classes for n, trait in vars(c).items()]
        return [n for n, trait in traits if isinstance(trait, traitlets.TraitType) and not n.startswith("_")]

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None or sys.platform == "emscripten":  # in the browser's own Python scripts always run
            return bundle
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return {**data, "text/html": self.html()}, metadata

"""The base of every live figure: traits in Python, drawing in ``js/``, a picture where no script runs."""

from __future__ import annotations

import html
import json
import re
import sys
from collections.abc import Sequence
from importlib.resources import files
from string import Template
from typing import Any, ClassVar

import anywidget
import numpy as np
import traitlets

from udl_core.figures.style import Picture
from udl_core.widgets.fields import BadValue, Field, agree
from udl_core.widgets.layout import Item, Question, Table, inside

__all__ = ["BadValue", "LiveFigure", "Vector"]
_STATIC = files("udl_core.widgets") / "static"


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

    Its fields are its whole state. Assigning to one moves the picture, dragging in the picture changes it, ``observe``
    works. A subclass declares fields, ``title``, ``layout``, ``table`` and ``code``, and computes `scene`, `words`,
    `rows` and `truth`; its TypeScript computes the same, and what a gesture does to the state.
    """

    _esm = _STATIC / "udl.mjs"
    _css = _STATIC / "udl.css"
    figure: str = ""
    _figure = traitlets.Unicode().tag(sync=True)

    title: ClassVar[str] = ""
    about: ClassVar[str] = ""
    """What the picture shows in any state: one sentence, the first of its alt text."""
    version: ClassVar[int] = 1
    """Raised when old links can no longer be understood."""
    layout: ClassVar[Sequence[Item]] = ()
    question: ClassVar[Question | None] = None
    table: ClassVar[Table | None] = None
    code: ClassVar[str] = ""
    """Python that gives the same numbers; ``$name`` stands for a field's value."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.figure = cls.__dict__.get("figure") or re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()
        if cls.fields():
            lines = (f"    {name}: {field.doc}; {field.says}." for name, field in cls.fields().items())
            cls.__doc__ = "\n\n    ".join([(cls.__doc__ or "").rstrip(), "State:\n" + "\n".join(lines)])

    def __init__(self, **state: Any) -> None:
        unknown = sorted(set(state) - set(self.trait_names()))
        if unknown:
            known = ", ".join(self._state_names())
            raise TypeError(f"{type(self).__name__} has no argument {unknown[0]!r}; it takes {known}")
        super().__init__(_figure=self.figure, **state)

    @classmethod
    def fields(cls) -> dict[str, Field]:
        """The fields of the state, in order of declaration."""
        every = [item for c in reversed(cls.__mro__) for item in vars(c).items()]
        return {name: field for name, field in every if isinstance(field, Field)}

    def agree(self, name: str, value: Any) -> None:
        """Checks a new value of one field against the others; raises BadValue."""
        fields = self.fields()
        agree(fields, {key: value if key == name else getattr(self, key) for key in fields}, name)

    def to_dict(self) -> dict[str, Any]:
        """The figure's state as plain data: what ``set_state`` of the page and a link to it hold."""
        plain: dict[str, Any] = {}
        for name in self._state_names():
            value = getattr(self, name)
            plain[name] = value.tolist() if isinstance(value, np.ndarray) else value
        return plain

    def scene(self) -> dict[str, Any]:
        """Where every mark, label and handle of the layout is now: name -> (x, y).

        A label's place has its text as third entry; that of another mark may have its links, where they change.
        """
        raise NotImplementedError

    def words(self) -> dict[str, Any]:
        """What is said now: ``summary``, notes, numbers of equations, texts of handles."""
        raise NotImplementedError

    def rows(self) -> list[list[str | float]]:
        """The rows of the table."""
        raise NotImplementedError

    def truth(self) -> float:
        """The true answer of the question."""
        raise NotImplementedError

    def python(self) -> str:
        """What "copy as Python" copies."""
        return Template(self.code.strip()).substitute({key: repr(value) for key, value in self.to_dict().items()})

    def picture(self) -> Picture:
        """The same state drawn by matplotlib, for paper and for pages without scripts."""
        from udl_core.figures.scene import draw

        return draw(inside(self.layout), self.scene(), f"{self.about} {self.words()['summary']}")

    def html(self) -> str:
        """The figure as HTML: its picture, and its state for the page's script to bring to life."""
        state = json.dumps(self.to_dict()).replace("</", "<\\/")
        return (
            f'<div class="udl-figure" data-udl-widget="{html.escape(self.figure)}" data-udl-state="picture">'
            f'{self.picture().html()}<script type="application/json">{state}</script></div>'
        )

    def _state_names(self) -> list[str]:
        """Public synced traits declared by the figure itself, in order of declaration."""
        if fields := self.fields():
            return list(fields)
        classes = [c for c in reversed(type(self).__mro__) if issubclass(c, LiveFigure) and c is not LiveFigure]
        traits = [(n, trait) for c in classes for n, trait in vars(c).items()]
        return [n for n, trait in traits if isinstance(trait, traitlets.TraitType) and not n.startswith("_")]

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None or sys.platform == "emscripten":  # in the browser's own Python scripts always run
            return bundle
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return {**data, "text/html": self.html()}, metadata

"""Where an answer is run. The judge asks for data and gets data; it never touches what the reader's code made.

`Here` runs the code in this process, for whoever checks himself. A grader of untrusted code brings a `Runner` of its
own, that asks a locked process with `Here` in it over JSON (`Reply.to_data`, `Reply.from_data`), and a `Prober` that
runs the author's probes where no student's code ever was. The words are the same: they are found on this side.
"""

import inspect
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from udl_exercises.check import pictures, running
from udl_exercises.check.data import NotData, decode, decode_case, encode, plain

LOOKING = 10.0  # seconds for looking at an answer


@dataclass(frozen=True)
class Reply:
    """What came of one request.

    `value` is plain data, with a `Kind` where there was none to send; `drawn` says that it is a picture's data.
    `trouble` says in words why there is no value (`raises IndexError: …`), `late` that asking again makes no sense,
    `missing` that there is no such name. `changed` names the arguments that are no longer what they were.
    """

    value: Any = None
    trouble: str = ""
    printed: str = ""
    late: bool = False
    changed: tuple[str, ...] = ()
    missing: bool = False
    drawn: bool = False

    def to_data(self) -> dict[str, Any]:
        """The reply as JSON."""
        data: dict[str, Any] = {"value": encode(self.value)}
        data |= {name: getattr(self, name) for name in ("trouble", "printed") if getattr(self, name)}
        data |= {name: True for name in ("late", "missing", "drawn") if getattr(self, name)}
        return data | ({"changed": list(self.changed)} if self.changed else {})

    @classmethod
    def from_data(cls, data: Any) -> "Reply":
        """What `to_data` wrote. Whoever wrote it need not be trusted: raises ValueError for anything else."""
        if not isinstance(data, dict) or not set(data) <= set(cls.__dataclass_fields__):
            raise ValueError("this is no reply")
        changed = data.get("changed", [])
        texts = [data.get("trouble", ""), data.get("printed", ""), *(changed if isinstance(changed, list) else [None])]
        if not all(isinstance(text, str) and len(text) <= 2 * running.PRINTED for text in texts):
            raise ValueError(f"a reply holds texts of at most {2 * running.PRINTED:,} characters")
        flags = {name: data.get(name) is True for name in ("late", "missing", "drawn")}
        return cls(decode(data.get("value")), texts[0], texts[1], changed=tuple(texts[2:]), **flags)


class Runner(Protocol):
    """Has the names that the reader's code has defined. Nothing that this code does is raised."""

    def look(self, name: str) -> Reply:
        """What the name holds: data, or a `Kind`, such as `Kind("a function")`."""
        ...

    def call(self, name: str, inputs: list[Any], seconds: float, *, figure: bool = False) -> Reply:
        """What the function gives for `inputs`, the case's data; `figure` asks for the data of the picture it draws."""
        ...


class Prober(Protocol):
    """What the exercise's probe says of a value that a Runner gave; `inputs` are the case's data."""

    def __call__(self, exercise: dict[str, Any], value: Any, inputs: list[Any]) -> Reply: ...


class Here:
    """Runs the code that is at hand. `setup` is the chapter's code for imports, which the inputs of cases may use."""

    def __init__(self, names: dict[str, Any], setup: str = "") -> None:
        self.names, self.setup = names, setup

    @cached_property
    def _helpers(self) -> dict[str, Any]:
        helpers: dict[str, Any] = {}
        exec(self.setup, helpers)
        return helpers

    def look(self, name: str) -> Reply:
        if name not in self.names:
            return Reply(missing=True)
        looked = running.run(plain, (self.names[name],), LOOKING)
        return Reply(looked.value, looked.trouble)

    def call(self, name: str, inputs: list[Any], seconds: float, *, figure: bool = False) -> Reply:
        if name not in self.names:
            return Reply(missing=True)
        function, arguments = self.names[name], tuple(decode_case(data, self._helpers) for data in inputs)
        before = _open_figures()
        outcome = running.run(function, arguments, seconds)
        if outcome.trouble:
            reply = Reply(None, outcome.trouble, outcome.printed, outcome.late)
        else:
            looked = running.run(lambda: _taken(function, outcome.value, inputs, arguments, figure), (), LOOKING)
            trouble = looked.trouble and f"the result cannot be used: the check {looked.trouble}"
            value, drawn, changed = looked.value or (None, False, ())
            reply = Reply(value, trouble, outcome.printed, changed=changed, drawn=drawn)
        if figure:
            _close_figures(_open_figures() - before)
        return reply


class ProbingHere:
    """Runs probes at hand: they are the book's code, not the reader's."""

    def __init__(self, setup: str = "") -> None:
        self.setup = setup

    def __call__(self, exercise: dict[str, Any], value: Any, inputs: list[Any]) -> Reply:
        names: dict[str, Any] = {}
        exec(self.setup, names)
        exec(exercise["probe"], names)
        arguments = (value, *(decode_case(data, names) for data in inputs))
        looked = running.run(lambda: plain(names["probe"](*arguments)), (), LOOKING)
        return Reply(looked.value, looked.trouble)


def _taken(
    function: Callable[..., Any], value: Any, inputs: list[Any], arguments: tuple[Any, ...], figure: bool
) -> tuple[Any, bool, tuple[str, ...]]:
    """The result as data, whether it is a picture's, and the names of the arguments that were changed."""
    changed = tuple(
        _parameter(function, place) for place, data in enumerate(inputs) if _changed(data, arguments[place])
    )
    if figure and pictures.is_figure(value):
        data = plain(pictures.as_data(value))
        if pyplot := sys.modules.get("matplotlib.pyplot"):
            pyplot.close(value if hasattr(value, "savefig") else value.figure)
        return data, True, changed
    return plain(value), False, changed


def _open_figures() -> set[int]:
    pyplot = sys.modules.get("matplotlib.pyplot")
    return set(pyplot.get_fignums()) if pyplot else set()


def _close_figures(numbers: set[int]) -> None:
    """Figures that were opened on the way: they would pile up, and a notebook would show them."""
    for number in numbers:
        sys.modules["matplotlib.pyplot"].close(number)


def _changed(data: Any, value: Any) -> bool:
    """Whether an argument is no longer what it was; what was no data cannot be told."""
    if isinstance(data, dict) and data.get("!") == "code":
        return False
    try:
        return json.dumps(encode(value)) != json.dumps(data)
    except NotData:
        return True


def _parameter(function: Callable[..., Any], place: int) -> str:
    try:
        return list(inspect.signature(function).parameters)[place]
    except (TypeError, ValueError, IndexError):
        return f"number {place + 1}"

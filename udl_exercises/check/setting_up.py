"""See that an answer's code finds what the chapter sets up, whatever else a student's notebook has done to it."""

import builtins
import contextlib
from collections.abc import Iterator
from typing import Any

MISSING = object()


@contextlib.contextmanager
def as_set_up(names: dict[str, Any], setup: str, answer: str) -> Iterator[None]:
    """Run the block with the names of `setup` as it defines them, and with no built-in function behind a plain value.

    A name that is missing stays defined, as if the set-up's cell had run. A name that stands for something else, such
    as `np = 3`, or `list = [1, 2]`, has its usual meaning in the block and is as it was afterwards. A function of the
    student's own is left alone, and so is `answer`.
    """
    wanted: dict[str, Any] = {}
    exec(setup, wanted)
    wanted.pop("__builtins__", None)
    for name, value in wanted.items():
        names.setdefault(name, value)
    usual = {name: value for name, value in wanted.items() if names[name] is not value}
    usual |= {name: MISSING for name in names if _hides_builtin(name, names[name])}
    usual.pop(answer, None)
    before = {name: names[name] for name in usual}
    try:
        for name, value in usual.items():
            if value is MISSING:
                del names[name]
            else:
                names[name] = value
        yield
    finally:
        names |= before


def _hides_builtin(name: str, value: Any) -> bool:
    return not name.startswith("_") and callable(getattr(builtins, name, None)) and not callable(value)

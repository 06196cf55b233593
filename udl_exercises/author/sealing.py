"""Seal an answer: the right one, the mistakes that have words of their own, and the usual slips.

`udl_exercises.check.seal` describes the format. Keys are slow to derive, so they are kept in `.cache/seals.json`.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import product
from typing import Any

import numpy as np

from udl_exercises.author.settings import ROOT
from udl_exercises.check import seal

KEPT = ROOT / ".cache/seals.json"
SHIFTS = (0.5, 0.0, 0.25, 0.75)  # of the grid of cells: one of them puts a number an eighth or less off a middle
MIDDLE = 0.24  # of a cell: how far off its middle a right number may be, so that a quarter more stays inside


def seal_value(
    value: Any, mistakes: Iterable[tuple[str, Any]], *, salt: str, atol: float, iterations: int = seal.ITERATIONS
) -> dict[str, Any]:
    """A number, an array of numbers, or a string as digests; `mistakes` are pairs of words and the wrong value.

    Raises ValueError where a value is none of these, or sits at the edge of a cell.
    """
    form = _form(value, atol)
    right = _contents(value, form)[0]
    said: dict[str, tuple[str, bool]] = {}
    for says, wrong in mistakes:
        said |= {text: (says, True) for text in _contents(wrong, form) if text != right and text not in said}
    for says, wrong in _slips(value, form) if form else ():
        said |= {text: (says, False) for text in _contents(wrong, form) if text != right and text not in said}
    first, *keys = derive([right, *said], salt, iterations)
    rows = list(zip(keys, said.values(), strict=True))
    locked = [{"digest": seal.digest(key), "says": seal.lock(says, key)} for key, (says, own) in rows if own]
    plain = [{"digest": seal.digest(key), "says": says} for key, (says, own) in rows if not own]
    found = {"salt": salt, "iterations": iterations} | form | {"right": seal.digest(first)}
    return found | ({"mistakes": locked} if locked else {}) | ({"patterns": plain} if plain else {})


def seal_choice(
    letters: str, right: str, feedback: Iterable[str], *, salt: str, iterations: int = seal.ITERATIONS
) -> dict[str, Any]:
    """The right letter as a digest, and what to say to each, to be read by who has chosen it."""
    keys = derive([f"text:{letter}" for letter in letters], salt, iterations)
    says = [seal.lock(text, key) for text, key in zip(feedback, keys, strict=True)]
    return {"salt": salt, "iterations": iterations, "right": seal.digest(keys[letters.index(right)]), "says": says}


def derive(contents: list[str], salt: str, iterations: int) -> list[bytes]:
    """The key of each content: from the cache, or else on all processors at once."""
    names = [hashlib.sha256(f"{iterations}\n{salt}\n{text}".encode()).hexdigest() for text in contents]
    kept = _kept() if iterations >= seal.ITERATIONS else {}  # fewer are for trials: fast, and nothing to keep
    missing = {name: text for name, text in zip(names, contents, strict=True) if name not in kept}
    if missing:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            keys = pool.map(lambda text: seal.key(text, salt, iterations), missing.values())
            kept |= {name: key.hex() for name, key in zip(missing, keys, strict=True)}
        if iterations >= seal.ITERATIONS:
            _keep(kept)
    return [bytes.fromhex(kept[name]) for name in names]


def _form(value: Any, atol: float) -> dict[str, Any]:
    """How numbers become cells, with the grid that has them nearest to the middle of theirs; {} for a string."""
    if isinstance(value, str):
        return {}
    array = np.asarray(value)
    if array.dtype.kind not in "biuf" or not np.isfinite(array).all() or not array.size:
        raise ValueError(f"only finite numbers and strings can be sealed, got {value!r}")
    shape = list(array.shape)
    if array.dtype.kind in "biu":
        return {"shape": shape, "whole": True}
    if not atol:
        raise ValueError("numbers that are not whole need a tolerance: `- atol:` must be above 0")
    step = 4 * atol
    shift = min(SHIFTS, key=lambda shift: _off(array, step, shift))
    if _off(array, step, shift) > MIDDLE:
        raise ValueError(
            f"{value!r} sits at the edge of a cell, so that not all within `atol` = {atol:g} would pass; try"
            f" `- atol: {_better(array, atol):g}`"
        )
    form = {"shape": shape, "whole": False, "step": step, "shift": shift}
    if seal.content(array, form) is None:
        raise ValueError(f"{value!r} is too large for `atol` = {atol:g}: it has more digits than a number can hold")
    return form


def _off(array: np.ndarray, step: float, shift: float) -> float:
    """How far the numbers are from the middles of their cells, in cells."""
    place = array / step + shift - 0.5
    return float(np.abs(place - np.round(place)).max())


def _better(array: np.ndarray, atol: float) -> float:
    """A tolerance near `atol` with which all numbers are near the middle of their cells."""
    tries = [float(f"{atol * (1 + sign * n / 200):.3g}") for n in range(1, 200) for sign in (1, -1)]
    good = (a for a in tries if min(_off(array, 4 * a, shift) for shift in SHIFTS) <= MIDDLE)
    return next(good, atol / 1000)


def _contents(value: Any, form: dict[str, Any]) -> list[str]:
    """The content of a value; at the edge of a cell also its neighbour's; none for a value of another form."""
    text = seal.content(value, form)
    if text is None:
        return []
    array = np.asarray(value)
    if not form or form["whole"] or array.size > 2:
        return [text]
    near = (0.5 - MIDDLE) * form["step"]
    moved = [array + np.reshape(by, array.shape) for by in product((-near, near), repeat=array.size)]
    found = [seal.content(numbers, form) for numbers in moved]
    return list(dict.fromkeys([text, *(other for other in found if other is not None)]))


def _slips(value: Any, form: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """What comes out where a usual slip is made, and what it is called."""
    array = np.asarray(value)
    if array.dtype.kind == "b":
        return
    word = "every value" if array.size > 1 else "the value"
    yield "the sign is the other way round", -array.astype(float)
    yield f"{word} is half of what is expected", array / 2
    yield f"{word} is 2 times what is expected", 2 * array
    if form["whole"]:
        yield f"{word} is one too many", array + 1
        yield f"{word} is one too few", array.astype(float) - 1
    elif array.all():
        with np.errstate(over="ignore"):
            yield "the fraction is upside down", 1 / array
    if array.ndim:
        yield "the values are right, their order is not: they are reversed", array[::-1]
    if array.ndim == 2:
        yield "the result is transposed", array.T


@cache
def _kept() -> dict[str, str]:
    with contextlib.suppress(OSError, ValueError):
        return dict(json.loads(KEPT.read_text(encoding="utf-8")))
    return {}


def _keep(kept: dict[str, str]) -> None:
    """Write the cache, whole or not at all: two builds may run at once."""
    with contextlib.suppress(OSError):
        KEPT.parent.mkdir(exist_ok=True)
        new = KEPT.with_suffix(f".{os.getpid()}")
        new.write_text(json.dumps(kept), encoding="utf-8")
        new.replace(KEPT)

"""Answers that cannot be read, only tried: a value as digests, a text that only its key opens.

This keeps an answer out of sight. It does not withstand a search through all candidates.
"""

import hashlib
import math
from typing import Any

import numpy as np

CALM = 1e-9  # how far from whole a number may be and still count as whole


def seal(value: Any, salt: str, atol: float) -> dict[str, Any]:
    """Digests of a number, an array of numbers, or a string.

    Numbers are put on a grid of 2 atol: one within atol of `value` opens the seal, one beyond 3 atol does not. Whole
    numbers and booleans are sealed as they are.
    """
    if isinstance(value, str):
        return {"digests": [_digest(salt, "text", value)]}
    array = np.asarray(value)
    if array.dtype.kind not in "biuf" or not np.isfinite(array).all():
        raise TypeError(f"only finite numbers and strings can be sealed, got {value!r}")
    whole = array.dtype.kind in "biu"
    step = 1.0 if whole else 2 * atol
    cells = [int(v) if whole else round(float(v) / step) for v in array.ravel()]
    found: dict[str, Any] = {"shape": list(array.shape), "whole": whole, "step": step}
    return found | {"digests": [_digest(salt, place, cell) for place, cell in enumerate(cells)]}


def opens(sealed: dict[str, Any], value: Any, salt: str) -> bool:
    """Whether `value` is the sealed one; a number of the wrong shape, NaN or a value of another type is not."""
    if "shape" not in sealed:
        return isinstance(value, str) and _digest(salt, "text", value) == sealed["digests"][0]
    array = np.asarray(value)
    if array.dtype.kind not in "biuf" or list(array.shape) != sealed["shape"] or not np.isfinite(array).all():
        return False
    return all(
        any(_digest(salt, place, cell) == digest for cell in _cells(float(number), sealed))
        for place, (number, digest) in enumerate(zip(array.ravel(), sealed["digests"], strict=True))
    )


def lock(text: str, salt: str, key: str) -> str:
    """The text in hexadecimal, unreadable without `key`."""
    data = text.encode()
    return bytes(a ^ b for a, b in zip(data, _stream(salt, key, len(data)), strict=True)).hex()


def unlock(text: str, salt: str, key: str) -> str:
    data = bytes.fromhex(text)
    return bytes(a ^ b for a, b in zip(data, _stream(salt, key, len(data)), strict=True)).decode(errors="replace")


def _cells(number: float, sealed: dict[str, Any]) -> set[int]:
    if sealed["whole"]:
        return {round(number)} if abs(number - round(number)) < CALM else set()
    place = number / sealed["step"]
    return {math.floor(place), math.ceil(place)}


def _digest(salt: str, *what: Any) -> str:
    return hashlib.sha256(repr((salt, *what)).encode()).hexdigest()[:20]


def _stream(salt: str, key: str, length: int) -> bytes:
    return hashlib.shake_256(repr((salt, key)).encode()).digest(length)

"""Answers that cannot be read, only tried: one digest for a whole answer, under a key that is slow to derive.

Whoever tries candidates one by one still finds an answer of which there are few: no digest protects a choice of four.
A sealed answer is out of sight, and a search costs a tenth of a second and more for every candidate.

The format, for any other program that checks answers; every step is in any library for SHA-256 and PBKDF2:

1. The *content* is a text. A string is `text:` and the string itself. Numbers are `numbers:`, their shape with `x`
   between, a colon, and their cells with commas between, the last index running fastest: `numbers:2x2:0,-3,12,7`, and
   `numbers::5` for a single number. The cell of a number v is floor(v / step + shift), with `step` and `shift` from the
   data, in double precision. Where `whole` is true, v must be within 1e-9 of an integer, and the cell is that integer.
   There is no content for NaN, for infinities, and for v or a cell beyond ±(2^53 - 1).
2. The *key* is PBKDF2-HMAC-SHA256 of the content in UTF-8, with `salt` in UTF-8 and the number of `iterations` from
   the data, 32 bytes long.
3. The *digest* is SHA-256 of the key followed by the ASCII letters `digest`: its first 20 hexadecimal digits.
4. A *locked* text, in UTF-8 and written in hexadecimal, is xored with the blocks SHA-256(key, `text`, n) for n = 0, 1,
   …, each n as four bytes, the highest first.

    {"salt": "last-slope", "iterations": 300000, "shape": [], "whole": false, "step": 4e-06, "shift": 0.5,
     "right": digest, "mistakes": [{"digest": …, "says": locked text}, …],
     "patterns": [{"digest": …, "says": plain text}, …]}

A text has no `shape`, `whole`, `step` and `shift`; whole numbers have no `step` and `shift`. `step` is four times the
tolerance, and the author's side sees to it that the right numbers are near the middle of their cells: whatever is
within the tolerance has the same content, whatever is beyond three times the tolerance has another one. So one key for
each answer tried is compared with every digest.
"""

import hashlib
import math
from functools import lru_cache
from typing import Any

import numpy as np

ITERATIONS = 300_000  # a try takes 0.07 to 0.3 s, and 1 to 2 s in the browser's Python
CALM = 1e-9  # how far from whole a number may be and still count as whole
LARGEST = 2**53 - 1  # of a cell: every double in this range holds its integer exactly


def content(value: Any, form: dict[str, Any]) -> str | None:
    """The text that stands for `value`; None where it cannot be what is sealed, whatever that is.

    `form` holds `shape`, `whole`, `step` and `shift` for numbers, and none of these for a text.
    """
    if "shape" not in form:
        return f"text:{value}" if isinstance(value, str) else None
    array = np.asarray(value)
    if array.dtype.kind not in "biuf" or not np.isfinite(array).all():
        return None
    cells = [_cell(number, form) for number in array.ravel().tolist()]
    if any(cell is None for cell in cells):
        return None
    return f"numbers:{'x'.join(map(str, array.shape))}:{','.join(map(str, cells))}"


@lru_cache(maxsize=256)
def key(text: str, salt: str, iterations: int = ITERATIONS) -> bytes:
    """The 32 bytes that a content stands for: PBKDF2-HMAC-SHA256."""
    derive = getattr(hashlib, "pbkdf2_hmac", None)  # Python in the browser comes without OpenSSL
    if derive:
        return derive("sha256", text.encode(errors="replace"), salt.encode(), iterations)
    return derive_in_python(text.encode(errors="replace"), salt.encode(), iterations)


def derive_in_python(password: bytes, salt: bytes, iterations: int) -> bytes:
    """PBKDF2-HMAC-SHA256, 32 bytes, from `hashlib.sha256` alone (RFC 8018, section 5.2)."""
    block = (hashlib.sha256(password).digest() if len(password) > 64 else password).ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block)).copy
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block)).copy
    number = int.from_bytes
    last, total = salt + b"\0\0\0\1", 0
    for _ in range(iterations):
        inside, outside = inner(), outer()
        inside.update(last)
        outside.update(inside.digest())
        last = outside.digest()
        total ^= number(last, "big")
    return total.to_bytes(32, "big")


def open_key(name: str) -> bytes:
    """The key of what is only to be out of sight: anyone can compute it."""
    return key(f"text:{name}", name, 1)


def digest(key: bytes) -> str:
    return hashlib.sha256(key + b"digest").hexdigest()[:20]


def lock(text: str, key: bytes) -> str:
    """The text in hexadecimal, unreadable without `key`; one key locks one text."""
    return _xored(text.encode(), key).hex()


def unlock(text: str, key: bytes) -> str:
    return _xored(bytes.fromhex(text), key).decode(errors="replace")


def _cell(number: float, form: dict[str, Any]) -> int | None:
    if abs(number) > LARGEST:
        return None
    if form["whole"]:
        return round(number) if abs(number - round(number)) < CALM else None
    place = number / form["step"] + form["shift"]
    return math.floor(place) if abs(place) <= LARGEST else None


def _xored(data: bytes, key: bytes) -> bytes:
    blocks = (hashlib.sha256(key + b"text" + n.to_bytes(4, "big")).digest() for n in range(len(data) // 32 + 1))
    return bytes(a ^ b for a, b in zip(data, b"".join(blocks), strict=False))

"""Checks: of the numbers a text states (`claim`), and of a reader's answer to an exercise (`check`, `grade`)."""

from udl_core.check.claims import claim
from udl_core.check.exercises import Check, WrongAnswer, check, grade

__all__ = ["Check", "WrongAnswer", "check", "claim", "grade"]

"""`check("joints")`: judge a reader's answer to an exercise. Needs NumPy only; `grade` is the same for a grader."""

from udl_exercises.check.exercises import Check, WrongAnswer, check, grade

__all__ = ["Check", "WrongAnswer", "check", "grade"]

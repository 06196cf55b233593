"""What an exercise is, once its source has been read."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

KINDS = ("function", "figure", "value", "array", "choice", "text")
CALLED = ("function", "figure")  # the answer is a function, and cases call it
GRADED = ("function", "figure", "value", "array", "choice")  # a machine can tell right from wrong
LEVELS = ("warm-up", "core", "hard")


@dataclass(frozen=True)
class Mutant:
    """A typical wrong answer: it must fail, with a message that holds the words of `says`."""

    title: str
    code: str
    says: tuple[str, ...]
    feedback: str = ""  # what to tell whoever makes this very mistake
    line: int = 0


@dataclass(frozen=True)
class Option:
    """One answer to choose from."""

    text: str
    feedback: str
    right: bool


@dataclass(frozen=True)
class Exercise:
    name: str
    title: str
    kind: str
    points: int
    statement: str
    level: str = "core"
    problem: str = ""
    answer: str = ""  # the name that the reader's code must define
    starter: str = ""
    solution: str = ""
    explanation: str = ""  # prose of the solution: the model answer where there is no code
    hints: tuple[str, ...] = ()
    visible: str = ""
    hidden: str = ""
    probe: str = ""
    rubric: str = ""
    options: tuple[Option, ...] = ()
    mutants: tuple[Mutant, ...] = ()
    compare: dict[str, Any] = field(default_factory=dict)
    time_limit: float = 5.0
    line: int = 0

    @property
    def letter(self) -> str:
        """The letter of the right option."""
        return "ABCDEFGH"[[option.right for option in self.options].index(True)]


@dataclass(frozen=True)
class Chapter:
    path: Path
    number: int
    title: str
    intro: str
    setup: str
    exercises: tuple[Exercise, ...]

    @property
    def stem(self) -> str:
        return self.path.stem

    @property
    def points(self) -> int:
        return sum(exercise.points for exercise in self.exercises)

    def __getitem__(self, name: str) -> Exercise:
        return next(exercise for exercise in self.exercises if exercise.name == name)

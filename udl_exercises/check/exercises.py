"""`check("joints")` in a reader's notebook: judge the answer at once, remember what is solved, give hints."""

import contextlib
import difflib
import json
import sys
from pathlib import Path
from typing import Any

from udl_exercises.check.data import parse, unpack
from udl_exercises.check.judge import Verdict, judge
from udl_exercises.check.saying import escaped, say
from udl_exercises.check.setting_up import as_set_up

FIRST_HINT = 3  # misses until the first hint; one more hint with each further miss
LARGEST_FILE = 1 << 20  # bytes of a progress file; ours have some hundred


class WrongAnswer(AssertionError):
    """An answer that a grader has found wrong; its text says why."""


class Check:
    """The exercises of one notebook, and how far the reader has come with them.

    `load(cases)` takes the cases, packed as text; the first cell of an exercise notebook does it. `check("name")`
    judges one answer, `check.progress()` lists all exercises. What is solved is kept in a small file beside the
    notebook, `<chapter>.progress.json`, where files can be written, and else until the kernel stops.
    """

    def __init__(self) -> None:
        self._chapter: dict[str, Any] = {}
        self._exercises: dict[str, dict[str, Any]] = {}
        self._state: dict[str, Any] = {}
        self._file = Path()

    def load(self, cases: str) -> None:
        """Take the cases of a notebook. Raises ValueError when the text is damaged."""
        chapter = unpack(cases)
        again = self._chapter.get("chapter") == chapter["chapter"]  # where no file can be written, we still know
        self._chapter = chapter
        self._exercises = {exercise["name"]: exercise for exercise in chapter["exercises"]}
        folder = Path()
        with contextlib.suppress(OSError):  # the folder may be gone
            folder = Path.cwd()  # now: the reader's code may go elsewhere
        self._file = folder / f"{chapter['chapter']}.progress.json"
        self._state = self._kept() or (self._state if again else {"solved": [], "misses": {}})

    def __call__(self, name: str, *, names: dict[str, Any] | None = None) -> None:
        """Judge the answer to the exercise `name` and print what came out.

        `names` is where to look for the answer: the variables of the caller unless given.
        """
        if not self._exercises:
            say("The cases are not loaded yet: run the first cell of this notebook, then this one.")
            return
        if not isinstance(name, str) or name not in self._exercises:
            near = difflib.get_close_matches(str(name), self._exercises, 1)
            say(f"There is no exercise {name!r} here. " + (f"Do you mean {near[0]!r}?" if near else self._names()))
            return
        exercise = self._exercises[name]
        if _in_words(exercise):
            say(f"{name} is answered in words, which no check can judge.")
            return
        names = sys._getframe(1).f_globals if names is None else names
        verdict = judge(exercise, exercise.get("visible", []), names, self._chapter["setup"])
        self._state = self._kept() or self._state  # other notebooks of this chapter may have written meanwhile
        before = name in self._solved
        self._note(name, verdict)
        say(self._said(exercise, verdict, before))
        _show_notes([*verdict.notes, *([] if verdict.right else self._hints(exercise))])

    def progress(self) -> None:
        """Print which exercises are solved."""
        if not self._exercises:
            say("The cases are not loaded yet: run the first cell of this notebook.")
            return
        self._state = self._kept() or self._state
        solved, misses = self._solved, self._state["misses"]
        width = max(map(len, self._exercises))
        lines = []
        for name, exercise in self._exercises.items():
            state = "solved" if name in solved else "tried" if misses.get(name) else "open"
            state = "by hand" if _in_words(exercise) else "later" if exercise.get("withheld") else state
            mark = "✓" if name in solved else " "
            lines.append(f"{mark} {name:{width}}  {state:8} {_points(exercise['points']):>9}  {exercise['title']}")
        everything = list(self._exercises.values())
        points, total = sum(self._exercises[name]["points"] for name in solved), _together(everything)
        lines += ["", f"{len(solved)} of {len(everything)} solved, {points} of {_points(total)}."]
        if by_hand := [exercise for exercise in everything if _in_words(exercise)]:
            lines.append(f"By hand: {_many(by_hand)}, answered in words, which no check can judge.")
        if later := [exercise for exercise in everything if not _in_words(exercise) and not _is_checked(exercise)]:
            lines.append(f"Later: {_many(later)}; whether they are right is said when they are graded.")
        say("\n".join(lines))

    def forget(self) -> None:
        """Start again: nothing is solved, no miss counts."""
        self._state = {"solved": [], "misses": {}}
        self._keep()

    @property
    def _solved(self) -> list[str]:
        """Names of what is solved, without those that this chapter no longer has."""
        checked = {name for name, exercise in self._exercises.items() if _is_checked(exercise)}
        return [name for name in self._state["solved"] if name in checked]

    def _note(self, name: str, verdict: Verdict) -> None:
        """What is solved stays solved."""
        misses = self._state["misses"]
        if verdict.right:
            misses.pop(name, None)
            if name not in self._state["solved"]:
                self._state["solved"].append(name)
        elif verdict.tried:
            misses[name] = misses.get(name, 0) + 1
        self._keep()

    def _kept(self) -> dict[str, Any] | None:
        """What the file says; None where there is none, or a damaged one."""
        try:
            if not self._file.is_file() or self._file.stat().st_size > LARGEST_FILE:
                return None
            kept = parse(self._file.read_bytes())
            solved, misses = kept["solved"], kept["misses"]
            if not all(isinstance(name, str) for name in solved) or not isinstance(solved, list):
                return None
            if not all(type(count) is int and 0 <= count < 10**9 for count in misses.values()):
                return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return {"solved": list(dict.fromkeys(solved)), "misses": dict(misses)}

    def _keep(self) -> None:
        with contextlib.suppress(OSError):
            self._file.write_text(json.dumps(self._state), encoding="utf-8")

    def _said(self, exercise: dict[str, Any], verdict: Verdict, before: bool) -> str:
        head, *rest = verdict.lines
        mark = "✓" if verdict.right else "·" if verdict.later else "✗"
        lines = [f"{mark} {exercise['name']}: {head}", *(f"  {line}".replace("\n", "\n  ") for line in rest)]
        if verdict.right:
            lines.append(f"  {self._count()}")
        elif before and verdict.tried:
            lines.append("  Solved before, and it stays solved; this answer misses.")
        return "\n".join(lines)

    def _count(self) -> str:
        """How much of all that the page lists is solved."""
        solved, unchecked = len(self._solved), sum(not _is_checked(e) for e in self._exercises.values())
        if solved + unchecked < len(self._exercises):
            return f"{solved} of {len(self._exercises)} solved."
        return f"All are solved, but for {unchecked} that no check here can judge." if unchecked else "All are solved."

    def _hints(self, exercise: dict[str, Any]) -> list[str]:
        count = self._state["misses"].get(exercise["name"], 0) - FIRST_HINT + 1
        return [f"Hint: {hint}" for hint in exercise.get("hints", [])[: max(0, count)]]

    def _names(self) -> str:
        return "There are: " + ", ".join(self._exercises) + "."


check = Check()
"""The exercises of this notebook: `check.load`, `check("name")`, `check.progress()`."""


def grade(name: str, cases: str, names: dict[str, Any] | None = None) -> None:
    """Judge the answer to the exercise `name` on `cases`, packed as text, for nbgrader.

    `names` is where to look for the answer: the variables of the caller unless given. The answer's code finds what the
    chapter sets up, whatever has become of the set-up's cell. Raises WrongAnswer, with the whole message, unless all
    cases are right.
    """
    chapter = unpack(cases)
    exercise = next(exercise for exercise in chapter["exercises"] if exercise["name"] == name)
    names = sys._getframe(1).f_globals if names is None else names
    with as_set_up(names, chapter["setup"], exercise["answer"]):
        verdict = judge(exercise, exercise.get("visible", []) + exercise.get("hidden", []), names, chapter["setup"])
    if not verdict.right:
        raise WrongAnswer(escaped(verdict.text))


def _show_notes(notes: list[str]) -> None:
    """Show Markdown with its formulas where there is a notebook, and else as it is written."""
    ipython = sys.modules.get("IPython")
    if notes and ipython and ipython.get_ipython():
        ipython.display.display(ipython.display.Markdown(escaped("\n\n".join(notes))))
    elif notes:
        say("\n".join(f"  {line}" for note in notes for line in note.split("\n")))


def _in_words(exercise: dict[str, Any]) -> bool:
    return exercise["kind"] == "text"


def _is_checked(exercise: dict[str, Any]) -> bool:
    """Whether `check` tells right from wrong: not a text, and not what is withheld until it is graded."""
    return not _in_words(exercise) and not exercise.get("withheld")


def _many(exercises: list[dict[str, Any]]) -> str:
    count = len(exercises)
    return f"{count} exercise{'' if count == 1 else 's'} with {_points(_together(exercises))}"


def _together(exercises: list[dict[str, Any]]) -> int:
    return sum(exercise["points"] for exercise in exercises)


def _points(number: int) -> str:
    return f"{number} point" + ("" if number == 1 else "s")

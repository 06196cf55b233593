"""`check("joints")` in a reader's notebook: judge the answer at once, remember what is solved, give hints."""

import contextlib
import difflib
import json
import sys
from pathlib import Path
from typing import Any

from udl_core.check.data import unpack
from udl_core.check.judge import Verdict, judge
from udl_core.check.setting_up import as_set_up

FIRST_HINT = 3  # misses until the first hint; one more hint with each further miss


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

    def load(self, cases: str) -> None:
        """Take the cases of a notebook. Raises ValueError when the text is damaged."""
        self._chapter = unpack(cases)
        self._exercises = {exercise["name"]: exercise for exercise in self._chapter["exercises"]}
        self._state = {"solved": [], "misses": {}}
        with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            self._state["solved"] = [name for name in kept["solved"] if name in self._exercises]
            self._state["misses"] = {k: int(v) for k, v in kept["misses"].items() if k in self._exercises}

    def __call__(self, name: str, *, names: dict[str, Any] | None = None) -> None:
        """Judge the answer to the exercise `name` and print what came out.

        `names` is where to look for the answer: the variables of the caller unless given.
        """
        if not self._exercises:
            print("The cases are not loaded yet: run the first cell of this notebook, then this one.")
            return
        if name not in self._exercises:
            near = difflib.get_close_matches(str(name), self._exercises, 1)
            print(f"There is no exercise {name!r} here. " + (f"Do you mean {near[0]!r}?" if near else self._names()))
            return
        exercise = self._exercises[name]
        names = sys._getframe(1).f_globals if names is None else names
        verdict = judge(exercise, exercise.get("visible", []), names, self._chapter["setup"])
        self._note(name, verdict)
        print(self._said(exercise, verdict))
        _show_notes([*verdict.notes, *([] if verdict.right else self._hints(exercise))])

    def progress(self) -> None:
        """Print which exercises are solved."""
        if not self._exercises:
            print("The cases are not loaded yet: run the first cell of this notebook.")
            return
        solved, misses = self._state["solved"], self._state["misses"]
        width = max(map(len, self._exercises))
        for name, exercise in self._exercises.items():
            state = "solved" if name in solved else "tried" if misses.get(name) else "open"
            state = "by hand" if exercise["kind"] == "text" else "later" if exercise.get("withheld") else state
            mark = "✓" if name in solved else " "
            print(f"{mark} {name:{width}}  {state:8} {_points(exercise['points']):>9}  {exercise['title']}")
        checked = [exercise for exercise in self._exercises.values() if _is_checked(exercise)]
        points = sum(exercise["points"] for exercise in checked if exercise["name"] in solved)
        total = sum(exercise["points"] for exercise in checked)
        print(f"\n{len(solved)} of {len(checked)} solved, {points} of {_points(total)}.")

    def forget(self) -> None:
        """Start again: nothing is solved, no miss counts."""
        self._state = {"solved": [], "misses": {}}
        self._keep()

    @property
    def _file(self) -> Path:
        return Path(f"{self._chapter['chapter']}.progress.json")

    def _note(self, name: str, verdict: Verdict) -> None:
        misses = self._state["misses"]
        if verdict.right:
            misses.pop(name, None)
            if name not in self._state["solved"]:
                self._state["solved"].append(name)
        elif verdict.tried:
            misses[name] = misses.get(name, 0) + 1
            if name in self._state["solved"]:
                self._state["solved"].remove(name)
        self._keep()

    def _keep(self) -> None:
        with contextlib.suppress(OSError):
            self._file.write_text(json.dumps(self._state), encoding="utf-8")

    def _said(self, exercise: dict[str, Any], verdict: Verdict) -> str:
        head, *rest = verdict.lines
        mark = "✓" if verdict.right else "·" if verdict.later else "✗"
        lines = [f"{mark} {exercise['name']}: {head}", *(f"  {line}".replace("\n", "\n  ") for line in rest)]
        if verdict.right:
            checked = sum(map(_is_checked, self._exercises.values()))
            solved = len(self._state["solved"])
            lines.append(f"  {solved} of {checked} solved." if solved < checked else "  All are solved.")
        return "\n".join(lines)

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
        raise WrongAnswer(verdict.text)


def _show_notes(notes: list[str]) -> None:
    """Show Markdown with its formulas where there is a notebook, and else as it is written."""
    ipython = sys.modules.get("IPython")
    if notes and ipython and ipython.get_ipython():
        ipython.display.display(ipython.display.Markdown("\n\n".join(notes)))
    elif notes:
        print("\n".join(f"  {line}" for note in notes for line in note.split("\n")))


def _is_checked(exercise: dict[str, Any]) -> bool:
    """Whether `check` tells right from wrong: not a text, and not what is withheld until it is graded."""
    return exercise["kind"] != "text" and not exercise.get("withheld")


def _points(number: int) -> str:
    return f"{number} point" + ("" if number == 1 else "s")

"""Try a chapter's exercises: is every reference right, does every starter fail, do mutants fail with their words?"""

import json
from collections.abc import Iterator
from typing import Any

from udl_exercises.author.cases import exercise_data, run, stated_values
from udl_exercises.author.model import CALLED, GRADED, Chapter, Exercise, Mutant
from udl_exercises.check.compare import Rule, compare
from udl_exercises.check.data import decode
from udl_exercises.check.judge import Verdict, judge
from udl_exercises.check.saying import say

DRAWS = 20
FAST = 2  # iterations of the seals here; the check reads their number from the data


class Trial:
    """One exercise with its cases, ready to judge any code."""

    def __init__(self, chapter: Chapter, exercise: Exercise, seed: int = 0, draws: int = DRAWS) -> None:
        self.chapter, self.exercise = chapter, exercise
        self.data = exercise_data(chapter, exercise, seed=seed, hidden=draws, iterations=FAST)

    @property
    def cases(self) -> list[dict[str, Any]]:
        return self.data.get("visible", []) + self.data.get("hidden", [])

    def verdict(self, code: str) -> Verdict:
        """What a reader's code would be told on the visible cases, or else on the hidden ones."""
        try:
            names = run(self.chapter, self.exercise, code)
        except (Exception, SystemExit) as error:  # the cell itself fails, before any check
            return Verdict(False, [f"the cell raises {type(error).__name__}: {error}"])
        visible = judge(self.data, self.data.get("visible", []), names, self.chapter.setup)
        if not visible.right or not self.data.get("hidden"):
            return visible
        return judge(self.data, self.data["hidden"], names, self.chapter.setup)

    def choice(self, letter: str) -> Verdict:
        return judge(self.data, [], {self.exercise.answer: letter}, self.chapter.setup)


def troubles(chapter: Chapter, exercise: Exercise, *, seed: int = 0) -> Iterator[str]:
    """What is wrong with an exercise's source; nothing where all is well."""
    if exercise.kind not in GRADED:
        return
    trial = Trial(chapter, exercise, seed)
    if exercise.kind == "choice":
        for letter in "ABCDEFGH"[: len(exercise.options)]:
            if trial.choice(letter).right != (letter == exercise.letter):
                yield f"option {letter} is judged the wrong way"
        return
    if exercise.kind in CALLED:
        for place, value in stated_values(chapter, exercise):
            rule = Rule(**exercise.compare)
            if found := compare(value, decode(trial.data["visible"][place]["expected"]), rule):
                yield f"visible case {place + 1}: the reference gives another value than stated: {found.text}"
    if exercise.kind == "figure" and len({json.dumps(case["expected"]) for case in trial.data["visible"]}) < 2:
        yield "the visible cases give one and the same picture, so a reader's drawing of it passes: add another"
    if not (reference := trial.verdict(exercise.solution)).right:
        yield f"the reference fails:\n{reference.text}"
    if trial.verdict(exercise.starter).right:
        yield "the starter passes"
    if len(exercise.mutants) < 3:
        yield f"{len(exercise.mutants)} mutants; a graded exercise has three or more"
    for mutant in exercise.mutants:
        yield from _mutant_troubles(mutant, trial.verdict(mutant.code))


def _mutant_troubles(mutant: Mutant, verdict: Verdict) -> Iterator[str]:
    if verdict.right:
        yield f"mutant {mutant.title!r} (line {mutant.line}) passes"
        return
    for words in mutant.says:
        if words.lower() not in verdict.text.lower():
            yield f"mutant {mutant.title!r} (line {mutant.line}): {words!r} is not in its message:\n{verdict.text}"


def show(chapter: Chapter, exercise: Exercise) -> bool:
    """Print every message a reader would see; whether all is well."""
    say(f"== {exercise.name} ({exercise.kind}, {exercise.points} points)")
    if exercise.kind in GRADED and exercise.kind != "choice":
        trial = Trial(chapter, exercise)
        answers = [("starter", exercise.starter), *((f"mutant: {m.title}", m.code) for m in exercise.mutants)]
        for title, code in answers:
            said = trial.verdict(code).text.replace("\n", "\n   ")
            say(f"-- {title}\n   {said}")
    found = list(troubles(chapter, exercise))
    for trouble in found:
        say(f"!! {trouble}")
    return not found

"""An exercise's cases as data: inputs, the values the reference gives, and what known mistakes give.

    {"chapter": "02_shallow_networks", "title": …, "setup": "import numpy as np", "seed": 1, "exercises": [
        {"name": "joints", "title": …, "kind": "function", "points": 2, "answer": "joints",
         "compare": {"how": "close", "rtol": 1e-7, "atol": 1e-9}, "time_limit": 5.0, "hints": […],
         "visible": [{"call": "joints(…)", "inputs": […], "expected": …, "mistakes": [{"says": …, "value": …}]}],
         "hidden": […]}, …]}

Inputs and values are written by `udl_exercises.check.data`. What a value, an array or a choice should be is `sealed`,
as `udl_exercises.check.seal` describes, or `"withheld": true` stands in its place. What a probe should find in one is
`locked` with the exercise's name: out of sight, and no more, since a check says it at the first miss. No code of a
solution is in here, only that of probes.
"""

import ast
import contextlib
import hashlib
import json
import warnings
from typing import Any

import numpy as np

from udl_exercises.author.model import CALLED, GRADED, Chapter, Exercise
from udl_exercises.author.sealing import seal_choice, seal_value
from udl_exercises.author.source import SourceError, calls
from udl_exercises.check import pictures
from udl_exercises.check.data import NotData, encode
from udl_exercises.check.seal import ITERATIONS, lock, open_key

PICTURES = 5  # hidden cases of a figure at most: each holds every point of a picture


def chapter_data(
    chapter: Chapter, *, seed: int | None = None, hidden: int = 0, hints: int | None = None, withheld: bool = False
) -> dict[str, Any]:
    """All of a chapter's cases, with `hidden` hidden ones for each exercise, drawn from `seed`.

    `hints` limits how many hints go along; None means all. With `withheld`, nothing tells a right value or choice.
    """
    return {
        "chapter": chapter.stem,
        "title": chapter.title,
        "setup": chapter.setup,
        "exercises": [
            exercise_data(chapter, e, seed=seed, hidden=hidden, hints=hints, withheld=withheld)
            for e in chapter.exercises
        ],
    } | ({"seed": seed} if hidden else {})


def exercise_data(
    chapter: Chapter,
    exercise: Exercise,
    *,
    seed: int | None = None,
    hidden: int = 0,
    hints: int | None = None,
    withheld: bool = False,
    iterations: int = ITERATIONS,
) -> dict[str, Any]:
    """One exercise's data. Raises SourceError where the source cannot be run, or an answer cannot be sealed.

    Fewer `iterations` make seals that are fast to try; what is handed out has all of them.
    """
    data: dict[str, Any] = {"name": exercise.name, "title": exercise.title}
    data |= {"kind": exercise.kind, "points": exercise.points}
    data["hints"] = list(exercise.hints if hints is None else exercise.hints[:hints])
    if exercise.kind not in GRADED:
        return data
    data |= {"answer": exercise.answer, "compare": exercise.compare, "time_limit": exercise.time_limit}
    if exercise.kind == "choice":
        data["letters"] = "ABCDEFGH"[: len(exercise.options)]
    if withheld and exercise.kind not in CALLED:
        return data | {"withheld": True}
    if exercise.probe:
        data["probe"] = exercise.probe
    if exercise.kind in CALLED:
        data["visible"] = visible_cases(chapter, exercise)
        if hidden and exercise.hidden:
            data["hidden"] = hidden_cases(chapter, exercise, seed, hidden)
        return data
    if exercise.kind == "choice":
        feedback = [option.feedback for option in exercise.options]
        sealed = seal_choice(data["letters"], exercise.letter, feedback, salt=exercise.name, iterations=iterations)
        return data | {"sealed": sealed}
    return data | _value_data(chapter, exercise, iterations)


def visible_cases(chapter: Chapter, exercise: Exercise) -> list[dict[str, Any]]:
    """The cases of the source, each with its text."""
    names = run(chapter, exercise)
    found = []
    for line, call, _ in calls(chapter.path, exercise.visible, _line_of(chapter, exercise.visible)):
        inputs = [_input(chapter, node, names, line) for node in call.args]
        found.append(
            {"call": ast.unparse(call)}
            | _case(chapter, exercise, inputs, [_evaluate(node, names) for node in call.args])
        )
    return found


def stated_values(chapter: Chapter, exercise: Exercise) -> list[tuple[int, Any]]:
    """The values that the source states for its visible cases, by their place."""
    names = run(chapter, exercise)
    found = calls(chapter.path, exercise.visible, 1)
    return [(place, _evaluate(value, names)) for place, (_, _, value) in enumerate(found) if value is not None]


def hidden_cases(chapter: Chapter, exercise: Exercise, seed: int | None, number: int) -> list[dict[str, Any]]:
    """Cases drawn by the source's `draw(rng)`; the draws differ between exercises and are the same for one seed.

    There are `number` of them, of a figure five at most.
    """
    if seed is None:
        raise ValueError("hidden cases need a seed")
    names = run(chapter, exercise)
    exec(exercise.hidden, names)
    own = int.from_bytes(hashlib.sha256(exercise.name.encode()).digest()[:8])
    rng = np.random.default_rng([seed, own])
    found = []
    for _ in range(min(number, PICTURES) if exercise.kind == "figure" else number):
        arguments = names["draw"](rng)
        if not isinstance(arguments, tuple):
            raise SourceError(
                chapter.path, exercise.line, f"{exercise.name}: draw(rng) must return a tuple of arguments"
            )
        try:
            inputs = [encode(argument) for argument in arguments]
        except NotData as error:
            raise SourceError(
                chapter.path, exercise.line, f"{exercise.name}: draw(rng) gives {error}, no data"
            ) from None
        found.append(_case(chapter, exercise, inputs, list(arguments)))
    return found


def run(chapter: Chapter, exercise: Exercise, code: str | None = None) -> dict[str, Any]:
    """The variables after the chapter's imports and a piece of code: the reference, unless given."""
    names: dict[str, Any] = {"__name__": "exercise"}
    exec(chapter.setup, names)
    code = exercise.solution if code is None else code
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(code, f"<{exercise.name}>", "exec"), names)
    return names


def _case(chapter: Chapter, exercise: Exercise, inputs: list[Any], arguments: list[Any]) -> dict[str, Any]:
    """One case: what the reference gives, and what the mistakes give that have words of their own."""
    expected = _result(chapter, exercise, exercise.solution, arguments)
    mistakes = []
    for mutant in exercise.mutants:
        if mutant.feedback:
            with contextlib.suppress(Exception):
                value = _result(chapter, exercise, mutant.code, arguments)
                if value != expected:
                    mistakes.append({"says": mutant.feedback, "value": value})
    return {"inputs": inputs, "expected": expected} | ({"mistakes": mistakes} if mistakes else {})


def _result(chapter: Chapter, exercise: Exercise, code: str, arguments: list[Any]) -> Any:
    names = run(chapter, exercise, code)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        value = names[exercise.answer](*(_copy(argument) for argument in arguments))
        if exercise.kind == "figure":
            import matplotlib.pyplot as plt

            data = encode(pictures.as_data(value))
            plt.close("all")
            return data
        return encode(_probed(exercise, names, value, arguments))


def _value_data(chapter: Chapter, exercise: Exercise, iterations: int) -> dict[str, Any]:
    """A value or an array: sealed, or what the probe finds in it, locked."""
    names = run(chapter, exercise)
    mistakes = [m for m in exercise.mutants if m.feedback]
    wrong = [(m.feedback, run(chapter, exercise, m.code)[exercise.answer]) for m in mistakes]
    if not exercise.probe:
        atol = exercise.compare["atol"]
        try:
            return {
                "sealed": seal_value(
                    names[exercise.answer], wrong, salt=exercise.name, atol=atol, iterations=iterations
                )
            }
        except ValueError as error:
            raise SourceError(chapter.path, exercise.line, f"{exercise.name}: {error}") from None
    found = {
        "expected": encode(_probed(exercise, names, names[exercise.answer], [])),
        "mistakes": [{"says": says, "value": encode(_probed(exercise, names, v, []))} for says, v in wrong],
    }
    return {"locked": lock(json.dumps(found, ensure_ascii=False), open_key(exercise.name))}


def _probed(exercise: Exercise, names: dict[str, Any], value: Any, arguments: list[Any]) -> Any:
    if not exercise.probe:
        return value
    helpers = dict(names)
    exec(exercise.probe, helpers)
    return helpers["probe"](value, *arguments)


def _input(chapter: Chapter, node: ast.expr, names: dict[str, Any], line: int) -> Any:
    """An argument as data; what is none, such as a function, goes along as its text."""
    try:
        return encode(_evaluate(node, names))
    except NotData:
        return {"!": "code", "source": ast.unparse(node)}
    except Exception as error:
        raise SourceError(chapter.path, line, f"this argument cannot be computed: {error!r}") from None


def _evaluate(node: ast.expr, names: dict[str, Any]) -> Any:
    return eval(compile(ast.Expression(node), "<case>", "eval"), dict(names))


def _copy(value: Any) -> Any:
    import copy

    return copy.deepcopy(value)


def _line_of(chapter: Chapter, code: str) -> int:
    """The line where a block of code begins in its file."""
    text = chapter.path.read_text(encoding="utf-8")
    return text[: text.index(code)].count("\n") + 1 if code in text else 1

"""Judge one answer: run it on the cases, compare, and find the words for what differs."""

import contextlib
import inspect
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from udl_core.check import pictures, running, seal
from udl_core.check.compare import Difference, Rule, compare, describe, show, wrong_type
from udl_core.check.data import NotData, decode, encode

PROBING = 10.0  # seconds for looking at an answer
UNSET = object()


@dataclass
class Verdict:
    """Whether an answer is right, and what to tell whoever gave it: lines of text, and then notes in Markdown."""

    right: bool
    lines: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    tried: bool = True  # whether there was an answer at all
    later: bool = False  # whether the answer is not judged here, because what is right is withheld

    @property
    def text(self) -> str:
        return "\n".join([*self.lines, *self.notes])


@dataclass(frozen=True)
class Candidate:
    """An answer as the content that may open a seal, and what to say to it where it does not."""

    said: str
    content: str | None = None
    reshaped: str | None = (
        None  # the content of the same numbers in the shape that is expected, where theirs is another
    )


@dataclass
class Miss:
    """One case that went wrong."""

    case: dict[str, Any]
    text: str
    patterns: tuple[str, ...] = ()
    difference: Difference | None = None
    feedback: tuple[str, ...] = ()  # the author's own words for mistakes that give this very value
    printed: str = ""
    late: bool = False


def judge(exercise: dict[str, Any], cases: list[dict[str, Any]], names: dict[str, Any], setup: str = "") -> Verdict:
    """Judge what `names` holds under the exercise's answer.

    `exercise` and `cases` are data, as `udl_exercises` writes them; `setup` is the chapter's code for imports, and
    whatever the reader's code does, it is reported and never raised.
    """
    answer = names.get(exercise["answer"], UNSET)
    if answer is UNSET:
        text = f"`{exercise['answer']}` is not defined yet: run the cell that defines it, then this one."
        return Verdict(False, [text], tried=False)
    if exercise["kind"] in ("function", "figure"):
        return _judge_function(exercise, cases, answer, setup)
    if exercise["kind"] == "choice":
        return _judge_choice(exercise, answer)
    return _judge_value(exercise, answer, setup)


def _judge_function(exercise: dict[str, Any], cases: list[dict[str, Any]], answer: Any, setup: str) -> Verdict:
    name = exercise["answer"]
    if not callable(answer):
        return Verdict(False, [f"`{name}` is {describe(answer)}, and should be a function."])
    helpers = _helpers(exercise, setup)
    misses: list[Miss] = []
    done = 0
    for case in cases:
        done += 1
        if miss := _run_case(exercise, case, answer, helpers):
            misses.append(miss)
            if miss.late:
                break
    passed = done - len(misses)
    if not misses:
        said = {1: "The case is right.", 2: "Both cases are right."}.get(passed, f"All {passed} cases are right.")
        return Verdict(True, [said])
    head = f"{passed} of {len(cases)} cases {'is' if passed == 1 else 'are'} right."
    return Verdict(False, [head, *_report(misses, name)], _notes(misses))


def _run_case(
    exercise: dict[str, Any], case: dict[str, Any], answer: Callable[..., Any], helpers: dict[str, Any]
) -> Miss | None:
    arguments = tuple(decode(data, helpers) for data in case["inputs"])
    outcome = running.run(answer, arguments, exercise["time_limit"])
    if outcome.trouble:
        return Miss(case, outcome.trouble, printed=outcome.printed, late=outcome.late)
    changed = [place for place, data in enumerate(case["inputs"]) if _changed(data, arguments[place])]
    looked = running.run(lambda: _looked_at(exercise, case, outcome.value, helpers), (), PROBING)
    if looked.trouble:
        return Miss(case, f"the result cannot be used: the check {looked.trouble}", printed=outcome.printed)
    miss: Miss | None = looked.value
    if changed and not (miss and miss.difference is None):
        name = _parameter(answer, changed[0])
        text = f"changed its argument {name}: work on a copy, as in {name} = {name}.copy()"
        return Miss(case, text, printed=outcome.printed)
    if miss:
        miss.printed = outcome.printed
    return miss


def _looked_at(exercise: dict[str, Any], case: dict[str, Any], value: Any, helpers: dict[str, Any]) -> Miss | None:
    """Compare a result with the case's; under the deadline too, since a result may be of the reader's own making."""
    rule = Rule(**exercise["compare"])
    if exercise["kind"] == "figure":
        return _look_at_figure(case, value, rule)
    expected = decode(case["expected"], helpers)
    if "probe" in exercise:
        if said := wrong_type(value):
            return Miss(case, said)
        value = helpers["probe"](value, *(decode(data, helpers) for data in case["inputs"]))
    found = compare(expected, value, rule)
    if not found:
        return None
    return Miss(case, found.text, found.patterns, found, _known(case.get("mistakes", ()), value, rule))


def _look_at_figure(case: dict[str, Any], value: Any, rule: Rule) -> Miss | None:
    if not pictures.is_figure(value):
        return Miss(case, wrong_type(value, "a figure") or f"expected a figure, got {describe(value)}")
    data = pictures.as_data(value)
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close(value if hasattr(value, "savefig") else value.figure)
    text = pictures.difference(decode(case["expected"]), data, rule.rtol, rule.atol)
    return Miss(case, text) if text else None


def _judge_value(exercise: dict[str, Any], answer: Any, setup: str) -> Verdict:
    name = exercise["answer"]
    if answer is None or answer is ...:
        return Verdict(False, [f"`{name}` is still {answer}."], tried=False)
    if exercise.get("withheld"):
        return _later(name)
    if "sealed" in exercise:
        looked = running.run(lambda: _candidate(exercise["sealed"], answer), (), PROBING)
    else:
        helpers = _helpers(exercise, setup)
        looked = running.run(lambda: _probed_miss(exercise, answer, helpers), (), PROBING)
    if looked.trouble:
        return Verdict(False, [f"`{name}` cannot be used: the check {looked.trouble}"])
    miss: Miss | None = _try_seal(exercise["sealed"], looked.value) if "sealed" in exercise else looked.value
    if not miss:
        return Verdict(True, ["That is right."])
    return Verdict(False, [f"`{name}` is not right yet.", *_report([miss], "")], _notes([miss]))


def _later(name: str) -> Verdict:
    """There is an answer, and nothing here tells whether it is right."""
    return Verdict(
        False, [f"`{name}` has a value. Whether it is right is said when it is graded."], tried=False, later=True
    )


def _probed_miss(exercise: dict[str, Any], answer: Any, helpers: dict[str, Any]) -> Miss | None:
    """Look at an answer with the probe."""
    if said := wrong_type(answer, "numbers"):
        return Miss({}, said)
    wanted = json.loads(seal.unlock(exercise["locked"], seal.open_key(exercise["name"])))
    value = helpers["probe"](answer)
    rule = Rule(**exercise["compare"])
    found = compare(decode(wanted["expected"], helpers), value, rule)
    if not found:
        return None
    return Miss({}, found.text, found.patterns, found, _known(wanted["mistakes"], value, rule))


def _known(mistakes: Sequence[dict[str, Any]], value: Any, rule: Rule) -> tuple[str, ...]:
    """What the author says to the mistakes that give this value."""
    said = []
    for mistake in mistakes:
        with contextlib.suppress(Exception):
            if not compare(decode(mistake["value"]), value, rule):
                said.append(mistake["says"])
    return tuple(said)


def _candidate(sealed: dict[str, Any], answer: Any) -> Candidate:
    """What may open the seal; under the deadline, since an answer may be of the reader's own making."""
    if said := wrong_type(answer, "numbers"):
        return Candidate(said)
    if "shape" not in sealed:
        said = f"got {show(answer)}" if isinstance(answer, str) else f"expected a str, got {describe(answer)}"
        return Candidate(said, seal.content(answer, sealed))
    shape = tuple(sealed["shape"])
    array = np.asarray(answer)
    if array.dtype.kind not in "biuf":
        return Candidate(f"expected {'an array of numbers' if shape else 'a number'}, got {describe(answer)}")
    if array.shape != shape:
        text = f"shape {array.shape}" if array.ndim else "a single number"
        text += f", expected {f'shape {shape}' if shape else 'a single number'}"
        same = array.size == int(np.prod(shape))
        return Candidate(
            text, seal.content(array, sealed), seal.content(array.reshape(shape), sealed) if same else None
        )
    odd = "NaN" if np.isnan(array).any() else "infinite" if np.isinf(array).any() else ""
    return Candidate(odd or f"got {show(answer)}", seal.content(array, sealed))


def _try_seal(sealed: dict[str, Any], candidate: Candidate) -> Miss | None:
    """Derive a key, which is slow, and compare it with every digest: outside of the deadline."""
    if candidate.content is None:
        return Miss({}, candidate.said)
    key = _key(sealed, candidate.content)
    digest = seal.digest(key)
    if digest == sealed["right"]:
        return None
    mistakes = tuple(seal.unlock(m["says"], key) for m in sealed.get("mistakes", ()) if m["digest"] == digest)
    patterns = tuple(p["says"] for p in sealed.get("patterns", ()) if p["digest"] == digest)
    said = candidate.said
    if candidate.reshaped and seal.digest(_key(sealed, candidate.reshaped)) == sealed["right"]:
        said = f"{said}; the value is right"
    return Miss({}, said, patterns, feedback=mistakes)


def _key(sealed: dict[str, Any], content: str) -> bytes:
    return seal.key(content, sealed["salt"], sealed["iterations"])


def _judge_choice(exercise: dict[str, Any], answer: Any) -> Verdict:
    name, letters = exercise["answer"], exercise["letters"]
    among = ", ".join(f'"{letter}"' for letter in letters)
    if not isinstance(answer, str) or not answer.strip():
        return Verdict(False, [f"Set `{name}` to one of {among}."], tried=False)
    letter = answer.strip().strip(".").upper()
    if len(letter) != 1 or letter not in letters:
        return Verdict(False, [f"`{name}` is {show(answer)}; the answers are {among}."])
    if exercise.get("withheld"):
        return _later(name)
    sealed = exercise["sealed"]
    key = _key(sealed, f"text:{letter}")
    right = seal.digest(key) == sealed["right"]
    said = seal.unlock(sealed["says"][letters.index(letter)], key)
    return Verdict(right, [f"{letter} is {'right' if right else 'not right'}."], [said] if said else [])


def _helpers(exercise: dict[str, Any], setup: str) -> dict[str, Any]:
    """The chapter's imports, and the probe: code of the book, not of the reader."""
    names: dict[str, Any] = {}
    exec(setup, names)
    exec(exercise.get("probe", ""), names)
    return names


def _report(misses: list[Miss], name: str) -> list[str]:
    """The first miss in full, and the patterns that all misses of its kind share."""
    first = misses[0]
    lines = [f"in       {_call(first.case, name)}"] if name else []
    if first.difference:
        where = f"{first.difference.where}: " if first.difference.where else ""
        expected, got = first.difference.expected, first.difference.got
        scalar = not isinstance(expected, np.ndarray | list | tuple | dict) and not where
        if not scalar:
            lines += _beside("expected", expected) + _beside("got", got)
        lines.append(f"{where}{first.text}")
        alike = [miss for miss in misses if miss.difference]
        shared = [said for said in first.patterns if all(said in miss.patterns for miss in alike)]
        if len(alike) == 1:  # between any two numbers there is some difference
            shared = [said for said in shared if not said.startswith("the value is off")]
        lines += [f"→ {said}" for said in shared[:2]]
    else:
        lines += [first.text, *(f"→ {said}" for said in first.patterns[:1])]
    if first.printed:
        printed = first.printed.rstrip().split("\n")
        lines += ["your code printed:", *(f"  {line[:200]}" for line in printed[:8])]
        lines += ["  …"] if len(printed) > 8 else []
    return lines


def _notes(misses: list[Miss]) -> list[str]:
    """What the author says to a mistake that explains every miss."""
    return [said for said in misses[0].feedback if all(said in miss.feedback for miss in misses)][:1]


def _beside(word: str, value: Any) -> list[str]:
    text = running.run(show, (value,), PROBING).value or f"(a {type(value).__name__} that cannot be shown)"
    shape = f"   {describe(value)}, dtype {value.dtype}" if isinstance(value, np.ndarray) else ""
    return [f"{word:8} {text.replace(chr(10), chr(10) + ' ' * 9)}{shape}"]


def _call(case: dict[str, Any], name: str) -> str:
    if "call" in case:
        return case["call"] if len(case["call"]) <= 300 else case["call"][:300] + " …"
    inputs = ", ".join(show(decode(data)).replace("\n", "") for data in case["inputs"])
    return f"{name}({inputs})"


def _changed(data: Any, value: Any) -> bool:
    """Whether an argument is no longer what it was; what was no data cannot be told."""
    if isinstance(data, dict) and data.get("!") == "code":
        return False
    try:
        return json.dumps(encode(value)) != json.dumps(data)
    except NotData:
        return True


def _parameter(function: Callable[..., Any], place: int) -> str:
    try:
        return list(inspect.signature(function).parameters)[place]
    except (TypeError, ValueError, IndexError):
        return f"number {place + 1}"

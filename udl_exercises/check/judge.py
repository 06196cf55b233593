"""Judge one answer: run it on the cases, compare, and find the words for what differs."""

import contextlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from udl_exercises.check import pictures, running, seal
from udl_exercises.check.compare import Difference, Rule, as_array, compare, describe, show, too_large, wrong_type
from udl_exercises.check.data import Kind, decode
from udl_exercises.check.runner import LOOKING, Here, Prober, ProbingHere, Reply, Runner
from udl_exercises.check.saying import escaped


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
    return judge_with(Here(names, setup), ProbingHere(setup), exercise, cases)


def judge_with(runner: Runner, prober: Prober, exercise: dict[str, Any], cases: list[dict[str, Any]]) -> Verdict:
    """Judge an answer that `runner` can run, wherever that is; `prober` is asked where the exercise has a probe."""
    reply = runner.look(exercise["answer"])
    if reply.missing:
        text = f"`{exercise['answer']}` is not defined yet: run the cell that defines it, then this one."
        verdict = Verdict(False, [text], tried=False)
    elif reply.trouble:
        verdict = Verdict(False, [f"`{exercise['answer']}` cannot be used: the check {reply.trouble}"])
    elif exercise["kind"] in ("function", "figure"):
        verdict = _judge_function(runner, prober, exercise, cases, reply.value)
    elif exercise["kind"] == "choice":
        verdict = _judge_choice(exercise, reply.value)
    else:
        verdict = _judge_value(prober, exercise, reply.value)
    lines, notes = ([escaped(text) for text in texts] for texts in (verdict.lines, verdict.notes))
    return replace(verdict, lines=lines, notes=notes)


def _judge_function(
    runner: Runner, prober: Prober, exercise: dict[str, Any], cases: list[dict[str, Any]], answer: Any
) -> Verdict:
    name = exercise["answer"]
    if not isinstance(answer, Kind) or answer.words != "a function":
        return Verdict(False, [f"`{name}` is {describe(answer)}, and should be a function."])
    misses: list[Miss] = []
    done = 0
    for case in cases:
        done += 1
        if miss := _judge_case(runner, prober, exercise, case):
            misses.append(miss)
            if miss.late:
                break
    passed = done - len(misses)
    if not misses:
        said = {1: "The case is right.", 2: "Both cases are right."}.get(passed, f"All {passed} cases are right.")
        return Verdict(True, [said])
    head = f"{passed} of {len(cases)} cases {'is' if passed == 1 else 'are'} right."
    return Verdict(False, [head, *_report(misses, name)], _notes(misses))


def _judge_case(runner: Runner, prober: Prober, exercise: dict[str, Any], case: dict[str, Any]) -> Miss | None:
    name, figure = exercise["answer"], exercise["kind"] == "figure"
    reply = runner.call(name, case["inputs"], exercise["time_limit"], figure=figure)
    if reply.missing:
        return Miss(case, f"`{name}` is gone: its own code has deleted it", printed=reply.printed, late=True)
    if reply.trouble:
        return Miss(case, reply.trouble, printed=reply.printed, late=reply.late)
    miss = _look_at_figure(case, reply, _rule(exercise)) if figure else _look_at(prober, exercise, case, reply.value)
    if reply.changed and not (miss and miss.difference is None):
        text = f"changed its argument {reply.changed[0]}: work on a copy, as in {reply.changed[0]} = "
        miss = Miss(case, f"{text}{reply.changed[0]}.copy()")
    if miss:
        miss.printed = reply.printed
    return miss


def _look_at(prober: Prober, exercise: dict[str, Any], case: dict[str, Any], value: Any) -> Miss | None:
    """Compare a result with the case's, through the probe where there is one."""
    if "probe" in exercise:
        if said := wrong_type(value) or too_large(value):
            return Miss(case, said)
        probed = prober(exercise, value, case["inputs"])
        if probed.trouble:
            return Miss(case, f"the result cannot be used: the check {probed.trouble}")
        value = probed.value
    return _compared(exercise, case, value)


def _compared(exercise: dict[str, Any], case: dict[str, Any], value: Any) -> Miss | None:
    rule = _rule(exercise)
    looked = running.run(compare, (decode(case["expected"]), value, rule), LOOKING)
    if looked.trouble:
        return Miss(case, f"the result cannot be used: the check {looked.trouble}")
    found: Difference | None = looked.value
    if not found:
        return None
    return Miss(case, found.text, found.patterns, found, _known(case.get("mistakes", ()), value, rule))


def _look_at_figure(case: dict[str, Any], reply: Reply, rule: Rule) -> Miss | None:
    if not reply.drawn:
        said = wrong_type(reply.value, "a figure")
        return Miss(case, said or f"expected a figure, got {describe(reply.value)}")
    expected = decode(case["expected"])
    compared = running.run(pictures.difference, (expected, reply.value, rule.rtol, rule.atol), LOOKING)
    text = f"the result cannot be used: the check {compared.trouble}" if compared.trouble else compared.value
    return Miss(case, text) if text else None


def _judge_value(prober: Prober, exercise: dict[str, Any], answer: Any) -> Verdict:
    name = exercise["answer"]
    if answer is None or (isinstance(answer, Kind) and answer.words == "..."):
        return Verdict(False, [f"`{name}` is still {'None' if answer is None else 'Ellipsis'}."], tried=False)
    if exercise.get("withheld"):
        return _later(name)
    miss = _look_at_value(prober, exercise, answer)
    if not miss:
        return Verdict(True, ["That is right."])
    if miss.late:
        return Verdict(False, [f"`{name}` cannot be used: the check {miss.text}"])
    return Verdict(False, [f"`{name}` is not right yet.", *_report([miss], "")], _notes([miss]))


def _look_at_value(prober: Prober, exercise: dict[str, Any], answer: Any) -> Miss | None:
    """Try the seal, or look with the probe."""
    if "sealed" in exercise:
        looked = running.run(_candidate, (exercise["sealed"], answer), LOOKING)
        return Miss({}, looked.trouble, late=True) if looked.trouble else _try_seal(exercise["sealed"], looked.value)
    if said := wrong_type(answer, "numbers") or too_large(answer):
        return Miss({}, said)
    probed = prober(exercise, answer, [])
    if probed.trouble:
        return Miss({}, probed.trouble, late=True)
    wanted = json.loads(seal.unlock(exercise["locked"], seal.open_key(exercise["name"])))
    return _compared(exercise, wanted, probed.value)


def _later(name: str) -> Verdict:
    """There is an answer, and nothing here tells whether it is right."""
    return Verdict(
        False, [f"`{name}` has a value. Whether it is right is said when it is graded."], tried=False, later=True
    )


def _rule(exercise: dict[str, Any]) -> Rule:
    return Rule(**exercise["compare"])


def _known(mistakes: Sequence[dict[str, Any]], value: Any, rule: Rule) -> tuple[str, ...]:
    """What the author says to the mistakes that give this value."""
    said = []
    for mistake in mistakes:
        with contextlib.suppress(Exception):
            if not compare(decode(mistake["value"]), value, rule):
                said.append(mistake["says"])
    return tuple(said)


def _candidate(sealed: dict[str, Any], answer: Any) -> Candidate:
    """What may open the seal."""
    if said := wrong_type(answer, "numbers"):
        return Candidate(said)
    if "shape" not in sealed:
        said = f"got {show(answer)}" if isinstance(answer, str) else f"expected a str, got {describe(answer)}"
        return Candidate(said, seal.content(answer, sealed))
    shape = tuple(sealed["shape"])
    array, came = as_array(answer)
    if array is None or array.dtype.kind not in "biuf":
        return Candidate(f"expected {'an array of numbers' if shape else 'a number'}, got {came or describe(answer)}")
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
    text = running.run(show, (value,), LOOKING).value or f"(a {type(value).__name__} that cannot be shown)"
    shape = f"   {describe(value)}, dtype {value.dtype}" if isinstance(value, np.ndarray) else ""
    return [f"{word:8} {text.replace(chr(10), chr(10) + ' ' * 9)}{shape}"]


def _call(case: dict[str, Any], name: str) -> str:
    if "call" in case:
        return case["call"] if len(case["call"]) <= 300 else case["call"][:300] + " …"
    inputs = ", ".join(show(decode(data)).replace("\n", "") for data in case["inputs"])
    return f"{name}({inputs})"

"""An answer may be run anywhere: with a second runner, in another process over JSON, every word is the same."""

import json
from collections.abc import Iterator

import numpy as np
import pytest

from tests.exercises.elsewhere import Elsewhere
from tests.exercises.test_sources import EXERCISES
from udl_exercises.author.cases import run
from udl_exercises.author.model import GRADED, Chapter, Exercise
from udl_exercises.author.trying import Trial
from udl_exercises.check.data import Kind, encode
from udl_exercises.check.judge import judge, judge_with
from udl_exercises.check.runner import Here, Reply

CODED = [(c, e) for c, e in EXERCISES if e.kind in GRADED and e.kind != "choice"]
SETUP = "import numpy as np"
DOUBLE = {
    "name": "double", "kind": "function", "answer": "double", "time_limit": 0.3,
    "compare": {"how": "close", "rtol": 1e-7, "atol": 1e-9},
}  # fmt: skip
ODD = [  # bodies of double(x)
    "return object()", "return (2 * v for v in x)", "return double", "return {1, 2}",
    "return np.ma.array(x, mask=x > 0)",
    "return np.array([1, None])", "return 10**400", "return [10**5000]", "return 1e308 * x", "return x.astype('>f4')",
    "return 2 * np.longdouble(x)", "return '\\ud83d' + 'text'", "raise ValueError('\\udc00')", "print('\\udc00')",
    "x *= 2; return x", "while True: pass", "raise SystemExit", "return np.zeros(3 * 10**6)", "return [[x, None], 3]",
    "return {'a': print}", "print('p' * 5000); return x", "return np.array(['a', 'b'])", "return float('nan')",
    "return 2 * x", "return np.datetime64('2020-01-01')", "return [1, [2]]", "global double; del double; return 2 * x",
]  # fmt: skip


@pytest.fixture(scope="module")
def student() -> Iterator[Elsewhere]:
    with Elsewhere() as elsewhere:
        yield elsewhere


@pytest.fixture(scope="module")
def trusted() -> Iterator[Elsewhere]:
    """Where probes run, and no student's code ever does."""
    with Elsewhere() as elsewhere:
        yield elsewhere


@pytest.mark.parametrize(("chapter", "exercise"), CODED, ids=lambda part: getattr(part, "name", None))
def test_every_word_is_the_same_elsewhere(
    student: Elsewhere, trusted: Elsewhere, chapter: Chapter, exercise: Exercise
) -> None:
    trial = Trial(chapter, exercise, draws=2)
    trusted.start(chapter.setup, "")
    for code in (exercise.solution, exercise.starter, *(mutant.code for mutant in exercise.mutants)):
        here = judge(trial.data, trial.cases, run(chapter, exercise, code), chapter.setup)
        student.start(chapter.setup, code)
        assert judge_with(student, trusted, trial.data, trial.cases) == here


@pytest.mark.parametrize("body", ODD)
def test_odd_answers_get_the_same_words_elsewhere(student: Elsewhere, trusted: Elsewhere, body: str) -> None:
    x = np.array([1.0, -2.5])
    cases = [{"call": "double(x)", "inputs": [encode(x)], "expected": encode(2 * x)}]
    code = f"def double(x):\n    {body}\n"
    names: dict = {"np": np}
    exec(compile(code, "<cell>", "exec"), names)
    here = judge(DOUBLE, cases, names, SETUP)
    assert not student.start(SETUP, code).trouble
    assert judge_with(student, trusted, DOUBLE, cases) == here
    assert here.right == body.endswith(("return 2 * x", "return 2 * np.longdouble(x)")), here.text
    here.text.encode()  # whatever was printed or raised, it can be written


def test_values_keep_the_kind_of_what_cannot_be_sent() -> None:
    names = {"f": len, "n": (v for v in ()), "o": object(), "s": "text", "e": ...}
    kinds = {name: Here(names).look(name).value for name in names}
    assert kinds == {
        "f": Kind("a function"),
        "n": Kind("a generator"),
        "o": Kind("a object"),
        "s": "text",
        "e": Kind("..."),
    }
    assert Here(names).look("absent").missing


@pytest.mark.parametrize(
    "reply",
    [
        Reply(), Reply(3), Reply(trouble="raises X", printed="p"), Reply(late=True, trouble="took longer"),
        Reply(missing=True), Reply({"panels": []}, drawn=True), Reply((1, [Kind("a generator")]), changed=("x", "y")),
    ],
    ids=repr,
)  # fmt: skip
def test_a_reply_comes_back_as_it_was(reply: Reply) -> None:
    assert Reply.from_data(json.loads(json.dumps(reply.to_data()))) == reply


@pytest.mark.parametrize(
    "data",
    [
        None, 3, [], {"value": 1, "right": True}, {"value": {"!": "code", "source": "1"}}, {"trouble": 3},
        {"changed": "x"}, {"changed": [1]}, {"printed": "p" * 10**5}, {"value": {"!": "array"}},
    ],
    ids=repr,
)  # fmt: skip
def test_a_forged_reply_is_refused(data: object) -> None:
    with pytest.raises(ValueError):
        Reply.from_data(data)


def test_a_picture_must_have_been_drawn() -> None:
    """The data of a picture, returned as a dictionary, is no picture."""
    expected = {"panels": []}
    exercise = DOUBLE | {"kind": "figure"}
    verdict = judge(
        exercise, [{"call": "d()", "inputs": [], "expected": encode(expected)}], {"double": lambda: expected}
    )
    assert not verdict.right and "expected a figure, got a dict" in verdict.text


def test_figures_that_were_opened_on_the_way_are_closed() -> None:
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    def draw():  # type: ignore[no-untyped-def]
        plt.figure()
        return plt.subplots()[0]

    kept = plt.figure()
    try:
        assert Here({"draw": draw}).call("draw", [], 20, figure=True).drawn
        assert plt.get_fignums() == [kept.number]
    finally:
        plt.close(kept)

"""Every exercise of every source: the reference is right, the starter and every mutant fail, and messages name why."""

import re
from pathlib import Path

import pytest

from udl_exercises.author.cases import run
from udl_exercises.author.derive import chapters
from udl_exercises.author.model import GRADED, Chapter, Exercise
from udl_exercises.author.source import read_chapter
from udl_exercises.author.trying import Trial, troubles
from udl_exercises.check.judge import judge

ROOT = Path(__file__).parents[2]
SETS = chapters(ROOT)
CHAPTERS = [*SETS, read_chapter(ROOT / "exercises/every_kind.md")]
EXERCISES = [(chapter, exercise) for chapter in CHAPTERS for exercise in chapter.exercises]
SET_ALREADY = re.compile(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$", re.DOTALL)
SYMBOL = re.compile(r"[\u0370-\u03ff]|[₀-₉⁰²³⁴-⁹√∞≤≥≠∑]|\b[A-Za-z]_[\w{]|\w\^\w")
FORMATS_SHOWN = {"function", "figure", "value", "array", "choice", "text"}


@pytest.mark.parametrize(("chapter", "exercise"), EXERCISES, ids=lambda part: getattr(part, "name", None))
def test_an_exercise_is_sound(chapter: Chapter, exercise: Exercise) -> None:
    assert not list(troubles(chapter, exercise))


@pytest.mark.parametrize(
    ("chapter", "exercise"),
    [(c, e) for c, e in EXERCISES if e.hidden],
    ids=lambda part: getattr(part, "name", None),
)
def test_other_seeds_give_other_cases_that_the_reference_passes(chapter: Chapter, exercise: Exercise) -> None:
    here, there = (Trial(chapter, exercise, seed, draws=20) for seed in (7, 8))
    assert here.data["hidden"] != there.data["hidden"]
    assert here.data == Trial(chapter, exercise, 7, draws=20).data, "the same seed gives the same cases"
    assert there.verdict(exercise.solution).right


@pytest.mark.parametrize("chapter", SETS, ids=lambda chapter: chapter.stem)
def test_a_set_belongs_to_its_chapter(chapter: Chapter) -> None:
    assert chapter.number == int(chapter.stem[:2])
    assert (ROOT / f"chapters/{chapter.stem}.ipynb").is_file()
    assert f"book/exercises/{chapter.stem}" in (ROOT / "_toc.yml").read_text(encoding="utf-8"), "it has its page"


def test_names_are_unique_in_the_whole_book() -> None:
    names = [exercise.name for chapter in SETS for exercise in chapter.exercises]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_symbols_stand_in_formulas_or_in_code(chapter: Chapter) -> None:
    """Hints and feedback are shown as Markdown: what stands between dollars is typeset."""
    for exercise in chapter.exercises:
        feedback = [part.feedback for part in (*exercise.mutants, *exercise.options)]
        for text in (exercise.statement, exercise.explanation, *exercise.hints, *feedback):
            assert not (bare := SYMBOL.search(SET_ALREADY.sub("", text))), (exercise.name, bare[0], text)


def test_the_file_to_copy_from_shows_every_kind() -> None:
    assert {exercise.kind for exercise in CHAPTERS[-1].exercises} == FORMATS_SHOWN


@pytest.mark.parametrize(
    ("chapter", "exercise"),
    [(c, e) for c, e in EXERCISES if e.kind in GRADED and e.kind != "choice"],
    ids=lambda part: getattr(part, "name", None),
)
def test_the_trial_itself_can_fail(chapter: Chapter, exercise: Exercise) -> None:
    """With a mutant for its reference, every exercise is found out: no check lets everything through."""
    mutant = exercise.mutants[0]
    trial = Trial(chapter, exercise)
    assert not trial.verdict(mutant.code).right
    assert not trial.verdict(f"{exercise.answer} = None").right


@pytest.mark.parametrize(
    ("chapter", "exercise"),
    [(c, e) for c, e in EXERCISES if e.kind == "figure"],
    ids=lambda part: getattr(part, "name", None),
)
def test_a_drawing_by_heart_is_found_out(chapter: Chapter, exercise: Exercise) -> None:
    """Whoever replots the visible data passes the visible cases, and no hidden one of any seed but by chance."""
    by_heart = next(mutant for mutant in exercise.mutants if mutant.title == "replots the visible data")
    for seed in (3, 4):
        trial = Trial(chapter, exercise, seed)
        names = run(chapter, exercise, by_heart.code)
        assert judge(trial.data, trial.data["visible"], names, chapter.setup).right
        assert not judge(trial.data, trial.data["hidden"], names, chapter.setup).right
        assert 3 <= len(trial.data["hidden"]) <= 5, "each holds a whole picture"

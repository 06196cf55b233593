"""nbgrader's source notebook: solutions between its marks, hidden cases in its hidden tests, manual cells for texts."""

from typing import Any

from udl_exercises.author.cases import exercise_data
from udl_exercises.author.cells import Cell, code, markdown, notebook
from udl_exercises.author.model import CALLED, GRADED, Chapter, Exercise
from udl_exercises.author.notebooks import HOW, load_cell, question, reference, starter
from udl_exercises.author.settings import Settings
from udl_exercises.check.data import pack

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
PLACEHOLDERS = ("...", "pass", "", "return ...")
CONFIG = """\
# A course for nbgrader: nbgrader generate_assignment 01_linear_regression
c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "deep-learning"
"""


def source(chapter: Chapter, settings: Settings) -> dict[str, Any]:
    """The source notebook, as `nbgrader generate_assignment` takes it."""
    cells = [
        markdown("title", f"# Exercises: {chapter.title}\n\n{chapter.intro}\n\n{HOW}", **_locked("title")),
        code("load", load_cell(chapter, settings), **_locked("load"), jupyter={"source_hidden": True}),
    ]
    if chapter.setup:
        cells.append(code("setup", chapter.setup, **_locked("setup")))
    for number, exercise in enumerate(chapter.exercises, 1):
        cells += _exercise(chapter, exercise, settings, number)
    return notebook(cells, udl={"exercises": chapter.stem})


def _exercise(chapter: Chapter, exercise: Exercise, settings: Settings, number: int) -> list[Cell]:
    name = exercise.name
    asked = question(number, exercise)
    if exercise.kind not in GRADED:
        manual = _nbgrader(name, grade=True, solution=True, points=exercise.points, cell_type="markdown")
        return [
            markdown(f"{name}-question", asked, **_locked(f"{name}-question")),
            markdown(name, exercise.explanation, **manual),
        ]
    if exercise.kind not in CALLED:
        among = " (one of the letters, in quotes)" if exercise.kind == "choice" else ""
        asked += f"\n\nYour answer goes into the variable `{exercise.answer}`{among}."
    begin, answer = _with_marks(starter(exercise), reference(exercise), exercise)
    if begin:
        asked += f"\n\nThe code to begin with; copy it into the cell below:\n\n```python\n{begin}\n```"
    packed = pack(
        {
            "setup": chapter.setup,
            "exercises": [exercise_data(chapter, exercise, seed=settings.seed, hidden=settings.hidden)],
        }
    )
    test = (  # brings its own names: a student may call a variable `check`, or have lost the first cell
        f'from udl_exercises.check import check as _check\n\n_check("{name}")\n{BEGIN_HIDDEN}\n'
        f"from udl_exercises.check import grade as _grade\n\n_grade({name!r}, {packed!r})\n{END_HIDDEN}"
    )
    return [
        markdown(f"{name}-question", asked, **_locked(f"{name}-question")),
        code(f"{name}-answer", answer, **_nbgrader(f"{name}-answer", grade=False, solution=True)),
        code(f"{name}-check", test, **_nbgrader(name, grade=True, solution=False, points=exercise.points, locked=True)),
    ]


def _with_marks(begin: str, solution: str, exercise: Exercise) -> tuple[str, str]:
    """The starter to show apart, if any, and the solution with nbgrader's marks around what a student writes.

    nbgrader puts its own stub for what stands between the marks. Where starter and solution differ only in a place to
    fill, that place is marked; a starter with code of its own to change is shown in the question.
    """
    whole = f"{BEGIN}\n{solution}\n{END}"
    ours, theirs = begin.rstrip().split("\n"), solution.rstrip().split("\n")
    if exercise.kind not in CALLED:
        return "", whole
    head = _alike(ours, theirs)
    tail = _alike(ours[head:][::-1], theirs[head:][::-1])
    gap, filling = ours[head : len(ours) - tail], theirs[head : len(theirs) - tail]
    if any(line.split("#")[0].strip() not in PLACEHOLDERS for line in gap) or not filling or not head:
        return begin, whole
    indent = min((len(line) - len(line.lstrip()) for line in filling if line.strip()), default=0)
    marked = [" " * indent + BEGIN, *filling, " " * indent + END]
    return "", "\n".join([*theirs[:head], *marked, *theirs[len(theirs) - tail :]])


def _alike(ours: list[str], theirs: list[str]) -> int:
    """How many lines are the same from the start."""
    pairs = zip(ours, theirs, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(ours), len(theirs)))


def _locked(name: str) -> dict[str, Any]:
    return _nbgrader(f"{name}-text" if name == "title" else name, grade=False, solution=False, locked=True)


def _nbgrader(
    name: str, *, grade: bool, solution: bool, locked: bool = False, points: int | None = None, **more: Any
) -> dict[str, Any]:
    found = {
        "schema_version": 3,
        "grade_id": name,
        "grade": grade,
        "solution": solution,
        "locked": locked,
        "task": False,
    }
    return {"nbgrader": found | ({"points": points} if grade else {}) | more}

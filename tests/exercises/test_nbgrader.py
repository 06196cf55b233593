"""Every chapter's set in a real nbgrader: the reference gets all points that a machine can give, the starter none."""

from pathlib import Path

import pytest

from tests.exercises.nbgrader_course import ROOT, nbgrader
from udl_exercises.author.derive import chapters, write_assignments
from udl_exercises.author.model import GRADED, Chapter
from udl_exercises.author.settings import Settings

pytestmark = pytest.mark.rests_on(
    "exercises/{}.md", "exercises/settings.yml", "udl_core", "udl_exercises", "constraints.txt",
    "tests/nbgrader-requirements.txt", "tests/exercises/nbgrader_course.py",
)  # fmt: skip


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("assignments")
    list(write_assignments(ROOT, out, Settings(seed=2027, hidden=5), execute=False))
    return out / "nbgrader"


@pytest.mark.parametrize("chapter", chapters(ROOT), ids=lambda chapter: chapter.stem)
def test_the_reference_gets_full_marks_and_the_starter_none(course: Path, chapter: Chapter) -> None:
    nbgrader(course, "generate_assignment", chapter.stem, "--create")
    for student, folder in (("reference", "source"), ("starter", "release")):
        target = course / "submitted" / student / chapter.stem / f"{chapter.stem}.ipynb"
        target.parent.mkdir(parents=True)
        target.write_bytes((course / folder / chapter.stem / target.name).read_bytes())
    nbgrader(course, "autograde", chapter.stem)
    nbgrader(course, "export", "--to", f"{chapter.stem}.csv")
    header, *rows = [line.split(",") for line in (course / f"{chapter.stem}.csv").read_text().splitlines()]
    column = {name: place for place, name in enumerate(header)}
    rows = [row for row in rows if row[column["assignment"]] == chapter.stem]
    full = sum(exercise.points for exercise in chapter.exercises if exercise.kind in GRADED)
    assert {row[column["student_id"]]: float(row[column["score"]]) for row in rows} == {"reference": full, "starter": 0}
    assert {float(row[column["max_score"]]) for row in rows} == {chapter.points}

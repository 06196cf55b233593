"""What is derived from a source: each notebook holds what its reader needs, and nothing that he should not see."""

import ast
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.exercises.nbgrader_course import nbgrader
from udl_core.check.data import unpack
from udl_exercises import derive
from udl_exercises.__main__ import main
from udl_exercises.derive import write_assignments, write_pages
from udl_exercises.model import GRADED, Chapter, Exercise
from udl_exercises.settings import Settings, read_settings
from udl_exercises.source import read_chapter

ROOT = Path(__file__).parents[2]
STEM = "00_every_kind"
PACKED = re.compile(r"""(?:load|grade)\((?:'[\w-]+', )?(['"])(.+?)\1\)""")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one source, that has every kind of exercise."""
    root = tmp_path_factory.mktemp("project")
    (root / "exercises").mkdir()
    (root / f"exercises/{STEM}.md").write_bytes((ROOT / "exercises/every_kind.md").read_bytes())
    return root


@pytest.fixture(scope="module")
def out(root: Path) -> Path:
    list(write_assignments(root, root / "out", Settings()))
    return root / "out"


@pytest.fixture(scope="module")
def chapter(root: Path) -> Chapter:
    return read_chapter(root / f"exercises/{STEM}.md")


def read(path: Path) -> dict[str, Any]:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return json.loads(path.read_text(encoding="utf-8"))


def text_of(path: Path) -> str:
    """All text of a notebook, with what is packed in it unpacked."""
    text = "\n\n".join("".join(cell["source"]) for cell in read(path)["cells"])
    return text + "".join(json.dumps(unpack(found[2]), ensure_ascii=False) for found in PACKED.finditer(text))


def given(exercise: Exercise) -> str:
    """What a reader of an exercise has before him."""
    options = [option.text for option in exercise.options]
    pieces = [exercise.statement, exercise.starter, exercise.visible, exercise.probe, *exercise.hints, *options]
    return "\n".join(pieces)


def secrets(exercises: Iterable[Exercise]) -> list[str]:
    """Lines, sentences and typical mistakes that stand in solutions and nowhere in what a reader is given."""
    exercises = list(exercises)
    shown = "\n".join(map(given, exercises))
    found = []
    for exercise in exercises:
        found += [line.strip() for line in exercise.solution.split("\n")]
        found += re.split(r"(?<=[.:;])\s", exercise.explanation)
        found += [mutant.code for mutant in exercise.mutants]
    return [secret for secret in found if len(secret) > 12 and secret not in shown]


@pytest.mark.parametrize("where", ["student", "class page", "class reader", "nbgrader release"])
def test_no_solution_where_there_should_be_none(root: Path, out: Path, chapter: Chapter, where: str) -> None:
    name = f"{STEM}.ipynb"
    if where == "class page":
        write_pages(root, Settings(solutions=False))
        path = root / "book/exercises" / name
    elif where == "class reader":
        list(write_assignments(root, root / "class", Settings(solutions=False), execute=False))
        path = root / "class/reader" / name
    elif where == "nbgrader release":
        course = released(root, out)
        path = course / "release" / STEM / name
    else:
        path = out / where / name
    text = text_of(path)
    assert not [secret for secret in secrets(chapter.exercises) if secret in text]
    assert "double_alpha" in text and len(text) > 3000, "the questions are there"
    assert len(secrets(chapter.exercises)) > 10


def test_the_readers_notebook_has_solutions_closed(out: Path, chapter: Chapter) -> None:
    text = text_of(out / "reader" / f"{STEM}.ipynb")
    closed = "".join(re.findall(r"<details><summary><b>Solution</b></summary>.*?</details>", text, re.DOTALL))
    mistakes = [mutant.code for exercise in chapter.exercises for mutant in exercise.mutants]
    assert not [secret for secret in secrets(chapter.exercises) if secret not in closed and secret not in mistakes]
    outside = re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL)
    assert not [secret for secret in secrets(chapter.exercises) if secret in outside]


@pytest.mark.parametrize("hints", [0, 1, None])
def test_hints_are_as_many_as_the_instructor_chooses(root: Path, chapter: Chapter, hints: int | None) -> None:
    list(write_assignments(root, root / f"hints{hints}", Settings(hints=hints), execute=False))
    text = text_of(root / f"hints{hints}/student/{STEM}.ipynb")
    for exercise in chapter.exercises:
        for number, hint in enumerate(exercise.hints):
            assert (hint in text) == (hints is None or number < hints)


def test_the_student_notebook_runs_from_top_to_bottom_as_it_is(out: Path) -> None:
    """Nothing is solved, and nothing fails: a check says so in words."""
    run = derive._executed(read(out / "student" / f"{STEM}.ipynb"))
    outputs = [output for cell in run["cells"] for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output["output_type"] == "error"]
    said = "".join("".join(output.get("text", "")) for output in outputs)
    assert said.count("✗") == 5 and "✓" not in said


def test_the_instructors_notebook_is_executed_and_right(out: Path, chapter: Chapter) -> None:
    notebook = read(out / "instructor" / f"{STEM}.ipynb")
    said = "".join("".join(o.get("text", "")) for c in notebook["cells"] for o in c.get("outputs", []))
    graded = [exercise for exercise in chapter.exercises if exercise.kind in GRADED]
    assert [f"✓ {exercise.name}:" in said for exercise in graded] == [True] * len(graded)
    assert f"{len(graded)} of {len(graded)} solved" in said
    text = text_of(out / "instructor" / f"{STEM}.ipynb")
    assert "2 points: says which unit changes" in text, "the rubric"
    assert f"**{chapter.points}**" in text


def test_an_answer_can_be_found_by_its_mark(out: Path, chapter: Chapter) -> None:
    cells = read(out / "student" / f"{STEM}.ipynb")["cells"]
    marked = [c["metadata"]["udl"]["exercise"] for c in cells if c["metadata"].get("udl", {}).get("part") == "answer"]
    assert marked == [exercise.name for exercise in chapter.exercises]


def test_cases_are_data_for_any_grader(out: Path, chapter: Chapter) -> None:
    data = json.loads((out / f"cases/{STEM}.json").read_text(encoding="utf-8"))
    joints = data["exercises"][0]
    assert (joints["answer"], joints["time_limit"], data["seed"]) == ("joints", 5.0, 1)
    assert joints["compare"] == {"how": "any order", "rtol": 1e-7, "atol": 1e-9}
    assert len(joints["hidden"]) == 20
    assert joints["hidden"][0]["inputs"][0]["dtype"] == "float64"
    shared = unpack(next(iter(PACKED.finditer(text_of(out / f"student/{STEM}.ipynb"))))[2])
    assert not any("hidden" in exercise for exercise in shared["exercises"])


def test_the_same_source_gives_the_same_bytes_and_pages_without_source_go(root: Path) -> None:
    first = {path: path.read_bytes() for path in write_pages(root, Settings())}
    stamp = {path: path.stat().st_mtime_ns for path in first}
    (root / "book/exercises/77_gone.ipynb").write_text("{}")
    assert {path: path.read_bytes() for path in write_pages(root, Settings())} == first
    assert {path: path.stat().st_mtime_ns for path in first} == stamp, "unchanged files are left alone"
    assert not (root / "book/exercises/77_gone.ipynb").exists()
    page = read(root / f"book/exercises/{STEM}.ipynb")
    assert page["metadata"]["mystnb"] == {"execution_mode": "off"}
    assert not any(cell.get("outputs") for cell in page["cells"])


def released(root: Path, out: Path) -> Path:
    """The nbgrader course after `generate_assignment`."""
    course = out / "nbgrader"
    if not (course / "release").exists():
        nbgrader(course, "generate_assignment", STEM, "--create")
    return course


def test_nbgrader_gives_the_reference_full_marks_and_the_starter_none(root: Path, out: Path, chapter: Chapter) -> None:
    course = released(root, out)
    name = f"{STEM}.ipynb"
    submitted = {
        "reference": course / "source" / STEM / name,
        "starter": course / "release" / STEM / name,
    }
    for student, path in submitted.items():
        target = course / "submitted" / student / STEM / name
        target.parent.mkdir(parents=True)
        target.write_bytes(path.read_bytes())
    broken = read(submitted["reference"])
    for cell in broken["cells"]:
        if cell["id"] == "joints-answer":
            cell["source"] = "def joints(theta):\n    return theta[:, 0] / theta[:, 1]"
    target = course / "submitted/broken" / STEM / name
    target.parent.mkdir(parents=True)
    target.write_text(json.dumps(broken))
    nbgrader(course, "autograde", STEM)
    nbgrader(course, "export", "--to", "grades.csv")
    nbgrader(course, "generate_feedback", STEM)
    header, *rows = [line.split(",") for line in (course / "grades.csv").read_text().splitlines()]
    scores = {row[header.index("student_id")]: float(row[header.index("score")]) for row in rows}
    by_hand = sum(exercise.points for exercise in chapter.exercises if exercise.kind not in GRADED)
    full = chapter.points - by_hand
    assert scores == {"reference": full, "starter": 0, "broken": full - 2}
    assert float(rows[0][header.index("max_score")]) == chapter.points
    feedback = (course / "feedback/broken" / STEM / f"{STEM}.html").read_text(encoding="utf-8")
    assert "the sign is the other way round" in feedback


def test_settings_are_checked(tmp_path: Path) -> None:
    (tmp_path / "exercises").mkdir()
    path = tmp_path / "exercises/settings.yml"
    assert read_settings(tmp_path) == Settings()
    path.write_text("solutions: false\nhints: 2\nseed: 5\n")
    assert read_settings(tmp_path) == Settings(solutions=False, hints=2, seed=5)
    assert read_settings(tmp_path, hints="none", seed=9) == Settings(solutions=False, hints=0, seed=9)
    for text, words in [
        ("solution: no", "unknown setting solution"),
        ("seed: x", "seed must be"),
        ("hints: -1", "hints"),
    ]:
        path.write_text(text)
        with pytest.raises(ValueError, match=words):
            read_settings(tmp_path)


def test_the_command_says_what_is_wrong_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "02_x.md"
    path.write_text("no head")
    assert main(["try", str(path)]) == 1
    assert capsys.readouterr().err.startswith(f"error: {path}:1: the file begins with `---`")
    assert main(["try", str(ROOT / "exercises/every_kind.md"), "joints"]) == 0
    assert "1 of 1 exercises are sound" in capsys.readouterr().out


def test_the_code_that_is_packed_is_only_imports_and_probes(out: Path, chapter: Chapter) -> None:
    data = json.loads((out / f"cases/{STEM}.json").read_text(encoding="utf-8"))
    assert all(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.parse(data["setup"]).body)
    assert {e["name"] for e in data["exercises"] if "probe" in e} == {"three-joints"}

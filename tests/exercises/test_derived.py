"""What is derived from a source: each notebook holds what its reader needs, and nothing that he should not see."""

import ast
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml

from tests.exercises.nbgrader_course import nbgrader
from udl_exercises.__main__ import main
from udl_exercises.author import derive
from udl_exercises.author.cells import code, markdown, notebook
from udl_exercises.author.derive import write_assignments, write_pages
from udl_exercises.author.model import GRADED, Chapter, Exercise
from udl_exercises.author.settings import Settings, read_settings
from udl_exercises.author.source import read_chapter
from udl_exercises.check import Check, WrongAnswer
from udl_exercises.check.data import pack, unpack
from udl_exercises.check.seal import ITERATIONS

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
    list(write_assignments(root, root / "out", Settings(seed=7)))
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
    assert f"{len(graded)} of {len(chapter.exercises)} solved" in said, "the other is answered in words"
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
    assert (joints["answer"], joints["time_limit"], data["seed"]) == ("joints", 5.0, 7)
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
    by_accident = {student: read(submitted["reference"]) for student in ("names", "deleted", "moved")}
    for cell in by_accident["names"]["cells"]:
        if cell["id"].endswith("-answer") and cell["cell_type"] == "code":
            scratch = "check = np = list = len = grade = Shallow = 3"
            cell["source"] = f"import numpy as np\n\n{cell['source']}\n{scratch}"
    for student in ("deleted", "moved"):
        cells = by_accident[student]["cells"]
        first = [cells.pop(place) for place in (2, 1)]
        assert {cell["id"] for cell in first} == {"load", "setup"}
        cells += first if student == "moved" else []
    for student, handed_in in {"broken": broken, **by_accident}.items():
        target = course / "submitted" / student / STEM / name
        target.parent.mkdir(parents=True)
        target.write_text(json.dumps(handed_in))
    nbgrader(course, "autograde", STEM)
    nbgrader(course, "export", "--to", "grades.csv")
    nbgrader(course, "generate_feedback", STEM)
    header, *rows = [line.split(",") for line in (course / "grades.csv").read_text().splitlines()]
    scores = {row[header.index("student_id")]: float(row[header.index("score")]) for row in rows}
    by_hand = sum(exercise.points for exercise in chapter.exercises if exercise.kind not in GRADED)
    full = chapter.points - by_hand
    assert scores == {"reference": full, "starter": 0, "broken": full - 2} | dict.fromkeys(by_accident, full)
    assert float(rows[0][header.index("max_score")]) == chapter.points
    feedback = (course / "feedback/broken" / STEM / f"{STEM}.html").read_text(encoding="utf-8")
    assert "the sign is the other way round" in feedback


def test_settings_are_checked(tmp_path: Path) -> None:
    (tmp_path / "exercises").mkdir()
    path = tmp_path / "exercises/settings.yml"
    assert read_settings(tmp_path) == Settings()
    assert Settings().seed is None and Settings().answers == "sealed"
    path.write_text("solutions: false\nhints: 2\nseed: 5\n")
    assert read_settings(tmp_path) == Settings(solutions=False, hints=2, seed=5)
    assert read_settings(tmp_path, hints="none", seed=9) == Settings(solutions=False, hints=0, seed=9)
    for text, words in [
        ("solution: no", "unknown setting solution"),
        ("seed: x", "seed must be"),
        ("seed: -1", "seed must be"),
        ("hints: -1", "hints"),
        ("answers: hidden", "answers must be sealed or withheld, got 'hidden'"),
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


def shipped(path: Path) -> dict[str, Any]:
    """The cases that a notebook loads."""
    found = next(PACKED.finditer("\n\n".join("".join(cell["source"]) for cell in read(path)["cells"])))
    return {exercise["name"]: exercise for exercise in unpack(found[2])["exercises"]}


def test_what_is_expected_of_an_answer_stands_in_no_notebook(out: Path) -> None:
    exercises = shipped(out / "student" / f"{STEM}.ipynb")
    assert "expected" not in exercises["three-joints"] and "2.0" not in exercises["three-joints"]["locked"]
    for name in ("fourth-slope", "double-alpha"):
        sealed = exercises[name]["sealed"]
        assert len(sealed["right"]) == 20, "one digest for the whole answer"
        assert sealed["iterations"] == ITERATIONS, "what is handed out has the full cost"
    told = json.dumps(exercises, ensure_ascii=False)
    assert "Add it to the slope before" not in told and "something undoes it" not in told, "nor what mistakes are told"


def test_withheld_answers_are_in_nothing_that_students_get(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(solutions=False, answers="withheld", seed=1)
    list(write_assignments(root, tmp_path, settings, execute=False))
    write_pages(root, settings)
    name = f"{STEM}.ipynb"
    for path in (tmp_path / "student" / name, tmp_path / "reader" / name, root / "book/exercises" / name):
        exercises = shipped(path)
        for each in ("fourth-slope", "three-joints", "double-alpha"):
            assert exercises[each]["withheld"] is True
            assert not {"sealed", "locked", "expected", "mistakes", "probe"} & set(exercises[each])
        assert "visible" in exercises["joints"], "functions are checked as ever"
    monkeypatch.chdir(tmp_path)
    check = Check()
    check.load(pack({"chapter": STEM, "setup": "", "exercises": list(exercises.values())}))
    for answers in ({"double_alpha": "C"}, {"double_alpha": "A"}, {"fourth_slope": 1.5}, {"phi": 3}):
        exercise = next(e["name"] for e in exercises.values() if e.get("answer") in answers)
        for _ in range(4):
            check(exercise, names=answers)
        said = capsys.readouterr().out
        assert "✓" not in said and "✗" not in said and said.count("when it is graded") == 4
        assert "Hint" not in said, "nothing is missed"
    check("double-alpha", names={"double_alpha": "Q"})
    assert "the answers are" in capsys.readouterr().out
    check.progress()
    assert "double-alpha  later" in (out := capsys.readouterr().out) and "0 of 6 solved, 0 of 13 points." in out


def test_withheld_answers_are_graded_all_the_same(root: Path, tmp_path: Path) -> None:
    list(write_assignments(root, tmp_path, Settings(answers="withheld", seed=1), execute=False))
    cells = read(tmp_path / f"nbgrader/source/{STEM}/{STEM}.ipynb")["cells"]
    test = next("".join(cell["source"]) for cell in cells if cell["id"] == "fourth-slope-check")
    visible, _, hidden = test.partition("### BEGIN HIDDEN TESTS")
    assert "load(" not in visible and "digest" not in visible
    exec(hidden, {"fourth_slope": 1.5})
    with pytest.raises(WrongAnswer, match="not right yet"):
        exec(hidden, {"fourth_slope": 2.5})


def test_the_seed_is_drawn_once_and_recorded(root: Path, tmp_path: Path) -> None:
    def drawn(folder: str, seed: int | None = None) -> tuple[int, str]:
        list(write_assignments(root, tmp_path / folder, Settings(seed=seed), execute=False))
        hidden = json.loads((tmp_path / folder / f"cases/{STEM}.json").read_text())
        recorded = yaml.safe_load((tmp_path / folder / "hidden-cases.yml").read_text())["seed"]
        assert hidden["seed"] == recorded
        assert str(recorded) in text_of(tmp_path / folder / f"instructor/{STEM}.ipynb")
        assert str(recorded) not in text_of(tmp_path / folder / f"student/{STEM}.ipynb")
        return recorded, json.dumps(hidden["exercises"])

    first = drawn("one")
    assert drawn("one") == first, "the next build has the same cases"
    other = drawn("two")
    assert other[0] != first[0] and other[1] != first[1], "no two courses share theirs by default"
    assert drawn("two", first[0]) == first, "a recorded seed gives its cases again"
    (tmp_path / "two/hidden-cases.yml").write_text("seed: x")
    with pytest.raises(ValueError, match="holds no line `seed: 2027`; delete the file"):
        drawn("two")


def test_ids_that_meet_are_refused_when_a_notebook_is_made() -> None:
    with pytest.raises(ValueError, match="'a-answer' is the id of two cells"):
        notebook([code("a-answer", "1"), markdown("b", "2"), code("a-answer", "3")])
    with pytest.raises(ValueError, match="cannot be a cell's id"):
        notebook([code("a" * 65, "1")])
    graded = {"nbgrader": {"grade_id": "same"}}
    with pytest.raises(ValueError, match="'same' is the id of two cells"):
        notebook([code("a", "1", **graded), code("b", "1", **graded)])

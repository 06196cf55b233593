"""A chapter's exercises as notebooks: for the book's page and its readers, for students, and for instructors."""

from typing import Any

from udl_exercises.author.cases import chapter_data
from udl_exercises.author.cells import Cell, code, markdown, notebook
from udl_exercises.author.model import GRADED, Chapter, Exercise
from udl_exercises.author.settings import Settings
from udl_exercises.check.data import pack

HOW = """\
Write your answer in the cell below a question and run it. Then run the cell with `check`: it says at once what is right
and what differs. From the third try on it also gives hints. Should a check never answer, choose *Kernel › Restart* and
look for a loop that does not end."""
RUN = "On the site, *Run in browser* opens this page with Python in it."
YOURS = "*Write your answer here: double-click this cell.*"


def page(chapter: Chapter, settings: Settings) -> dict[str, Any]:
    """The page in the book, which is also the reader's notebook; never executed, so that nothing shows as failed."""
    closed = (
        "Hints and solutions stay closed until you open them."
        if settings.solutions
        else "Hints stay closed until you open them."
    )
    cells = [
        markdown(
            "title",
            f"# Exercises: {chapter.title}\n\n{chapter.intro}\n\n{RUN} {HOW} {closed}\n\n"
            f"The chapter: [{chapter.title}](../../chapters/{chapter.stem}.ipynb).",
        ),
        *_start(chapter, settings),
    ]
    for number, exercise in enumerate(chapter.exercises, 1):
        cells += [_question(number, exercise), *_answer(exercise), *_check(exercise)]
        hints = exercise.hints if settings.hints is None else exercise.hints[: settings.hints]
        boxes = [_box(_numbered("Hint", n, len(hints)), "hint", hint) for n, hint in enumerate(hints, 1)]
        if settings.solutions:
            boxes.append(_box("Solution", "solution", solution_text(exercise)))
        if boxes:
            cells.append(markdown(f"{exercise.name}-help", "\n\n".join(boxes)))
    return notebook([*cells, *_end()], mystnb={"execution_mode": "off"}, udl={"exercises": chapter.stem})


def student(chapter: Chapter, settings: Settings) -> dict[str, Any]:
    """What a student hands in: no solutions, and the hints that the instructor chooses."""
    cells = [
        markdown("title", f"# Exercises: {chapter.title}\n\n{chapter.intro}\n\n{HOW}\n\nHand in this one file."),
        *_start(chapter, settings),
    ]
    for number, exercise in enumerate(chapter.exercises, 1):
        cells += [_question(number, exercise), *_answer(exercise), *_check(exercise)]
        hints = exercise.hints if settings.hints is None else exercise.hints[: settings.hints]
        if hints:
            boxes = [_box(_numbered("Hint", n, len(hints)), "hint", hint) for n, hint in enumerate(hints, 1)]
            cells.append(markdown(f"{exercise.name}-help", "\n\n".join(boxes)))
    return notebook([*cells, *_end()], udl={"exercises": chapter.stem})


def instructor(chapter: Chapter, settings: Settings) -> dict[str, Any]:
    """Everything: hints, solutions as code to execute, rubrics, and what typical mistakes are told."""
    head = f"# Exercises: {chapter.title}\n\nFor instructors: solutions, rubrics, typical mistakes."
    head += f" Hidden cases are drawn from the seed {settings.seed}."
    head += f"\n\n{points_table(chapter)}"
    everything = Settings(solutions=True, hints=None)
    cells = [markdown("title", head), *_start(chapter, everything)]
    for number, exercise in enumerate(chapter.exercises, 1):
        cells.append(_question(number, exercise))
        notes = []
        if exercise.starter:
            notes.append(f"**Starter**\n\n```python\n{exercise.starter}\n```")
        notes += [
            f"**{_numbered('Hint', n, len(exercise.hints))}.** {hint}" for n, hint in enumerate(exercise.hints, 1)
        ]
        if exercise.mutants:
            typical = [f"- {m.title}" + (f": “{m.feedback}”" if m.feedback else "") for m in exercise.mutants]
            notes.append("**Typical mistakes**, each told apart by the check\n\n" + "\n".join(typical))
        if exercise.rubric:
            notes.append(f"**Rubric**\n\n{exercise.rubric}")
        if notes:
            cells.append(markdown(f"{exercise.name}-notes", "\n\n".join(notes)))
        if exercise.explanation:
            cells.append(markdown(f"{exercise.name}-explained", f"**Solution.** {exercise.explanation}"))
        if exercise.kind in GRADED:
            cells.append(code(f"{exercise.name}-answer", reference(exercise)))
            cells += _check(exercise)
        if exercise.hidden:
            cells.append(
                markdown(
                    f"{exercise.name}-hidden", f"**Hidden cases** are drawn by\n\n```python\n{exercise.hidden}\n```"
                )
            )
    return notebook([*cells, *_end()], udl={"exercises": chapter.stem})


def points_table(chapter: Chapter) -> str:
    """A table of the exercises with points, problem, level and kind."""
    rows = [f"| {e.points} | {e.title}, `{e.name}` | {e.problem} | {e.level} | {e.kind} |" for e in chapter.exercises]
    head = "| points | exercise | problem | level | kind |\n|---:|---|---|---|---|"
    return "\n".join([head, *rows, f"| **{chapter.points}** | **together** | | | |"])


def reference(exercise: Exercise) -> str:
    """Code that answers the exercise."""
    return f'{exercise.answer} = "{exercise.letter}"' if exercise.kind == "choice" else exercise.solution


def solution_text(exercise: Exercise) -> str:
    """The solution as text to read."""
    right = f"**{exercise.letter}.** " if exercise.kind == "choice" else ""
    pieces = [right + exercise.explanation, f"```python\n{exercise.solution}\n```" if exercise.solution else ""]
    return "\n\n".join(piece for piece in pieces if piece)


def starter(exercise: Exercise) -> str:
    """The code that a student starts from."""
    if exercise.kind != "choice":
        return exercise.starter
    *letters, last = [f'"{letter}"' for letter in "ABCDEFGH"[: len(exercise.options)]]
    return f'{exercise.answer} = ""  # {", ".join(letters)} or {last}'


def question(number: int, exercise: Exercise) -> str:
    """Title, what it is worth, and the statement; the options of a choice."""
    facts = [f"{exercise.points} point" + ("" if exercise.points == 1 else "s"), exercise.level]
    facts += [f"goes with Prince's problem {exercise.problem}"] if exercise.problem else []
    text = f"## {number}. {exercise.title}\n\n*{' · '.join(facts)}*\n\n{exercise.statement}"
    if exercise.options:
        text += "\n\n" + "\n".join(
            f"- **{letter}.** {o.text}" for letter, o in zip("ABCDEFGH", exercise.options, strict=False)
        )
    return text


def load_cell(chapter: Chapter, settings: Settings) -> str:
    """The code that loads the visible cases."""
    packed = pack(chapter_data(chapter, hints=settings.hints, withheld=settings.withheld))
    return (
        "from udl_exercises.check import check\n\n# the cases, packed: nothing here is meant to be read\n"
        f"check.load({packed!r})"
    )


def _start(chapter: Chapter, settings: Settings) -> list[Cell]:
    hidden = {"tags": ["remove-cell"], "jupyter": {"source_hidden": True}}
    cells = [code("load", load_cell(chapter, settings), **hidden, editable=False, deletable=False)]
    return [*cells, code("setup", chapter.setup)] if chapter.setup else cells


def _question(number: int, exercise: Exercise) -> Cell:
    return markdown(f"{exercise.name}-question", question(number, exercise))


def _answer(exercise: Exercise) -> list[Cell]:
    """Where the answer goes; the metadata let a grader find it."""
    mark = {"udl": {"exercise": exercise.name, "part": "answer"}}
    if exercise.kind in GRADED:
        return [code(f"{exercise.name}-answer", starter(exercise), **mark)]
    return [markdown(f"{exercise.name}-answer", YOURS, **mark)]


def _check(exercise: Exercise) -> list[Cell]:
    return [code(f"{exercise.name}-check", f'check("{exercise.name}")')] if exercise.kind in GRADED else []


def _end() -> list[Cell]:
    return [markdown("progress-title", "## How far you are"), code("progress", "check.progress()")]


def _box(title: str, kind: str, text: str) -> str:
    """A closed box, in the book's Markdown; its fence is longer than any inside."""
    return f":::::{{admonition}} {title}\n:class: dropdown {kind}\n{text}\n:::::"


def _numbered(word: str, number: int, count: int) -> str:
    return word if count == 1 else f"{word} {number}"

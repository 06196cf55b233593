"""What is wrong with a source is said with file, line, and what to do about it."""

from pathlib import Path

import pytest

from udl_exercises.author.source import SourceError, read_chapter

ROOT = Path(__file__).parents[2]
GOOD = (ROOT / "exercises/every_kind.md").read_text(encoding="utf-8")


def error_of(tmp_path: Path, text: str) -> tuple[int, str]:
    """Line and message of the error in a source."""
    path = tmp_path / "02_broken.md"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as raised:
        read_chapter(path)
    place, line, said = str(raised.value).split(":", 2)
    assert place == str(path)
    return int(line), said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("title: One exercise of every kind\n", "", "the head lacks `title:`, a text"),
        ("chapter: 0\n", "chapter: zero\n", "the head lacks `chapter:`, a whole number"),
        ("## joints: Where the joints are", "## Where the joints are", "is not `## name-in-small-letters: Title`"),
        ("## joints: Where the joints are", "## Joints: Where", "is not `## name-in-small-letters: Title`"),
        ("## why-zero: Prove it", "## joints: Prove it", "'joints' is also the name of the exercise in line"),
        ("## joints: Where", "## setup: Where", "'setup' cannot be an exercise's name: 'setup' is reserved"),
        ("## joints: Where", "## load: Where", "'load' is reserved"),
        ("## joints: Where", "## title-text: Where", "'title-text' is reserved"),
        ("## joints: Where", "## why-zero-answer: Where", "'-answer' is reserved"),
        ("## joints: Where", "## why-zero-question: Where", "'-question' is reserved"),
        ("## joints: Where", f"## {'long-' * 11}name: Where", "has 59 letters; 54 are the most"),
        ("- kind: function", "- kind: funktion", "`- kind:` must be one of function, figure, value"),
        ("- kind: function\n", "", "the field `- kind:` is missing"),
        ("- points: 2\n- problem", "- points: two\n- problem", "`- points:` must be a whole number of 1 or more"),
        ("- points: 2\n- problem", "- point: 2\n- problem", "unknown field `point`"),
        ("- points: 2\n- problem", "- points: 2\n- points: 2\n- problem", "the field `points` stands here twice"),
        ("- compare: any order", "- compare: any", "`- compare:` must be one of close, exact, any order"),
        ("- atol: 1e-6", "- atol: little", "`- atol:` must be a number"),
        ("- atol: 1e-6", "- atol: -1", "`- atol:` must be a number"),
        ("### Starter", "### Start", "unknown part `### Start`; there are: Starter"),
        ("### Hidden cases", "### Hint", "joints: kind `function` needs a part `### Hidden cases`"),
        ("1.5]]))\n```\n\n### Hidden cases", "1.5]]))\n```\n\n### Hint", "kind `figure` needs a part `### Hidden"),
        ("### Hint", "### Solution", "a second `### Solution` in one exercise"),
        ("def joints(theta): ...", "def joints(theta) ...", "this is not Python: expected ':'"),
        ("def joints(theta): ...", "def joint(theta): ...", "the starter does not define `joints`"),
        ("joints(np.array([[1.0, -4.0]]))", "x = 1", "a case is a call such as `f(1, 2)`"),
        ("joints(np.array([[1.0, -4.0]]))", "joint(1)", "the cases call one function, these call joint, joints"),
        ("joints(np.array([[1.0, -4.0]]))", "joints(theta=1)", "a case has no named arguments"),
        ("- says: the sign\n", "", "the field `- says:` with words of its message is missing"),
        ("### Mutant: sign", "### Mutant", "a mutant has a name"),
        ("- 1 point: adds up", "- 2 points: adds up", "the lines `- 2 points: …` add up to 5, not to 4"),
        ("- [x] Nothing.", "- [ ] Nothing.", "one of them `- [x]`; here are 3, 0 right"),
        ("- [x] Nothing.", "* [x] Nothing.", "an option is `- [ ] text` or `- [x] text`"),
        ("```python\nfourth_slope = 1.5\n```", "1.5", "`### Solution` holds one block ```python … ```, here are 0"),
    ],
)
def test_the_error_names_the_line_and_the_trouble(tmp_path: Path, old: str, new: str, said: str) -> None:
    at = GOOD.index(old)
    broken = GOOD[:at] + new + GOOD[at + len(old) :]
    line, message = error_of(tmp_path, broken)
    assert said in message
    changed = broken[:at].count("\n") + 1
    above = broken.split("\n")[:changed]
    own = [n for n, text in enumerate(above, 1) if text.startswith("## ")][-1:] or [2]
    part = [n for n, text in enumerate(broken.split("\n"), 1) if text.startswith("### ") and n <= changed + 5]
    assert line in (changed, changed + 1, *own, *part[-2:]), "where the change is, or the heading it belongs to"


def test_code_within_a_fence_may_hold_what_looks_like_a_heading(tmp_path: Path) -> None:
    path = tmp_path / "02_good.md"
    path.write_text(GOOD.replace("def joints(theta): ...", "def joints(theta):\n    '''\n## no heading\n'''"))
    assert read_chapter(path).exercises[0].name == "joints"


def test_an_empty_file_and_one_without_exercises(tmp_path: Path) -> None:
    assert error_of(tmp_path, "") == (1, " the file begins with `---`, `chapter: 1`, `title: Linear regression`, `---`")
    assert "no exercise here" in error_of(tmp_path, "---\nchapter: 1\ntitle: T\n---\n\nHello\n")[1]

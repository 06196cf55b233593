"""What a reader's code may do: everything is reported, in words, and nothing is crashed on."""

import io
import json
import os
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from udl_exercises.author import trying
from udl_exercises.author.cases import chapter_data
from udl_exercises.author.model import Chapter
from udl_exercises.author.source import read_chapter
from udl_exercises.check import Check, WrongAnswer, grade, running
from udl_exercises.check.compare import Rule, compare
from udl_exercises.check.data import NotData, decode, encode, pack, plain, unpack
from udl_exercises.check.judge import judge

ROOT = Path(__file__).parents[2]
HEAD = "---\nchapter: 2\ntitle: T\n---\n\nHello.\n\n## Setup\n\n```python\nimport numpy as np\n```\n\n"
DOUBLE = """## double: Double it

- kind: function
- points: 2
- time limit: 0.3 s

Write `double(x)`.

### Starter

```python
def double(x):
    ...
```

### Hint

First.

### Hint

Second.

### Solution

```python
def double(x):
    return 2 * x
```

### Visible cases

```python
double(np.array([1.0, 2.5, -4.0]))
double(np.array([[0.5, 1.0], [2.0, 3.5]]))
```

### Hidden cases

```python
def draw(rng):
    return (rng.normal(size=3),)
```
"""


@pytest.fixture
def chapter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Chapter:
    path = tmp_path / "02_set.md"
    path.write_text(HEAD + DOUBLE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return read_chapter(path)


def told(chapter: Chapter, code: str) -> str:
    """What the reader of this code is told."""
    data = chapter_data(chapter)["exercises"][0]
    names: dict = {"np": np}
    exec(code, names)
    verdict = judge(data, data["visible"], names, chapter.setup)
    assert not verdict.right
    return verdict.text


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return x[7]", "raises IndexError"),
        ("raise ValueError('x' * 10**6)", "raises ValueError: xxx"),
        ("raise KeyboardInterrupt", "raises KeyboardInterrupt"),
        ("import sys; sys.exit(3)", "raises SystemExit: 3"),
        ("return double(x)", "the function calls itself without end"),
        ("assert False", "raises AssertionError"),
        ("while True: pass", "took longer than 0.3 s"),
        ("while True:\n        try: 1 / 0\n        except Exception: pass", "took longer than 0.3 s"),
        ("import time; time.sleep(60)", "took longer than 0.3 s"),
        ("return sum(1 for _ in __import__('itertools').count())", "took longer than 0.3 s"),
        ("return 2 * x + np.nan", "NaN at [0]; 3 of 3 values are NaN"),
        ("return np.array([2.0, np.inf, -8.0]) if x.ndim == 1 else 2 * x", "infinite at [1]; 1 of 3"),
        ("return (2 * v for v in x)", "a generator came"),
        ("yield 2 * x", "a generator came"),
        ("return map(float, x)", "a generator came"),
        ("return lambda: 2 * x", "a function came"),
        ("return None", "returns nothing (None)"),
        ("return str(2 * x)", "expected an array of shape (3,), got a str"),
        ("return {'y': 2 * x}", "expected an array of shape (3,), got a dict"),
        ("return {1, 2}", "expected an array of shape (3,), got a set"),
        ("return object()", "expected an array of shape (3,), got a object"),
        ("return [[1, 2], [3]]", "of unequal lengths"),
        ("return [2, 'a', None]", "got a list of 3 items that holds something other than numbers"),
        ("return (2 * x).astype(complex)", "got complex numbers"),
        ("return x > 0", "got True or False"),
        ("return np.zeros(10**7)", "an array of shape (10000000,), 10,000,000 numbers"),
        ("return (2 * x)[:, None] if x.ndim == 1 else 2 * x", "(3, 1), expected shape (3,); the values are right"),
        ("return (2 * x)[:-1]", "shape (2,), expected shape (3,): one value too few"),
        ("return (2 * x)[0]", "a single number, expected shape (3,)"),
        ("return -2 * x", "the sign is the other way round"),
        ("return 2 * np.abs(x)", "first differs at [2]: expected -8, got 8 (1 of 3 values differ)"),
        ("return x", "every value is half of what is expected"),
        ("return 6 * x", "every value is 3 times what is expected"),
        ("return 2 * x + 1", "every value is off by the same 1"),
        ("return (2 * x)[::-1]", "the values are right, their order is not"),
        ("return np.roll(2 * x, 1)", "their order is not"),
        ("return np.floor(2 * x * 0.77) / 0.77 * 0", "everything is 0"),
        ("x *= 2; return x", "changed its argument x: work on a copy"),
        ("print('a' * 10**7); return x", "your code printed:"),
        ("print('seen'); return x", "  seen"),
        ("import os; os.chdir('/'); return x", "half"),
        ("return 10**400", "expected an array of shape (3,), got a whole number of about 401 digits"),
        ("return [10**400, 1, 2]", "got a list of 3 items that holds a whole number of about 401 digits"),
        ("return [10**5000, 1, 2]", "got a list of 3 items that holds something other than numbers"),
        ("return [2**70, 5, -8]", "first differs at [0]: expected 2, got 1.18059e+21"),
        ("return 1e308 * x", "infinite at [1]; 2 of 3"),
        ("return x + 1e308", "first differs at [0]: expected 2, got 1e+308"),
        ("return 2j", "expected an array of shape (3,), got complex numbers"),
        ("return np.ma.array(2 * x, mask=[0, 0, 1] if x.ndim == 1 else 0)", "got a masked array of shape (3,)"),
        ("return np.array([1, None])", "expected an array of shape (3,), got an array of shape (2,) and dtype object"),
        ("return np.array([1, 2, 3], dtype='datetime64[D]')", "got an array of shape (3,) and dtype datetime64[D]"),
        ("raise ValueError('half \\ud83d')", "raises ValueError: half \\ud83d"),
        ("print('half \\ud83d'); return x", "  half \\ud83d"),
        ("import sys; sys.stdout.close(); return x", "half"),
        ("return x.astype('>f4')", "every value is half"),
    ],
)  # fmt: skip
def test_whatever_the_code_does_is_reported(chapter: Chapter, body: str, words: str) -> None:
    text = told(chapter, f"def double(x):\n    {body}")
    assert words in text
    assert len(text) < 4000, "a message stays short"


@pytest.mark.parametrize("special", ["__array__", "__repr__", "__eq__", "__len__", "__iter__", "__class_getitem__"])
def test_objects_with_a_will_of_their_own(chapter: Chapter, special: str) -> None:
    code = f"class Odd(list):\n    def {special}(self, *a, **k):\n        raise RuntimeError('odd')\n"
    assert told(chapter, code + "def double(x):\n    return Odd()")
    endless = f"class Odd(list):\n    def {special}(self, *a, **k):\n        while True: pass\n"
    assert told(chapter, endless.replace("while True: pass", "raise SystemExit") + "def double(x):\n    return Odd()")


def test_the_message_names_the_line_of_the_reader(chapter: Chapter) -> None:
    text = told(chapter, "def helper(x):\n    return x[9]\n\ndef double(x):\n    return helper(x)")
    assert "raises IndexError: index 9 is out of bounds" in text
    assert "(line 2" in text


def test_missing_and_misused_names(chapter: Chapter) -> None:
    assert told(chapter, "pass") == "`double` is not defined yet: run the cell that defines it, then this one."
    assert told(chapter, "double = 3") == "`double` is a number, and should be a function."
    assert "raises TypeError: double() takes 0 positional arguments" in told(chapter, "def double(): pass")
    assert "a coroutine came" in told(chapter, "async def double(x):\n    return x")


def test_an_endless_loop_ends_without_signals_too(chapter: Chapter) -> None:
    """As where Python has no signals: the deadline strikes at the next line or turn of a loop."""
    outcomes = []

    def work() -> None:
        outcomes.append(running.run(endless, (), 0.2))
        outcomes.append(running.run(lambda: 7, (), 0.2))

    def endless() -> None:
        while True:
            pass

    thread = threading.Thread(target=work)
    begun = time.monotonic()
    thread.start()
    thread.join(30)
    assert time.monotonic() - begun < 20
    assert outcomes[0].late and "took longer than 0.2 s" in outcomes[0].trouble
    assert outcomes[1].value == 7 and not outcomes[1].trouble


def test_nothing_is_left_behind_by_a_deadline(chapter: Chapter) -> None:
    import signal

    before = signal.getsignal(signal.SIGALRM), sys.gettrace()
    assert running.run(lambda: time.sleep(5), (), 0.05).late
    assert running.run(lambda: 1, (), 5).value == 1
    assert (signal.getsignal(signal.SIGALRM), sys.gettrace()) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_hints_from_the_third_miss_and_solved_state_in_a_file(
    chapter: Chapter, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    check = Check()
    packed = pack(chapter_data(chapter))
    check("double")
    assert "run the first cell" in capsys.readouterr().out
    check.load(packed)
    wrong, right = {"double": lambda x: x}, {"double": lambda x: 2 * x}
    for _ in range(3):
        check("double", names={})
    assert "Hint" not in capsys.readouterr().out, "where there is no answer, nothing is missed"
    said = []
    for _ in range(4):
        check("double", names=wrong)
        said.append(capsys.readouterr().out)
    assert ["Hint" in text for text in said] == [False, False, True, True]
    assert "First." in said[2] and "Second." not in said[2] and "Second." in said[3]
    assert said[0].startswith("✗ double: 0 of 2 cases are right.")

    again = Check()
    again.load(packed)
    again("double", names=wrong)
    assert "Hint: First." in capsys.readouterr().out, "misses are remembered"
    again("double", names=right)
    assert capsys.readouterr().out == "✓ double: Both cases are right.\n  All are solved.\n"
    assert json.loads((tmp_path / "02_set.progress.json").read_text())["solved"] == ["double"]

    later = Check()
    later.load(packed)
    later.progress()
    out = capsys.readouterr().out
    assert "✓ double  solved" in out and "1 of 1 solved, 2 of 2 points." in out
    later("doubel", names=right)
    assert "Do you mean 'double'?" in capsys.readouterr().out
    later("double", names=wrong)
    later.progress()
    out = capsys.readouterr().out
    assert "✗ double" in out and "Solved before, and it stays solved; this answer misses." in out
    assert "1 of 1 solved" in out, "what was solved stays solved"
    later.forget()
    later.progress()
    assert "  double  open" in capsys.readouterr().out


def test_check_finds_the_variables_of_the_cell_it_is_called_in(
    chapter: Chapter, capsys: pytest.CaptureFixture[str]
) -> None:
    check = Check()
    check.load(pack(chapter_data(chapter)))
    exec("def double(x):\n    return x + x\n\ncheck('double')", {"check": check})
    assert "✓ double" in capsys.readouterr().out


@pytest.mark.parametrize(
    "content",
    [
        "", "{", "[]", "null", "3", '{"solved": 3, "misses": 4}', '{"solved": ["other"], "misses": {}}',
        '{"solved": ["double"]}', '{"solved": "double", "misses": {}}', '{"solved": [["double"]], "misses": {}}',
        '{"solved": [], "misses": {"double": Infinity}}', '{"solved": [], "misses": {"double": "7"}}',
        '{"solved": [], "misses": {"double": -10}}', '{"solved": [], "misses": {"double": 1e999}}',
        '{"solved": [], "misses": {"double": ' + "9" * 5000 + "}}", "[" * 10**5, '{"solved":' * 10**5, "\ufeff{}",
        '{"solved": [], "misses": [["double", 3]]}', '{"solved": ["double"], "misses": {}}' + " " * 2**20,
    ],
    ids=lambda content: content[:50],
)  # fmt: skip
def test_a_damaged_progress_file_is_a_fresh_start(
    chapter: Chapter, capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str
) -> None:
    (tmp_path / "02_set.progress.json").write_text(content, encoding="utf-8")
    check = Check()
    check.load(pack(chapter_data(chapter)))
    check.progress()
    assert "0 of 1 solved, 0 of 2 points." in capsys.readouterr().out
    check("double", names={"double": lambda x: x})
    assert "Hint" not in capsys.readouterr().out, "no miss counts yet"
    check("double", names={"double": lambda x: 2 * x})
    assert "All are solved" in capsys.readouterr().out
    assert json.loads((tmp_path / "02_set.progress.json").read_bytes())["solved"][-1] == "double"


def test_bytes_that_are_no_text_are_a_fresh_start_and_a_pipe_is_not_waited_for(
    chapter: Chapter, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "02_set.progress.json"
    file.write_bytes(b"\xff\xfe\x00\xd8{")
    check = Check()
    check.load(pack(chapter_data(chapter)))
    check.progress()
    file.unlink()
    file.symlink_to(file)  # unreadable, whoever runs the tests
    check.load(pack(chapter_data(chapter)))
    check.progress()
    file.unlink()
    if hasattr(os, "mkfifo"):
        os.mkfifo(file)
        check.load(pack(chapter_data(chapter)))
        check.progress()
    assert capsys.readouterr().out.count("0 of 1 solved") >= 2


def test_what_is_solved_stays_solved(chapter: Chapter, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    packed = pack(chapter_data(chapter))
    file = tmp_path / "02_set.progress.json"
    here, there = Check(), Check()  # two notebooks of one chapter, open at once
    here.load(packed)
    there.load(packed)
    here("double", names={"double": lambda x: 2 * x})
    capsys.readouterr()
    there("double", names={"double": lambda x: x})
    assert "Solved before, and it stays solved; this answer misses." in capsys.readouterr().out
    there("double", names={})
    assert "before" not in capsys.readouterr().out, "where there is no answer, none misses"
    here.progress()
    assert "1 of 1 solved, 2 of 2 points." in capsys.readouterr().out
    assert json.loads(file.read_text()) == {"solved": ["double"], "misses": {"double": 1}}


def test_progress_stays_where_it_is_and_survives_a_second_load(
    chapter: Chapter, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    packed, check = pack(chapter_data(chapter)), Check()
    check.load(packed)
    (tmp_path / "elsewhere").mkdir()

    def double(x):  # type: ignore[no-untyped-def]
        os.chdir(tmp_path / "elsewhere")
        return 2 * x

    check("double", names={"double": double})
    assert not list((tmp_path / "elsewhere").iterdir())
    assert "double" in (tmp_path / "02_set.progress.json").read_text()
    (tmp_path / "elsewhere/02_set.progress.json").mkdir()  # where nothing can be written, the kernel remembers
    check.load(packed)
    check.progress()
    assert "1 of 1 solved" in capsys.readouterr().out


def test_the_counts_are_those_of_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All exercises count, as the page lists them; what is answered in words is said to be by hand."""
    words = "\n## why: Why\n\n- kind: text\n- points: 3\n\nSay why.\n\n"
    words += "### Solution\n\nSo.\n\n### Rubric\n\n- 3 points: so\n"
    other = DOUBLE.replace("double", "twice")
    path = tmp_path / "02_set.md"
    path.write_text(HEAD + DOUBLE + "\n" + other + words, encoding="utf-8")
    chapter = read_chapter(path)
    check = Check()
    check.load(pack(chapter_data(chapter)))
    check._file = tmp_path / "progress.json"
    check("double", names={"double": lambda x: 2 * x})
    assert f"  1 of {len(chapter.exercises)} solved." in capsys.readouterr().out
    check.progress()
    out = capsys.readouterr().out
    assert f"1 of {len(chapter.exercises)} solved, 2 of {chapter.points} points." in out
    assert "By hand: 1 exercise with 3 points, answered in words, which no check can judge." in out
    check("why", names={"why": "so"})
    assert capsys.readouterr().out == "why is answered in words, which no check can judge.\n"
    check("twice", names={"twice": lambda x: 2 * x})
    assert "All are solved, but for 1 that no check here can judge." in capsys.readouterr().out


class Stream(io.TextIOWrapper):
    def __init__(self, encoding: str) -> None:
        super().__init__(io.BytesIO(), encoding=encoding)

    @property
    def text(self) -> str:
        self.flush()
        return self.buffer.getvalue().decode(self.encoding)  # type: ignore[attr-defined]


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "latin-1", "utf-8", "utf-16", "koi8-r"])
def test_any_stream_gets_the_whole_message(chapter: Chapter, monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    data = chapter_data(chapter)
    data["exercises"][0] |= {"hints": ["a ≥ b → \ud83d", "é"], "title": "Ω"}
    data["exercises"][0]["visible"][0]["mistakes"] = []
    check, stream = Check(), Stream(encoding)
    check._chapter, check._exercises = data, {"double": data["exercises"][0]}
    check._state, check._file = {"solved": [], "misses": {"double": 5}}, Path("no/folder")
    monkeypatch.setattr(sys, "stdout", stream)
    check("double", names={"double": lambda x: print("é ∞ \ud83d") or x})
    check("double", names={"double": lambda x: 2 * x})
    check("nö\ud83d")
    check.progress()
    text = stream.text
    for words in ("double: 0 of 2 cases are right.", "every value is half", "your code printed:", "Hint: a ", "ud83d"):
        assert words in text
    assert "double: Both cases are right." in text and "1 of 1 solved" in text and "There is no exercise" in text
    assert text.count("double: ") == 2


def test_where_standard_output_is_closed_the_other_stream_is_used(
    chapter: Chapter, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    check = Check()
    check.load(pack(chapter_data(chapter)))

    class Broken(Stream):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    closed = Stream("utf-8")
    closed.close()
    for stream in (closed, None, Broken("utf-8")):
        monkeypatch.setattr(sys, "stdout", stream)
        check("double", names={"double": lambda x: 2 * x})
        assert "✓ double: Both cases are right." in capsys.readouterr().err
    for name in ("stdout", "stderr", "__stdout__", "__stderr__"):
        monkeypatch.setattr(sys, name, closed)
    check.progress()  # there is nowhere to write to, and that is no error


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_try_says_everything_on_any_stream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    mutants = "".join(
        f"\n### Mutant: {title}\n\n- says: {says}\n\n```python\n{code}\n```\n"
        for title, says, code in (
            ("arrow →", "→ every value is half", "def double(x):\n    return x"),
            ("prints", "∞", "def double(x):\n    print('∞')"),
            ("leaves", "the cell raises SystemExit", "raise SystemExit"),
        )
    )
    path = tmp_path / "02_set.md"
    path.write_text(HEAD + DOUBLE + mutants, encoding="utf-8")
    chapter, stream = read_chapter(path), Stream(encoding)
    monkeypatch.setattr(sys, "stdout", stream)
    assert trying.show(chapter, chapter["double"])
    text = stream.text
    assert [line.split(":")[0] for line in text.split("\n") if line.startswith("-- ")] == [
        "-- starter",
        *["-- mutant"] * 3,
    ]
    assert "every value is half" in text and "\\u221e" in text and "the cell raises SystemExit" in text


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (10**400, "expected a number, got a whole number of about 401 digits"),
        (10**5000, "expected numbers, got a whole number of about 5,001 digits"),
        ([10**400], "expected a number, got a list of 1 items that holds a whole number of about 401 digits"),
        (2**70, "got 1180591620717411303424"),
        (1e308, "got 1e+308"),
        (-1e308, "got -1e+308"),
        (float("inf"), "infinite"),
        (2j, "expected a number, got a complex number"),
        (np.array(None), "expected numbers, got a value of dtype object"),
        (np.ma.masked, "expected numbers, got a masked value"),
        ([[1], [2, 3]], "got a list of 2 items of unequal lengths"),
        (object(), "expected numbers, got a object"),
    ],
    ids=lambda part: str(type(part)),
)  # fmt: skip
@pytest.mark.parametrize("kind", ["whole", "fraction"])
def test_odd_values_get_a_sensible_message(tmp_path: Path, kind: str, answer: object, words: str) -> None:
    solution = {"whole": "7", "fraction": "0.7"}[kind]
    path = tmp_path / "02_set.md"
    path.write_text(
        f"{HEAD}## number: N\n\n- kind: value\n- points: 1\n\nWrite it.\n\n"
        "### Starter\n\n```python\nnumber = ...\n```\n\n"
        f"### Solution\n\n```python\nnumber = {solution}\n```\n",
        encoding="utf-8",
    )
    data = chapter_data(read_chapter(path))["exercises"][0]
    verdict = judge(data, [], {"number": answer})
    assert not verdict.right and words in verdict.text, verdict.text


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (10**400, "expected numbers, got a whole number of about 401 digits"),
        ([1, 10**400], "expected numbers, got a list of 2 items that holds a whole number of about 401 digits"),
        (np.full(2, 1e308), "sum: infinite"),
        ([1, 2], "sum: expected 7, got 3"),
        ([3, 4], ""),
    ],
)
def test_probes_are_spared_what_no_array_holds(tmp_path: Path, answer: object, words: str) -> None:
    path = tmp_path / "02_set.md"
    parts = {
        "Starter": "pair = ...",
        "Solution": "pair = [2, 5]",
        "Probe": 'def probe(answer):\n    return {"sum": np.asarray(answer, dtype=float).sum()}',
    }
    text = "".join(f"### {title}\n\n```python\n{code}\n```\n\n" for title, code in parts.items())
    path.write_text(f"{HEAD}## pair: P\n\n- kind: array\n- points: 1\n\nWrite it.\n\n{text}", encoding="utf-8")
    chapter = read_chapter(path)
    verdict = judge(chapter_data(chapter)["exercises"][0], [], {"pair": answer}, chapter.setup)
    assert verdict.right is not bool(words) and words in verdict.text and "raises" not in verdict.text, verdict.text


@pytest.mark.parametrize(
    ("body", "words"),
    [("return {1, 2}", "got      <a set>"), ("return [x, {1, 2}]", "<a set>]"), ("return ...", "got      ...")],
)
def test_what_is_no_data_is_shown_in_words(chapter: Chapter, body: str, words: str) -> None:
    text = told(chapter, f"def double(x):\n    {body}")
    assert words in text and "Kind(" not in text


@pytest.mark.parametrize("got", [2**100, np.array(2**100), 2.0**100])
def test_whole_numbers_beyond_numpys_are_compared_exactly(got: object) -> None:
    assert compare(2**100, plain(got) if not isinstance(got, np.ndarray) else got, Rule()) is None
    found = compare(2**100, 2**100 + 1, Rule())
    assert found and "expected 1267650600228229401496703205376, got 1267650600228229401496703205377" in found.text
    found = compare([1, 10**400], [1, 2], Rule())
    assert found and "expected a whole number of about 401 digits, got 2" in found.text


def test_without_a_place_to_write_progress_lasts_as_long_as_the_kernel(
    chapter: Chapter, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "02_set.progress.json").mkdir()  # cannot be written, whoever runs the tests
    check = Check()
    check.load(pack(chapter_data(chapter)))
    check("double", names={"double": lambda x: 2 * x})
    check.progress()
    assert "1 of 1 solved" in capsys.readouterr().out


def test_grade_raises_with_the_whole_message_and_uses_the_hidden_cases(chapter: Chapter) -> None:
    packed = pack(chapter_data(chapter, seed=3, hidden=5))
    grade("double", packed, {"double": lambda x: 2 * x})
    visible = [decode(case["inputs"][0]) for case in chapter_data(chapter)["exercises"][0]["visible"]]

    def learnt_by_heart(x):
        return 2 * x if any(np.array_equal(x, v) for v in visible) else x

    with pytest.raises(WrongAnswer, match=r"2 of 7 cases are right.\n(.|\n)*every value is half"):
        grade("double", packed, {"double": learnt_by_heart})


def test_damaged_cases_are_refused() -> None:
    for text in ("", "nonsense", pack({"a": 1})[:-3]):
        with pytest.raises(ValueError, match="the cases are damaged"):
            unpack(text)


@pytest.mark.parametrize(
    "value",
    [
        None, True, 3, -0.5, "text", [1, 2.5], (1, [2, (3,)]), {"a": 1, "b": [2]}, {1: (2,)}, 1 + 2j, np.float32(0.1),
        np.arange(6).reshape(2, 3), np.array([[True], [False]]), np.array(3.5), np.zeros((0, 2)), np.int8(3),
        np.array([np.nan, np.inf, -np.inf, 0.1]), np.array(["a", "bc"]), float("nan"), float("-inf"),
        np.array([1 + 1j]), np.array([0.1, 1 / 3], dtype=np.float32),
    ],
    ids=repr,
)  # fmt: skip
def test_a_value_comes_back_from_json_as_it_was(value: object) -> None:
    back = decode(json.loads(json.dumps(encode(value), allow_nan=False)))
    assert type(back) is type(value)
    np.testing.assert_equal(back, value)
    if isinstance(value, np.ndarray):
        assert back.dtype == value.dtype and back.shape == value.shape


@pytest.mark.parametrize("value", [object(), np.array([None]), 10**5000, np.zeros(10**7), lambda: 1, {1, 2}], ids=type)
def test_what_is_no_data_is_refused(value: object) -> None:
    with pytest.raises(NotData):
        encode(value)


def test_the_check_needs_neither_matplotlib_nor_a_writable_home() -> None:
    import subprocess

    code = "import sys, udl_exercises.check; assert not {'matplotlib', 'IPython', 'ipywidgets'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, env={**os.environ, "HOME": "/nonexistent"})

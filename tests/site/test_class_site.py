"""A site for a class: one setting, and no solution is anywhere in its files."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browsing import ROOT
from tests.exercises.test_derived import PACKED, secrets
from udl_exercises.author.derive import chapters
from udl_exercises.author.sealing import KEPT
from udl_exercises.check.data import unpack

JUPYTER_BOOK = shutil.which("jupyter-book", path=str(Path(sys.executable).parent))
SETS = chapters(ROOT)
STAGED = (
    "import pathlib, sys, notebooks; sys.stdout.buffer.write(b'\\n'.join(notebooks.staged(pathlib.Path('.')).values()))"
)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that git knows, with the exercises for pages, and solutions left out by the setting."""
    tree = tmp_path_factory.mktemp("class")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)
    if KEPT.is_file():  # keys that are slow to derive
        (tree / KEPT.relative_to(ROOT)).parent.mkdir()
        shutil.copy2(KEPT, tree / KEPT.relative_to(ROOT))
    pages = "".join(f"  - file: book/exercises/{chapter.stem}\n" for chapter in SETS)
    (tree / "_toc.yml").write_text(f"format: jb-book\nroot: book/for_instructors\nchapters:\n{pages}")
    settings = tree / "exercises/settings.yml"
    before = settings.read_text()
    settings.write_text(re.sub(r"^solutions: true", "solutions: false", before, flags=re.M))
    assert settings.read_text() != before
    done = subprocess.run([JUPYTER_BOOK, "build", "."], cwd=tree, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return tree


def said_by(data: bytes) -> str:
    """The text of a file as a reader of its source finds it, with whatever is packed in it unpacked."""
    raw = data.decode(errors="ignore")
    text = re.sub(r"<[^>]*>", "", raw)
    for code, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#39;", "'"), ("&amp;", "&"), ('\\"', '"')):
        text = text.replace(code, sign)
    packed = [
        found[2] for found in PACKED.finditer(raw) if found[2].startswith("c-")
    ]  # what all packed text begins with
    return text + "".join(str(unpack(word)) for word in packed)


def test_no_solution_in_any_file_of_a_class_site(tree: Path) -> None:
    files = {path: path.read_bytes() for path in (tree / "_build/html").rglob("*") if path.is_file()}
    lite = subprocess.run(
        [sys.executable, "-c", STAGED], cwd=tree, env={"PYTHONPATH": "book/lite"}, check=True, capture_output=True
    )
    files[Path("in-browser notebooks")] = lite.stdout
    kinds = {".html", ".ipynb", ".js", ".txt", ".json", ""}
    texts = {path: said_by(data) for path, data in files.items() if path.suffix in kinds}
    looked = secrets(exercise for chapter in SETS for exercise in chapter.exercises)
    assert len(looked) > 100
    assert any("'sealed'" in text for text in texts.values()), "packed cases are looked into"
    found = {(str(path), secret) for path, text in texts.items() for secret in looked if secret in text}
    assert not found, "\n".join(f"{path[-70:]}: {secret!r}" for path, secret in found)
    page = texts[tree / f"_build/html/book/exercises/{SETS[0].stem}.html"]
    assert SETS[0].exercises[0].title in page and "Solution" not in page
    assert SETS[0].exercises[0].title in texts[Path("in-browser notebooks")]
    assert not list((tree / "_build/html").rglob("*.md.txt")) or "### Solution" not in "".join(texts.values())

"""`jupyter-book build .` by itself, in a copy of the tree with one small page: what it builds, reads and runs again."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browsing import ROOT

BUILD = "from jupyter_book.cli.main import main; main(['build', '.'])"
TOC = "format: jb-book\nroot: book/small\n"
BUTTON = 'class="udl-run"'


def write_notebook(path: Path, *sources: str) -> None:
    code = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [{"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# A small page\n\n$D_i$"}]
    cells += [code | {"id": f"cell-{n}", "source": source} for n, source in enumerate(sources)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path.write_text(
        json.dumps({"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})
    )


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that git knows, without the in-browser Python, one page that counts its runs, and what lies around."""
    tree = tmp_path_factory.mktemp("tree")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)
    (tree / "_toc.yml").write_text(TOC)
    count = f"with open({str(tree / 'runs')!r}, 'a') as runs:\n    runs.write('x')"
    write_notebook(tree / "book/small.ipynb", count, "print(6 * 7)")
    (tree / "notes.md").write_text("No heading, {doc}`nowhere`, and ```{no-such-directive}\n")
    (tree / "book/broken.ipynb").write_text('{"cells": [')
    write_notebook(tree / "chapters/failing.ipynb", "1 / 0")
    return tree


def build(tree: Path, before: str = "") -> int:
    """Build, after the Python in ``before``, and return how often the page has been run so far."""
    done = subprocess.run([sys.executable, "-c", before + BUILD], cwd=tree, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return len((tree / "runs").read_text())


def test_builds_by_itself_and_runs_again_what_changed_code_touches(tree: Path) -> None:
    assert build(tree) == 1
    html = tree / "_build/html"
    page = (html / "book/small.html").read_text(encoding="utf-8")
    assert "42" in page
    assert BUTTON in (tree / "book/_templates/page-actions.html").read_text(encoding="utf-8")
    assert BUTTON not in page and not (html / "lite").exists(), "without the in-browser Python there is no button"
    built = {path.stem for path in html.rglob("*") if path.is_file()}
    assert not {"notes", "broken", "failing"} & built, "only the pages of _toc.yml are read"

    assert build(tree) == 1, "nothing changed, nothing runs"

    with (tree / "book/_static/site.css").open("a") as style:
        style.write("/* changed */")
    assert build(tree) == 1, "a new look runs nothing"
    assert "/* changed */" in (html / "_static/site.css").read_text(encoding="utf-8"), "but it reaches the pages"

    with (tree / "udl_core/optim.py").open("a") as module:
        module.write("# changed\n")
    assert build(tree) == 2, "changed code runs every page again"
    (tree / "README.md").write_text("changed")
    assert build(tree) == 2, "what no page runs with does not"


def test_without_its_engine_formulas_are_left_to_the_page(tree: Path) -> None:
    build(tree)
    page, scripts = tree / "_build/html/book/small.html", tree / "_build/html/_static/mathjax"
    assert "<math" in page.read_text(encoding="utf-8")
    assert not scripts.exists()
    build(tree, "import sys; sys.modules['py_mini_racer'] = None; ")
    assert r"\(D_i\)" in page.read_text(encoding="utf-8")
    assert "mathjax/tex-chtml.js" in page.read_text(encoding="utf-8")
    assert (scripts / "tex-chtml.js").is_file()

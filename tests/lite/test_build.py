"""How the in-browser Python is put together: locks, wheel, notebooks, and what happens when parts are missing."""

import hashlib
import importlib
import io
import json
import shutil
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.browsing import ROOT

MODULES = ["build", "notebooks", "packages", "sources"]


@pytest.fixture(scope="module")
def lite() -> Iterator[Any]:
    """The modules of book/lite, a folder of scripts."""
    sys.path.insert(0, str(ROOT / "book/lite"))
    yield SimpleNamespace(**{name: importlib.import_module(name) for name in MODULES})
    sys.path.remove(str(ROOT / "book/lite"))
    for name in MODULES:
        del sys.modules[name]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small project: a package, a table of contents, one chapter and one that is not written yet."""
    (tmp_path / "udl_core").mkdir()
    (tmp_path / "udl_core/__init__.py").write_text("answer = 42\n")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "_toc.yml").write_text(
        "format: jb-book\nroot: book/index\nchapters: [{file: chapters/01_one}, {file: chapters/02_two}]\n"
    )
    (tmp_path / "chapters").mkdir()
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": "1 + 1", "execution_count": 3}
    output = {"output_type": "execute_result", "data": {"text/plain": "2"}, "metadata": {}, "execution_count": 3}
    notebook = {"cells": [cell | {"outputs": [output]}], "metadata": {"widgets": {"state": {}}}, "nbformat": 4}
    (tmp_path / "chapters/01_one.ipynb").write_text(json.dumps(notebook | {"nbformat_minor": 5}))
    return tmp_path


def test_no_markup_of_the_book_is_left_in_the_chapters(lite: Any) -> None:
    for path, data in lite.notebooks.staged(ROOT).items():
        for cell in json.loads(data)["cells"]:
            if cell["cell_type"] == "markdown":
                assert ":::" not in cell["source"] and "{cite" not in cell["source"], (path, cell["source"])


def test_chapters_ship_without_outputs(lite: Any, tree: Path) -> None:
    notebook = json.loads(lite.notebooks.staged(tree)["chapters/01_one.ipynb"])
    assert notebook["cells"][0]["outputs"] == [] and notebook["cells"][0]["execution_count"] is None
    assert notebook["metadata"] == {"kernelspec": lite.notebooks.KERNEL}


def test_unwritten_and_broken_chapters_are_left_out(lite: Any, tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "chapters/02_two.ipynb").write_text('{"cells": [')
    assert list(lite.notebooks.staged(tree)) == ["chapters/01_one.ipynb"]
    assert "chapters/02_two.ipynb is left out" in capsys.readouterr().out
    shutil.rmtree(tree / "chapters")
    assert lite.notebooks.staged(tree) == {}


def test_wheel_is_named_by_its_content(lite: Any, tree: Path) -> None:
    first = lite.packages.udl_core_wheel(tree)
    assert lite.packages.udl_core_wheel(tree) == first, "same tree, same wheel"
    (tree / "udl_core/__init__.py").write_text("answer = 43\n")
    name, data, entry = lite.packages.udl_core_wheel(tree)
    assert name != first[0] and entry["version"] != first[2]["version"]
    assert entry["sha256"] == hashlib.sha256(data).hexdigest()
    assert zipfile.ZipFile(io.BytesIO(data)).read("udl_core/__init__.py") == b"answer = 43\n"


def test_wheel_carries_the_check_but_not_the_author(lite: Any) -> None:
    _, data, entry = lite.packages.udl_core_wheel(ROOT)
    rooms = {tuple(name.split("/")[:2]) for name in zipfile.ZipFile(io.BytesIO(data)).namelist()}
    of_exercises = {room for package, room in rooms if package == "udl_exercises"}
    assert of_exercises == {"__init__.py", "check"}
    assert entry["imports"] == ["udl_core", "udl_exercises"], "Pyodide loads the wheel for either"


def test_lock_holds_everything_udl_core_needs(lite: Any) -> None:
    _, _, entry = lite.packages.udl_core_wheel(ROOT)
    packages = json.loads(lite.packages.pyodide_lock(lite.sources.read_parts(), entry))["packages"]
    for name, package in packages.items():
        assert set(package["depends"]) <= set(packages), name
    with pytest.raises(ValueError, match="udl_core depends on scipy"):
        lite.packages.pyodide_lock(lite.sources.read_parts(), entry | {"depends": ["numpy", "scipy"]})


def test_wheels_txt_and_parts_agree(lite: Any) -> None:
    parts = lite.sources.read_parts()
    pip = {p["sha256"] for name, p in parts["packages"].items() if parts["sources"][name] == "pip"}
    lines = [line for line in lite.sources.WHEELS.read_text().splitlines() if not line.startswith("#")]
    assert {line.partition("--hash=sha256:")[2] for line in lines} == pip


def test_a_changed_file_is_refused(lite: Any, tmp_path: Path) -> None:
    with pytest.raises(lite.sources.Unreachable, match=r"a\.whl is not the file that was pinned"):
        lite.sources.keep(tmp_path / "a.whl", b"other", "0" * 64)
    assert list(tmp_path.iterdir()) == []


def test_out_of_reach_says_so_in_one_line(
    lite: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def nowhere(parts: dict, missing: dict, folder: Path) -> None:
        raise lite.sources.Unreachable("no route")

    monkeypatch.setattr(lite.sources, "from_release", nowhere)
    monkeypatch.setattr(lite.sources, "from_redistribution", nowhere)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(sys, "argv", ["build.py", "--out", str(tmp_path / "site")])
    assert lite.build.main() == lite.build.UNREACHABLE
    message = capsys.readouterr().err
    assert message.count("\n") == 1 and "no route" in message and "left out" in message
    assert not (tmp_path / "site/notebooks/index.html").exists()


def test_second_build_only_compares_and_a_changed_package_changes_little(
    lite: Any, tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "lite/site"
    lite.build.build(tree, out)
    before = {f: f.stat().st_mtime_ns for f in out.rglob("*") if f.is_file()}
    lite.build.build(tree, out)
    assert capsys.readouterr().out.endswith("up to date\n")
    (tree / "udl_core/__init__.py").write_text("answer = 43\n")
    lite.build.build(tree, out)
    after = {f: f.stat().st_mtime_ns for f in out.rglob("*") if f.is_file()}
    changed = {f.name.split("-")[0] for f in after if before.get(f) != after[f]}
    assert changed == {"udl_core", "pyodide", "jupyter"}, "the wheel, the lock, the settings that name it"
    assert len(after) == len(before), "the old wheel and the old lock are gone"


def test_site_asks_no_other_host_by_its_settings(lite: Any, tree: Path, tmp_path: Path) -> None:
    out = tmp_path / "lite/site"
    lite.build.build(tree, out)
    settings = json.loads((out / "jupyter-lite.json").read_text())["jupyter-config-data"]
    kernel = settings["litePluginSettings"]["@jupyterlite/pyodide-kernel-extension:kernel"]
    assert kernel["disablePyPIFallback"] is True
    assert kernel["pyodideUrl"].startswith("./")
    assert (out / kernel["loadPyodideOptions"]["lockFileURL"]).is_file()
    assert "://" not in (out / "notebooks/index.html").read_text().replace("http://www.w3.org/", "").replace(
        "https://github.com/jupyterlab/jupyterlab/blob", ""
    )
    assert not list(out.rglob("*.map"))

"""In a real JupyterLab page, one figure of each kind: what Python sets is drawn, what the reader moves Python has."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browsing import Log, until
from tests.jupyter_page import Figure, Notebook

KINDS = {
    "line-and-loss": "LineAndLoss",
    "two-regressions": "TwoRegressions",
    "baskets": "Baskets",
    "ten-parameters": "TenParameters",
    "symmetry-orbit": "SymmetryOrbit",
    "activation-gallery": "ActivationGallery",
    "two-outputs": "TwoOutputs",
    "polygons": "Polygons",
}
TOKEN = "a-token-of-this-test"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a JupyterLab on a free port, with a notebook of one cell a kind in a folder of its own."""
    home = tmp_path_factory.mktemp("lab")
    cells = [f"from udl_core import widgets\n\nwidgets.{name}()" for name in KINDS.values()]
    write_notebook(home / "work/figures.ipynb", cells)
    settings = home / "settings/@jupyterlab/notebook-extension/tracker.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"windowingMode": "none"}))  # every cell is in the page, also those out of sight
    folders = {"JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
               "JUPYTER_RUNTIME_DIR": "runtime", "JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data",
               "IPYTHONDIR": "ipython"}  # fmt: skip
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--expose-app-in-browser", "--port=0",
        "--ip=127.0.0.1", f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={home / 'work'}",
        "--LabApp.news_url=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    log = (home / "log").open("w+")
    environment = os.environ | {name: str(home / folder) for name, folder in folders.items()}
    server = subprocess.Popen(command, env=environment, text=True, stdout=log, stderr=subprocess.PIPE)
    try:
        yield address(server)
    finally:
        server.terminate()
        server.communicate(timeout=30)
        log.close()


def address(server: subprocess.Popen[str]) -> str:
    """Where the server says it listens."""
    assert server.stderr is not None
    said = []
    for line in server.stderr:
        said.append(line)
        if found := re.search(r"(http://127\.0\.0\.1:\d+/)lab\?token=", line):
            return found[1]
    pytest.fail("JupyterLab did not start:\n" + "".join(said[-20:]), pytrace=False)


def write_notebook(path: Path, cells: list[str]) -> None:
    path.parent.mkdir(parents=True)
    tags = {"tags": ["raises-exception"]}  # one broken figure does not keep the others from being tested
    code = {"cell_type": "code", "metadata": tags, "outputs": [], "execution_count": None}
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {
        "cells": [code | {"id": f"cell-{i}", "source": source} for i, source in enumerate(cells)],
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.write_text(json.dumps(notebook), encoding="utf-8")


@pytest.fixture(scope="module")
def opened(lab: str, new_context: Any) -> tuple[Page, Log]:
    """The notebook in JupyterLab, all its cells run."""
    context, log = new_context(lab)
    page = context.new_page()
    page.goto(f"{lab}doc/tree/figures.ipynb?token={TOKEN}")
    page.wait_for_function("window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel", timeout=60_000)
    page.evaluate(
        """async () => { const { context, sessionContext } = jupyterapp.shell.currentWidget;
             await context.ready; await sessionContext.ready; await sessionContext.session.kernel.info; }"""
    )
    notebook = Notebook(page)
    notebook.start_run_all()
    notebook.wait_until_ran(60)
    return page, log


@pytest.fixture(params=list(KINDS))
def figure(request: pytest.FixtureRequest, opened: tuple[Page, Log]) -> Figure:
    notebook = Notebook(opened[0])
    cell = notebook.cells()[list(KINDS).index(request.param)]
    errors = [output["evalue"] for output in cell["outputs"] if output["output_type"] == "error"]
    assert not errors, errors[0]
    figure = next(f for f in notebook.figures() if f.name == request.param)
    settled = figure.element.and_(opened[0].locator("[data-udl-state=live], [data-udl-state=failed]"))
    settled.wait_for(timeout=30_000)
    assert figure.element.get_attribute("data-udl-state") == "live", figure.element.inner_text()
    figure.element.scroll_into_view_if_needed()
    figure.python("seen = []\nw.observe(lambda change: seen.append(change.name))")
    return figure


def test_two_way(figure: Figure) -> None:
    start, drawn = figure.traits(), figure.shown()["drawn"]
    assert figure.agrees()

    figure.press_a_key()
    until(lambda: figure.traits() != start and figure.agrees(), "Python has what the key changed")
    changed = [name for name, value in figure.traits().items() if value != start[name]]
    assert set(changed) <= set(json.loads(figure.python("import json; print(json.dumps(seen))"))), "observe fires"

    after_key = figure.traits()
    figure.drag()
    until(lambda: figure.traits() != after_key and figure.agrees(), "Python has what the drag changed")

    figure.python(f"import json\nfor name, value in json.loads({json.dumps(start)!r}).items(): setattr(w, name, value)")
    until(lambda: figure.agrees() and figure.shown()["drawn"] == drawn, "the figure draws what Python sets")


def test_setting_phi_moves_the_drawing(figure: Figure) -> None:
    drawn = figure.shown()["drawn"]
    figure.python("w.phi = w.phi * 0.9 + 0.03")
    until(lambda: figure.agrees() and figure.shown()["drawn"] != drawn, "the drawing follows phi")


def test_page_asks_no_other_host_and_complains_of_nothing(opened: tuple[Page, Log]) -> None:
    _, log = opened
    assert log.other_hosts == []
    assert [error for error in log.errors if "udl" in error.lower()] == []


def test_figures_share_no_id(opened: tuple[Page, Log]) -> None:
    """Jupyter loads the front end once a figure: what one clips by `url(#id)` must not be another's."""
    ids = opened[0].evaluate("[...document.querySelectorAll('.udl-figure [id]')].map(element => element.id)")
    assert sorted({name for name in ids if ids.count(name) > 1}) == []

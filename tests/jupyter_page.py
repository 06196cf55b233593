"""A notebook open in a real Jupyter page, JupyterLab or JupyterLite, and the live figures in it."""

import json
from typing import Any

from playwright.sync_api import Page

RUN_PYTHON = """code => new Promise((resolve, reject) => {
  const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
  const request = kernel.requestExecute({ code, store_history: false, stop_on_error: false });
  let printed = "";
  request.onIOPub = ({ header, content }) => {
    if (header.msg_type === "stream" && content.name === "stdout") printed += content.text;
    if (header.msg_type === "error") reject(new Error(content.evalue));
  };
  request.done.then(() => resolve(printed));
})"""
OUTPUTS = """() => jupyterapp.shell.currentWidget.content.widgets.map(cell => cell.model.type !== "code" ? null
  : { count: cell.model.executionCount, source: cell.model.sharedModel.getSource(),
      outputs: cell.model.outputs.toJSON() })"""
START_RUN_ALL = """() => { window.udlRan = false;
  jupyterapp.commands.execute("notebook:run-all-cells").then(() => { window.udlRan = true; }); }"""


class Notebook:
    """The notebook open in a Jupyter page (JupyterLab or JupyterLite alike) and its kernel."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def start_run_all(self) -> None:
        self.page.evaluate(START_RUN_ALL)

    def running(self) -> bool:
        return not self.page.evaluate("window.udlRan")

    def wait_until_ran(self, seconds: float = 180) -> None:
        self.page.wait_for_function("window.udlRan", timeout=seconds * 1000)

    def cells(self) -> list[dict[str, Any] | None]:
        """One entry a cell: None for text, else count, source and outputs."""
        return self.page.evaluate(OUTPUTS)

    def python(self, code: str) -> str:
        """What the kernel prints when it runs the code."""
        return self.page.evaluate(RUN_PYTHON, code)

    def figures(self) -> list["Figure"]:
        """The live figures whose cells have run, in order."""
        mime = "application/vnd.jupyter.widget-view+json"
        outputs = [output for cell in self.cells() if cell for output in cell["outputs"]]
        models = [output["data"][mime]["model_id"] for output in outputs if mime in output.get("data", {})]
        code = (
            "import json; from ipywidgets.widgets.widget import _instances\n"
            f"print(json.dumps([getattr(_instances.get(m), '_figure', '') for m in {models!r}]))"
        )
        names = json.loads(self.python(code))
        return [
            Figure(self, model, name, names[:i].count(name))
            for i, (model, name) in enumerate(zip(models, names, strict=True))
            if name
        ]


class Figure:
    """One live figure in a notebook: its Python object and its drawing."""

    def __init__(self, notebook: Notebook, model_id: str, name: str, nth: int) -> None:
        self.notebook, self.page, self.model_id, self.name = notebook, notebook.page, model_id, name
        self.element = self.page.locator(f'.jp-OutputArea [data-udl-widget="{name}"]').nth(nth)

    def python(self, code: str) -> str:
        """What the kernel prints when it runs the code, the widget's object being `w`."""
        find = f"from ipywidgets.widgets.widget import _instances\nw = _instances[{self.model_id!r}]\n"
        return self.notebook.python(find + code)

    def traits(self) -> dict[str, Any]:
        """The state as Python has it."""
        return json.loads(self.python("import json; print(json.dumps(w.to_dict()))"))

    def shown(self) -> dict[str, Any]:
        """The state as the page has it, with the drawn coordinates."""
        return self.element.evaluate("element => element.udl.get()")

    def agrees(self) -> bool:
        """Whether Python and the page hold the same state; what both compute may differ by rounding."""
        traits, shown = self.traits(), self.shown()
        return all(close(shown[name], value) for name, value in traits.items())

    def press_a_key(self) -> str:
        """Move the figure by keyboard: the first of its controls that answers to an arrow key. Returns its label."""
        before = self.shown()["drawn"]
        controls = self.element.locator('[role="slider"]:visible, input[type="range"]:visible')
        for control in controls.all():
            for key in ("ArrowRight", "ArrowUp", "ArrowLeft"):
                control.press(key)
                if self.shown()["drawn"] != before:
                    return f"{control.get_attribute('aria-label')}: {key}"
        raise AssertionError(f"{self.name}: none of its {controls.count()} controls moves anything")

    def drag(self) -> None:
        """Drag what can be dragged by 25 pixels, until something moves."""
        before = self.shown()["drawn"]
        for handle in self.element.locator(".udl-draggable:visible").all():
            handle.scroll_into_view_if_needed()
            box = handle.bounding_box()
            if box is None:
                continue
            x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
            self.page.mouse.move(x, y)
            self.page.mouse.down()
            self.page.mouse.move(x + 12, y - 12, steps=3)
            self.page.mouse.move(x + 25, y - 25, steps=3)
            self.page.mouse.up()
            if self.shown()["drawn"] != before:
                return
        raise AssertionError(f"{self.name}: nothing can be dragged")


def close(here: Any, there: Any) -> bool:
    if isinstance(there, list):
        return len(here) == len(there) and all(map(close, here, there))
    if isinstance(there, float):
        return abs(here - there) <= 1e-12 * max(1, abs(there))
    return bool(here == there)

"""The built site on a local server under a subpath, a browser that reaches nothing else, and notebooks run in it."""

import gzip
import json
import mimetypes
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "/some/path"
COMPRESSED = {".html", ".js", ".mjs", ".css", ".json", ".ipynb", ".wasm", ".svg", ".webmanifest", ".map"}
mimetypes.add_type("text/javascript", ".mjs")
mimetypes.add_type("application/wasm", ".wasm")


class Handler(SimpleHTTPRequestHandler):
    """Files below PREFIX, compressed as any static host does, and counted."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if not path.startswith(f"{PREFIX}/"):
            self.answer(404, b"", "text/plain")
            return
        file = Path(self.translate_path(path.removeprefix(PREFIX)))
        if file.is_dir():
            file /= "index.html"
        if not file.is_file():
            self.answer(404, b"", "text/plain")
            return
        data, kind = file.read_bytes(), mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        squeeze = file.suffix in COMPRESSED and "gzip" in self.headers.get("Accept-Encoding", "")
        self.answer(200, gzip.compress(data, 5) if squeeze else data, kind, "gzip" if squeeze else None)

    def answer(self, status: int, data: bytes, kind: str, encoding: str | None = None) -> None:
        self.server.sent += len(data)  # type: ignore[attr-defined]
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        if encoding:
            self.send_header("Content-Encoding", encoding)
        self.end_headers()
        self.wfile.write(data)

    def handle(self) -> None:
        try:
            super().handle()
        except (ConnectionResetError, BrokenPipeError):  # a closed tab
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        pass


@dataclass
class Site:
    """The served site: its address, and how many bytes it has sent."""

    url: str
    server: ThreadingHTTPServer = field(repr=False)

    @property
    def sent(self) -> int:
        return self.server.sent  # type: ignore[attr-defined]


@dataclass
class Log:
    """What a page did that it should not do."""

    other_hosts: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    built = ROOT / "_build/html"
    if not (built / "lite/notebooks/index.html").is_file():
        pytest.fail("_build/html/lite is not there: build the site first (make book)", pytrace=False)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(built)))
    server.sent = 0  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Site(f"http://127.0.0.1:{server.server_port}{PREFIX}/", server)
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")  # two Playwrights cannot live at once: end this one before other tests start theirs
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("Chromium is missing: apt-get install chromium", pytrace=False)
    quiet = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=quiet)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def new_context(browser: Browser) -> Iterator[Any]:
    """A fresh browser profile with every other host blocked: `context, log = new_context(site.url)`."""
    contexts: list[BrowserContext] = []

    def make(home: str, **options: Any) -> tuple[BrowserContext, Log]:
        context = browser.new_context(viewport={"width": 1200, "height": 900}, **options)
        contexts.append(context)
        log = Log()
        host = urlsplit(home).netloc

        def guard(route: Route) -> None:
            url = urlsplit(route.request.url)
            if url.scheme in ("http", "https") and url.netloc != host:
                log.other_hosts.append(route.request.url)
                route.abort()
            else:
                route.continue_()

        context.route(lambda url: urlsplit(url).netloc != host, guard)
        context.on("page", lambda page: listen(page, log))
        return context, log

    yield make
    for context in contexts:
        context.close()


def listen(page: Page, log: Log) -> None:
    page.on("console", lambda m: log.errors.append(f"{m.text} ({m.location.get('url')})") if m.type == "error" else 0)
    page.on("pageerror", lambda error: log.errors.append(str(error)))


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


def until(wanted: Callable[[], Any], what: str, tries: int = 200) -> Any:
    """Ask again until the answer is true; each question is a round trip through the page."""
    for _ in range(tries):
        if answer := wanted():
            return answer
    raise AssertionError(f"never happened: {what}")

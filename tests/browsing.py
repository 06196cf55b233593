"""The built site on a local server under a subpath, and a browser that reaches nothing else."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from tools.browser import find_browser, why_none
from tools.serve import Server, make_server

ROOT = Path(__file__).resolve().parents[1]
BUILT = ROOT / "_build/html"


@dataclass
class Site:
    """The served site: its address, and how many bytes it has sent."""

    url: str
    server: Server = field(repr=False)

    @property
    def sent(self) -> int:
        return self.server.sent


@dataclass
class Log:
    """What a page did that it should not do."""

    other_hosts: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    if not (BUILT / "lite/notebooks/index.html").is_file():
        pytest.fail("_build/html/lite is not there: build the site first (make book)", pytrace=False)
    server = make_server(BUILT, prefix="/some/path/")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Site(f"http://127.0.0.1:{server.server_port}{server.prefix}", server)
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")  # two Playwrights cannot live at once: end this one before other tests start theirs
def browser() -> Iterator[Browser]:
    chromium = find_browser()
    if chromium is None:
        pytest.fail(why_none(), pytrace=False)
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


def until(wanted: Callable[[], Any], what: str, tries: int = 200) -> Any:
    """Ask again until the answer is true; each question is a round trip through the page."""
    for _ in range(tries):
        if answer := wanted():
            return answer
    raise AssertionError(f"never happened: {what}")

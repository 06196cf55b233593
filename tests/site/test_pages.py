"""Every page of the site: clean console, no other host, links that resolve, accessible, within its budget."""

import gzip
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from playwright.sync_api import Page

from tests.browsing import BUILT, ROOT, Log

CHAPTERS = [f"chapters/{path.stem}.html" for path in sorted((ROOT / "chapters").glob("*.ipynb"))]
EXERCISES = [f"book/exercises/{path.stem}.html" for path in sorted((ROOT / "exercises").glob("[0-9]*.md"))]
LOOKUP = ["book/notation.html", "book/api.html", "book/bibliography.html"]
PAGES = ["book/index.html", "book/how_to_read.html", *CHAPTERS, *EXERCISES, "book/for_instructors.html", *LOOKUP]
SCREENS = [(1280, 900), (390, 844), (320, 800)]
ALIVE = """() => [...document.querySelectorAll('[data-udl-widget]')].every(f => f.dataset.udlState !== 'picture')"""
AXE = (ROOT / "js/node_modules/axe-core/axe.min.js").read_text() if (ROOT / "js/node_modules").exists() else ""


def open_page(new_context, site, path, width=1280, height=900, mode="light", **options):
    context, log = new_context(site.url, **options)
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=mode, reduced_motion="reduce")  # no transition to be caught in
    page.goto(urljoin(site.url, path), wait_until="load")
    return page, log


def wake_figures(page):
    """Scroll past every figure, so that all of them come to life."""
    for figure in page.locator("[data-udl-widget]").all():
        figure.scroll_into_view_if_needed()
        figure.evaluate("f => f.scrollIntoView({block: 'center', behavior: 'instant'})")
    page.wait_for_function(ALIVE)


NARROWEST = min(width for width, _ in SCREENS)
MODES = ("light", "dark")


def visits(everything):
    """Each page on every screen: in both modes, or else in one, so that the modes change from screen to screen and from
    page to page. Of two neighbouring pages of a kind, each setting is met by one."""
    for n, path in enumerate(PAGES):
        for k, screen in enumerate(SCREENS):
            for mode in MODES if everything else [MODES[(n + k) % 2]]:
                yield (path, *screen, mode)


def pytest_generate_tests(metafunc):
    if "visit" in metafunc.fixturenames:
        settings = list(visits(metafunc.config.getoption("everything")))
        metafunc.parametrize("visit", settings, ids=name_of, indirect=True, scope="module")


@dataclass
class Visit:
    """A page on one screen in one mode, all its figures awake."""

    path: str
    width: int
    mode: str
    page: Page
    log: Log


def name_of(visit):
    path, width, _, mode = visit
    return f"{path.removesuffix('.html')}-{width}-{mode}"


@pytest.fixture(scope="module")
def visit(request, new_context, site):
    path, width, height, mode = request.param
    page, log = open_page(new_context, site, path, width, height, mode)
    wake_figures(page)
    yield Visit(path, width, mode, page, log)
    page.context.close()


def test_page_is_alive_clean_and_asks_no_other_host(visit, budgets):
    assert visit.page.evaluate("document.documentElement.dataset.theme") == visit.mode
    states = visit.page.eval_on_selector_all("[data-udl-widget]", "fs => fs.map(f => f.dataset.udlState)")
    assert set(states) <= {"live"}
    budgets.none_of("requests to other hosts", visit.log.other_hosts)
    budgets.none_of("console errors", visit.log.errors)


def test_page_fits_the_screen(visit):
    overflow = visit.page.evaluate("document.documentElement.scrollWidth") - visit.width
    assert overflow <= 0, f"{visit.path} is {overflow} px too wide at {visit.width} px"


def test_reduced_motion_leaves_nothing_in_transition(visit):
    """Not even for an instant: on 60,000 elements that holds a dark page up for many seconds."""
    moving = "nodes => nodes.filter(node => getComputedStyle(node).transitionDuration !== '0s').length"
    assert visit.page.eval_on_selector_all("a, .udl-picture path, .udl-live *", moving) == 0


def test_page_is_accessible(visit, budgets, pytestconfig):
    """The contrast of all letters takes by far the longest. It hangs on the mode and the layout: on the narrower of two
    phones only a whole run asks for it."""
    assert AXE, "js/node_modules/axe-core is missing: make test installs it"
    visit.page.evaluate(AXE)
    contrast = visit.width != NARROWEST or pytestconfig.getoption("everything")
    options = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": contrast}}}
    found = visit.page.evaluate("options => axe.run(document, options)", options)
    serious = [
        f"{v['id']}: {node['target']} {node['html'][:120]} {node.get('failureSummary', '')[:200]}"
        for v in found["violations"]
        if v["impact"] in ("serious", "critical")
        for node in v["nodes"]
    ]
    budgets.none_of("serious or critical accessibility violations", serious)


@pytest.mark.parametrize("path", CHAPTERS)
def test_page_without_scripts_shows_text_and_pictures(new_context, site, path):
    page, log = open_page(new_context, site, path, java_script_enabled=False)
    pictures = page.locator("[data-udl-widget][data-udl-state=picture] > .udl-picture svg").all()
    assert len(pictures) >= 3
    for picture in pictures:
        box = picture.bounding_box()
        assert box["width"] > 200
        assert box["height"] > 80
    assert page.locator("h1").is_visible()
    formulas = page.eval_on_selector_all(
        ".math", "found => found.map(f => f.querySelectorAll('math, .katex-html').length)"
    )
    assert len(formulas) >= 50
    assert set(formulas) == {2}, "each formula is there twice: to be seen, and as MathML to be heard"
    assert page.locator("script[src*=mathjax]").count() == 0
    assert log.other_hosts == []


@pytest.mark.parametrize("path", CHAPTERS)
def test_print_shows_figures_and_no_controls(new_context, site, path):
    page, _ = open_page(new_context, site, path, mode="dark")
    wake_figures(page)
    page.emulate_media(media="print")
    assert page.locator(".udl-live svg.udl-plot").first.is_visible()
    assert page.locator(".udl-tools:visible").count() == 0
    assert page.locator(".udl-controls:visible").count() == 0
    # paper is white, also for a reader who likes dark
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") in (
        "rgb(255, 255, 255)",
        "rgba(0, 0, 0, 0)",
    )
    ink = page.evaluate("getComputedStyle(document.querySelector('main p')).color")
    assert max(int(v) for v in re.findall(r"\d+", ink)[:3]) < 110
    assert len(page.pdf()) > 10_000


def test_missing_page_leads_back(new_context, site):
    page, _ = open_page(new_context, site, "no/such/page.html")
    assert page.locator("h1").is_visible()
    page.get_by_role("link", name="search the book").wait_for()  # the page has found where the site begins
    page.get_by_role("link", name="front page").click()
    page.wait_for_load_state("load")
    assert page.url.startswith(site.url)
    assert page.locator("h1").first.is_visible()
    assert "no/such" not in page.url


@pytest.mark.parametrize("word", ["joint", "regression"])
def test_search_finds_chapters(new_context, site, word):
    page, log = open_page(new_context, site, f"search.html?q={word}")
    page.locator("#search-results li a").first.wait_for()
    found = [link.get_attribute("href") for link in page.locator("#search-results li a").all()]
    assert any("chapters/" in href for href in found)
    assert log.other_hosts == []
    assert log.errors == []


@pytest.mark.parametrize("words", ["constructor", "__proto__", "toString", "hasOwnProperty", "joint constructor"])
def test_search_takes_words_that_javascript_knows(new_context, site, words):
    page, log = open_page(new_context, site, f"search.html?q={words}")
    page.locator("#search-results .search-summary:not(:empty)").wait_for()  # the search has come to its end
    assert log.errors == []
    assert (
        page.locator("#search-results li").count() > 0 or page.get_by_text("did not match any documents").is_visible()
    )


def test_search_shows_formulas_once(new_context, site):
    page, _ = open_page(new_context, site, "search.html?q=slope relation")
    found = page.locator("#search-results .context").filter(has_text="any number D of units").first
    found.wait_for()
    assert "\\" not in found.inner_text()


class Links(HTMLParser):
    """Everything a page refers to, and every id it has."""

    def __init__(self) -> None:
        super().__init__()
        self.refers: set[str] = set()
        self.ids: set[str] = set()

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in ("href", "src") and value and tag != "use":
                self.refers.add(value)
            if name in ("id", "name") and value:
                self.ids.add(value)


def read_links(path: Path) -> Links:
    links = Links()
    links.feed(path.read_text())
    return links


def test_every_internal_link_resolves():
    pages = {path: read_links(path) for path in BUILT.rglob("*.html") if "lite" not in path.relative_to(BUILT).parts}
    assert len(pages) >= len(PAGES)
    broken = []
    for path, links in pages.items():
        if path.name == "404.html":
            continue  # served at any depth: its links are made at run time and clicked in a test of their own
        for reference in links.refers:
            url = urlsplit(reference)
            if url.scheme or url.netloc:
                continue
            target = (path.parent / unquote(url.path)).resolve() if url.path else path
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file():
                broken.append(f"{path.relative_to(BUILT)}: {reference}")
            elif (
                url.fragment
                and target.suffix == ".html"
                and target in pages
                and unquote(url.fragment) not in pages[target].ids
            ):
                broken.append(f"{path.relative_to(BUILT)}: no place called {reference}")
    assert broken == []


@pytest.mark.parametrize("path", CHAPTERS)
def test_what_a_chapter_transfers_before_scrolling(new_context, site, budgets, path):
    page, log = open_page(new_context, site, "404.html")
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: dict[str, float] = {}
    session.on("Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]}))
    # what is inside the page itself, as data: and blob: addresses, is not a request
    outside: set[str] = set()
    session.on(
        "Network.requestWillBeSent",
        lambda e: outside.add(e["requestId"]) if e["request"]["url"].startswith("http") else None,
    )
    page.goto(urljoin(site.url, path), wait_until="load")
    page.evaluate("document.fonts.ready.then(() => true)")
    name = Path(path).stem
    budgets.measure(f"{name}: requests before scrolling", len(outside), 45)
    budgets.measure(f"{name}: kB before scrolling", sum(sizes[r] for r in sizes.keys() & outside) / 1000, 600)
    budgets.none_of("requests to other hosts", log.other_hosts)


def test_what_the_front_ends_and_the_site_weigh(budgets):
    front_ends = [p for p in (BUILT / "_static/udl").iterdir() if p.suffix in (".mjs", ".css")]
    assert {p.suffix for p in front_ends} == {".mjs", ".css"}
    budgets.measure("all front ends, kB", sum(len(gzip.compress(p.read_bytes())) for p in front_ends) / 1000, 150)
    budgets.measure("site, MB", sum(p.stat().st_size for p in BUILT.rglob("*") if p.is_file()) / 1e6, 80)

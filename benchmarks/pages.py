"""The built chapters in Chromium: when the first live figure answers, against the page's own load event; and how long
a drag update takes, against the 12 ms that leave room in a frame of 16.7 ms."""

import threading
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import sync_playwright

from benchmarks.measure import Line
from tools.browser import find_browser
from tools.serve import make_server

BUILT = Path(__file__).parents[1] / "_build/html"
CHAPTERS = sorted(path.stem for path in (BUILT / "chapters").glob("*.html"))
RUNS = 5
BUDGET = 0.012
FIRST_FIGURE = """() => new Promise(done => {
  const live = () => document.querySelector('[data-udl-state=live]');
  const loaded = () => performance.timing.loadEventEnd - performance.timing.navigationStart;
  const finish = () => live() && loaded() > 0 ? done([window.udlFirst, loaded()]) : requestAnimationFrame(finish);
  finish();
})"""
# notes when the first figure goes live; a figure wakes when it comes near, so the page starts there
WATCH = """new MutationObserver(() => {
  if (document.querySelector('[data-udl-state=live]')) window.udlFirst ??= performance.now();
}).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-udl-state'] });
document.addEventListener('readystatechange', () =>
  document.querySelector('[data-udl-widget]')?.scrollIntoView({ behavior: 'instant' }), { once: true });"""
# a hundred moves of every handle; the time includes style and layout, which reading a box forces
DRAG = """figure => {
  const times = [];
  for (const handle of figure.querySelectorAll('.udl-handle:not([visibility=hidden])')) {
    const box = handle.querySelector('.udl-shape').getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const send = (type, dx, dy) => handle.dispatchEvent(new PointerEvent(type,
      { clientX: x + dx, clientY: y + dy, button: 0, buttons: 1, pointerId: 1, pointerType: 'mouse', bubbles: true }));
    send('pointerdown', 0, 0);
    for (let k = 1; k <= 100; k++) {
      const begun = performance.now();
      send('pointermove', 20 * Math.sin(k / 7), 15 * Math.sin(k / 5));
      figure.getBoundingClientRect();
      times.push(performance.now() - begun);
    }
    send('pointermove', 0, 0);
    send('pointerup', 0, 0);
  }
  return times;
}"""


def lines() -> Iterator[Line]:
    """Two kinds of lines; needs a built site and Chromium."""
    browser_path = find_browser()
    if browser_path is None or not (BUILT / "index.html").exists():
        raise SystemExit("the benchmark of pages needs Chromium and a built site: make book")
    server = make_server(BUILT)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    quiet = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=quiet)
        for chapter in CHAPTERS:
            url = f"http://127.0.0.1:{server.server_port}/chapters/{chapter}.html"
            firsts, loads = [], []
            for _ in range(RUNS):
                page = browser.new_page(viewport={"width": 1280, "height": 900})
                page.add_init_script(WATCH)
                page.goto(url, wait_until="load")
                first, load = page.evaluate(FIRST_FIGURE)
                firsts.append(first / 1000)
                loads.append(load / 1000)
                page.close()
            # a ratio above 1 is a figure that lives before the page's load event; the goal is 1.2 times as late at most
            yield Line(f"{chapter}: first live figure", median(firsts), "its load event", median(loads), 0.83)
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(url, wait_until="load")
            for figure in page.locator("[data-udl-widget]").all():
                name = figure.get_attribute("data-udl-widget")
                figure.evaluate("f => f.scrollIntoView({ behavior: 'instant' })")
                page.wait_for_function(
                    f"document.querySelector('[data-udl-widget={name}]').dataset.udlState === 'live'"
                )
                times = figure.evaluate(DRAG)
                slow = quantiles(times, n=20)[-1] / 1000
                yield Line(f"{name}: 95 % of {len(times)} drag updates", slow, "budget", BUDGET, 1)
            page.close()
        browser.close()
    server.shutdown()

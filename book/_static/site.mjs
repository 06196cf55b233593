// Small comforts of every page: scrollable parts can be reached by keyboard, the dialog of "Run in browser", and a
// search that takes every word.

const scrollable = "div.math, .pst-scrollable-table-container, .bd-article pre";
const watchSize = new ResizeObserver((entries) => entries.forEach(({ target }) => makeReachable(target)));
const watchContent = new MutationObserver((changes) => changes.forEach(({ target }) => makeReachable(target.closest(scrollable))));
for (const element of document.querySelectorAll(scrollable)) {
  watchSize.observe(element);
  watchContent.observe(element, { childList: true }); // formulas arrive late
}

function makeReachable(element) {
  if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
  else element.removeAttribute("tabindex");
}

const dialog = document.querySelector(".udl-run-dialog");
const status = dialog?.querySelector("[role=status]");

document.querySelector("a.udl-run")?.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  status.textContent = "";
  dialog.showModal();
});

dialog?.addEventListener("click", (event) => {
  const action = event.target.closest("[data-do]")?.dataset.do;
  if (action === "close" || event.target === dialog) dialog.close();
  if (action === "reset") reset();
});

// the theme prevents what Escape does by itself
dialog?.addEventListener("keydown", (event) => {
  if (event.key === "Escape") dialog.close();
});

async function reset() {
  const { notebook, lite } = dialog.dataset;
  if (!confirm("Throw away your edits to this page and start from the original?")) return;
  try {
    const { resetChapter } = await import(new URL(dialog.dataset.reset, document.baseURI));
    await resetChapter(notebook, new URL(lite, document.baseURI).href);
    status.textContent = "The page is back to the original.";
  } catch (error) {
    status.textContent = `The page could not be reset: ${error.message}`;
  }
}

// Sphinx's search looks words up in plain objects, where "constructor" and "__proto__" are always found. It also asks
// these objects for hasOwnProperty, which no word can be: words are looked up in small letters. This module runs after
// the index is there and before the search begins (both wait for the page's scripts).
if (typeof Search !== "undefined" && Search.hasIndex()) {
  const bare = Object.create(null, { hasOwnProperty: { value: Object.prototype.hasOwnProperty } });
  for (const words of [Search._index.terms, Search._index.titleterms]) Object.setPrototypeOf(words, bare);
}

// In a page's text every formula would be there three times: seen, heard, and as it is written.
if (typeof Search !== "undefined") {
  const { htmlToText } = Search;
  Search.htmlToText = (page, anchor) => htmlToText(page.replace(/<math .*?<\/math>/gs, ""), anchor);
}

// The book's bar on the notebook page: back to the chapter, reset it, and what is loading.

import { keep } from "./keep.mjs";
import { resetChapter } from "./reset.mjs";
import { setUpAtEachStart } from "./setup.mjs";

const script = document.getElementById("udl-bar-script");
const liteUrl = new URL("../", import.meta.url);
const path = new URLSearchParams(location.search).get("path") ?? "";

const bar = element("nav", { id: "udl-bar", "aria-label": "The book" });
const [what, these] = path.startsWith("book/exercises/")
  ? ["exercises", "these exercises"]
  : ["chapter", "this chapter"];
const back = element("a", { href: chapterUrl(path) }, `← Back to the ${what}`);
const note = element("span", { id: "udl-note", role: "status" }, loadingNote());
const reset = element("button", { type: "button" }, `Reset ${these}`);
const dialog = confirmation();

bar.append(back, note);
if (path) bar.append(reset);
let keeper = null; // once the notebook is there
reset.addEventListener("click", () => dialog.showModal());
back.addEventListener("click", leave);
document.addEventListener("click", followPageLink, true);
document.body.append(bar, dialog);
whenAppStarts().then(async (app) => {
  await app.restored;
  const panel = app.shell.currentWidget ?? (await nextSignal(app.shell.currentChanged, () => app.shell.currentWidget));
  watchPython(panel);
  await Promise.all([followSite(app), watchNotebook(app, panel)]);
});

function loadingNote() {
  return `Starting Python: about ${script.dataset.megabytes} MB, only the first time`;
}

/** The notebook's page in the book. */
function chapterUrl(notebook) {
  return new URL(notebook ? `../${notebook.replace(/\.ipynb$/, ".html")}` : "../", liteUrl).href;
}

/** A closed dialog that asks before anything is lost; Escape and Cancel keep everything. */
function confirmation() {
  const made = element("dialog", { id: "udl-reset", "aria-labelledby": "udl-reset-title" });
  const form = element("form", { method: "dialog" });
  const stays = what === "exercises" ? " What you have solved stays solved." : "";
  const cancel = element("button", { value: "cancel" }, "Keep my changes");
  const go = element("button", { value: "reset", class: "udl-danger" }, "Reset");
  form.append(cancel, go);
  made.append(
    element("h2", { id: "udl-reset-title" }, `Reset ${these}?`),
    element("p", {}, `Your changes to this notebook in this browser are deleted and the original is shown again.${stays}`),
    form,
  );
  made.addEventListener("close", () => {
    if (made.returnValue === "reset") restore();
    made.returnValue = "";
  });
  return made;
}

/** Delete the edited copy, also while the notebook is open, and show the original. */
async function restore() {
  note.textContent = "Restoring the original…";
  note.hidden = false;
  keeper?.pause(true);
  try {
    await resetChapter(path, liteUrl);
    location.reload();
  } catch (error) {
    keeper?.pause(false);
    note.textContent = `The notebook could not be reset: ${error.message}`;
  }
}

/** Back to the book, once everything is saved. */
async function leave(event) {
  if (!keeper || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  await keeper.leave();
  location.href = back.href;
}

async function watchNotebook(app, panel) {
  keeper = await keep(panel, app.serviceManager.contents, liteUrl, (trouble) => {
    note.hidden = !trouble;
    note.textContent = trouble && `Not saved in this browser: ${trouble}`;
  });
  document.body.dataset.udlKept = "yes";
}

/** Resolves with the Jupyter application once the page has made it. */
function whenAppStarts() {
  if (window.jupyterapp) return Promise.resolve(window.jupyterapp);
  return new Promise((resolve) => {
    Object.defineProperty(window, "jupyterapp", {
      configurable: true,
      set(app) {
        Object.defineProperty(window, "jupyterapp", { value: app, writable: true, configurable: true });
        resolve(app);
      },
    });
  });
}

/** Show the book's theme, light or dark. Set once per change, so that a theme chosen in JupyterLite stays. */
async function followSite(app) {
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const mode = localStorage.getItem("mode");
  const wanted = mode === "dark" || mode === "light" ? mode : system;
  if (wanted === (localStorage.getItem("udl-lite-theme") ?? "light")) return;
  await app.commands.execute("apputils:change-theme", { theme: `JupyterLab ${wanted === "dark" ? "Dark" : "Light"}` });
  localStorage.setItem("udl-lite-theme", wanted);
}

/** Take the note away when Python is set up; say so when it cannot start. */
function watchPython(panel) {
  let latest = null;
  setUpAtEachStart(panel, async (started) => {
    latest = started;
    delete document.body.dataset.udlPython;
    const [state, trouble] = await started.then(
      (wrong) => ["ready", wrong && `The set-up did not run: ${wrong}`],
      (error) => ["failed", `Python could not start: ${error?.message ?? error}`],
    );
    if (started !== latest) return; // Python has been started again meanwhile
    note.hidden = !trouble;
    note.textContent = trouble;
    document.body.dataset.udlPython = state;
  });
}

function nextSignal(signal, value) {
  return new Promise((resolve) => {
    const slot = () => {
      if (!value()) return;
      signal.disconnect(slot);
      resolve(value());
    };
    signal.connect(slot);
  });
}

/** A link to a page of the book: JupyterLite would look for it among its own files. */
function followPageLink(event) {
  const link = event.target.closest?.(".jp-RenderedMarkdown a[href]");
  if (!link) return;
  const url = new URL(link.href);
  const files = new URL("files/", liteUrl).pathname;
  if (!url.pathname.startsWith(files) || !url.pathname.endsWith(".html")) return;
  event.preventDefault();
  event.stopPropagation();
  window.open(new URL(`../${url.pathname.slice(files.length)}${url.hash}`, liteUrl), "_blank", "noopener");
}

function element(tag, attributes, text = "") {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  return made;
}

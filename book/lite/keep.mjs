// Keep what the reader writes: saved in this browser soon after every change, and whenever the page is left.
// Tabs that show the same notebook share one copy: each takes over what another has saved, cell by cell.

const SOON = 800; // ms from a change to its saving
const REST = 5; // times as long as a save took, until the next: JupyterLab writes the whole notebook, pictures and all
const PATIENCE = 10_000; // ms that leaving the page waits for a save

/**
 * Keep the notebook of a panel saved.
 *
 * @param {object} panel JupyterLab's notebook panel
 * @param {object} contents JupyterLab's contents manager
 * @param {string | URL} liteUrl the address of the JupyterLite folder
 * @param {(trouble: string) => void} tell called with the reason when a save fails, and with "" once one succeeds
 * @returns {Promise<{leave: () => Promise<void>, pause: (on: boolean) => void}>} once the notebook is loaded and what
 *   was jotted down is back: `leave` saves before the page is left, `pause` says whether to save nothing
 */
export async function keep(panel, contents, liteUrl, tell) {
  const { context } = panel;
  await context.ready;
  const { model } = context;
  const name = keptName(context.path, liteUrl);
  const channel = new BroadcastChannel(name);
  const jotting = `${name} ${Math.random().toString(36).slice(2)}`; // this page's own: no tab overwrites another's

  let synced = snapshot(); // the cells as they are stored
  let known = context.contentsModel.last_modified; // and since when
  let paused = false;
  let failed = false;
  let timer = 0;
  let delay = SOON;

  const jotted = jottings(name);
  jotted.flatMap(([, changes]) => changes).forEach(putBack);
  model.contentChanged.connect(soon);
  channel.onmessage = () => attempt(takeOver);
  addEventListener("pagehide", hide);
  document.addEventListener("visibilitychange", () => (document.hidden ? hide() : attempt(takeOver)));
  addEventListener("beforeunload", (event) => {
    if (failed && changed()) event.preventDefault();
  });
  soon();
  return { leave, pause: (on) => (paused = on) };

  function snapshot() {
    return new Map(model.toJSON().cells.map((cell) => [cell.id, JSON.stringify(cell)]));
  }

  function changed() {
    const [now, then] = [[...snapshot()], [...synced]];
    return now.length !== then.length || now.some(([id, cell], i) => id !== then[i][0] || cell !== then[i][1]);
  }

  function soon() {
    timer ||= setTimeout(save, delay);
  }

  async function save() {
    clearTimeout(timer);
    timer = 0;
    await attempt(async () => {
      if (changed()) await store();
      else model.dirty = false; // a starting kernel marks a notebook as changed; an original must not become a copy
      for (const key of [jotting, ...jotted.map(([key]) => key)]) localStorage.removeItem(key);
      if (failed) tell("");
      failed = false;
    });
  }

  async function store() {
    await takeOver();
    const saving = snapshot();
    const begun = performance.now();
    await context.save();
    delay = Math.max(SOON, REST * (performance.now() - begun));
    synced = saving;
    known = context.contentsModel.last_modified;
    channel.postMessage("saved");
    if (changed()) soon();
  }

  /** Nothing is thrown: what fails is told, and tried again with the next change. */
  async function attempt(step) {
    try {
      await inTurn(name, () => (paused ? undefined : step()));
    } catch (error) {
      failed = true;
      tell(error.message);
    }
  }

  /** Leave the page with everything saved, or at least jotted down. */
  async function leave() {
    await Promise.race([save(), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  }

  /** The page may be gone at once, before a save is done: jot down what has changed, and save. */
  function hide() {
    if (paused) return;
    jotDown();
    save();
  }

  function jotDown() {
    const cells = model.toJSON().cells;
    const changes = cells
      .map((cell, i) => ({ cell, was: source(synced.get(cell.id)), after: cells[i - 1]?.id }))
      .filter(({ cell }) => JSON.stringify(cell) !== synced.get(cell.id));
    if (changes.length === 0) return;
    try {
      localStorage.setItem(jotting, JSON.stringify(changes));
    } catch {
      // too large with its pictures
      for (const { cell } of changes) if (cell.outputs) cell.outputs = [];
      localStorage.setItem(jotting, JSON.stringify(changes));
    }
  }

  /** Put a jotted cell back, unless its cell has been changed or deleted elsewhere since. */
  function putBack({ cell, was, after }) {
    const at = place(cell.id);
    if (at < 0 && was === undefined) model.sharedModel.insertCell(place(after) + 1, cell);
    if (at >= 0 && model.sharedModel.cells[at].getSource() === was) replace(at, cell);
  }

  /** Take over what another page has stored, in all cells that have not been changed here. */
  async function takeOver() {
    const stored = await contents.get(context.path, { type: "notebook", format: "json", content: true });
    if (stored.last_modified === known) return;
    const now = snapshot();
    const untouched = (id) => now.get(id) === synced.get(id);
    const theirs = new Map(stored.content.cells.map((cell) => [cell.id, { ...cell, source: [cell.source].flat().join("") }]));
    for (const id of now.keys()) {
      if (!theirs.has(id) && untouched(id) && now.size > 1) model.sharedModel.deleteCell(place(id));
    }
    let before;
    for (const [id, cell] of theirs) {
      const at = place(id);
      if (at < 0 && !synced.has(id)) model.sharedModel.insertCell(place(before) + 1, cell);
      if (at >= 0 && untouched(id) && JSON.stringify(cell) !== now.get(id)) replace(at, cell);
      before = id;
    }
    const merged = snapshot();
    const changedHere = [...now.keys()].filter((id) => !untouched(id));
    synced = new Map([...theirs].map(([id, cell]) => [id, merged.get(id) ?? JSON.stringify(cell)]));
    for (const id of changedHere) if (theirs.has(id)) synced.set(id, JSON.stringify(theirs.get(id)));
    known = stored.last_modified;
    if (!changed()) model.dirty = false;
  }

  function place(id) {
    return model.sharedModel.cells.findIndex((cell) => cell.id === id);
  }

  function replace(at, cell) {
    model.sharedModel.transact(() => {
      model.sharedModel.deleteCell(at);
      model.sharedModel.insertCell(at, cell);
    });
  }
}

/** What names a notebook's lock, channel and jottings: its address, since one host may hold several books. */
export function keptName(path, liteUrl) {
  return `udl-kept ${new URL(liteUrl, document.baseURI).pathname}${path}`;
}

/** Run a step while no other page of this browser does anything to the stored notebook. */
export function inTurn(name, step) {
  return navigator.locks ? navigator.locks.request(name, step) : step(); // no locks without HTTPS
}

/** Forget what was jotted down of a notebook, and let the pages that show it know that its stored copy is another. */
export function forgetJottings(name) {
  for (const [key] of jottings(name)) localStorage.removeItem(key);
  const channel = new BroadcastChannel(name);
  channel.postMessage("reset");
  channel.close();
}

function jottings(name) {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(`${name} `));
  return keys.map((key) => [key, JSON.parse(localStorage.getItem(key))]);
}

function source(cell) {
  return cell === undefined ? undefined : JSON.parse(cell).source;
}

// Restore a chapter: JupyterLite keeps a reader's edits in the browser, and shows them instead of the original.

import { forgetJottings, inTurn, keptName } from "./keep.mjs";

/**
 * Forget the edited copy of a notebook, so that the original shows again.
 *
 * @param {string} path the notebook's path in the book, e.g. "chapters/01_linear_regression.ipynb"
 * @param {string | URL} liteUrl the address of the JupyterLite folder, e.g. "../lite/"
 * @returns {Promise<boolean>} whether there was an edited copy
 */
export async function resetChapter(path, liteUrl) {
  const name = keptName(path, liteUrl);
  return inTurn(name, async () => {
    const found = await forgetCopy(path, liteUrl);
    forgetJottings(name);
    return found;
  });
}

async function forgetCopy(path, liteUrl) {
  const folder = new URL(liteUrl, document.baseURI).pathname.replace(/\/*$/, "/");
  const database = await openExisting(`JupyterLite Storage - ${folder}`);
  if (!database) return false;
  try {
    const stores = ["files", "checkpoints"].filter((name) => database.objectStoreNames.contains(name));
    if (stores.length === 0) return false;
    return await forget(database, stores, path);
  } finally {
    database.close();
  }
}

/** The database, or null where the reader has none yet: opening one must not create it. */
function openExisting(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name);
    let created = false;
    request.onupgradeneeded = () => {
      created = true;
      request.transaction.abort();
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => (created ? resolve(null) : reject(request.error));
  });
}

function forget(database, stores, path) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(stores, "readwrite");
    let found = false;
    for (const name of stores) {
      const store = transaction.objectStore(name);
      const key = store.getKey(path);
      key.onsuccess = () => {
        found ||= name === "files" && key.result !== undefined;
        store.delete(path);
      };
    }
    transaction.oncomplete = () => resolve(found);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

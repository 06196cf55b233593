import { execFileSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const FOLDER = new URL("../../_build/scenes/", import.meta.url);

/** Python computes what every live figure shows and says, anew for each run: nothing to commit, nothing to go stale. */
export default function setup(): void {
  const python = ["../../.venv/bin/python", "../../.venv/Scripts/python.exe"].map((path) => new URL(path, import.meta.url)).find((path) => existsSync(path));
  if (!python) throw new Error('the tests ask Python for its numbers, and there is none in .venv: run "make test"');
  rmSync(FOLDER, { recursive: true, force: true });
  execFileSync(fileURLToPath(python), [new URL("../../tests/scenes.py", import.meta.url), FOLDER].map(fileURLToPath), { stdio: "inherit" });
}

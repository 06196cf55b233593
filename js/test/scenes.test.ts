import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Coordinates, LiveSpec, Place } from "../src/scene/live.ts";
import { FOLDER } from "./scenes.setup.ts";

type Loose = Record<string, unknown>;
interface Cases {
  shown: { state: Loose; scene: Record<string, [unknown, unknown, string?]>; words: Loose; rows: unknown[][]; truth: number; python: string }[];
  refused: { name: string; value: unknown }[];
}

const list = (v: unknown): unknown[] => (Array.isArray(v) ? v : [v]);
/** Infinities and NaN are null in JSON. */
const number = (v: unknown): number => (v === null ? NaN : (v as number));

function expectClose(drawn: unknown[], wanted: unknown[], where: string): void {
  expect(drawn.length, where).toBe(wanted.length);
  drawn.forEach((v, i) => {
    const [a, b] = [number(v), number(wanted[i])];
    if (!(Math.abs(a - b) <= 1e-12 * Math.max(1, Math.abs(b)) || (!Number.isFinite(a) && Number.isNaN(b)))) expect.fail(`${where}[${i}] is ${a}, Python says ${b}`);
  });
}

/** All that is seen in a state, name by name, with what else is done in the background. */
function everything({ see, later }: LiveSpec<Loose>["live"], state: Loose): [name: string, Place][] {
  const work = later?.scene(state);
  let step = work?.next();
  while (step && !step.done) step = work!.next();
  const scene = { ...see(state).scene, ...(step?.value as Record<string, Place> | undefined) };
  return Object.entries(scene).flatMap(([name, place]): [string, Place][] =>
    name.includes("#") ? (place as Place[]).map((one, k) => [name.replaceAll("#", String(k + 1)), one]) : [[name, place as Place]],
  );
}

/** One way to write each number. */
const plainly = (code: string): string => code.replace(/\d+(\.\d+)?(e[+-]?\d+)?/g, (v) => String(Number(v)));

for (const file of readdirSync(FOLDER)) {
  const name = file.replace(".json", "");
  const { shown, refused } = JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")) as Cases;
  const module = (await import(`../src/figures/${name.replaceAll("-", "_")}.ts`)) as Loose;
  const spec = Object.values(module).find((part) => (part as Loose)?.name === name) as LiveSpec<Loose>;

  describe(name, () => {
    it.each(shown.map((c, i) => [i, c] as const))("shows and says what Python does, case %i", (_, { state, scene, words, rows, truth, python }) => {
      const parsed = spec.parse(state);
      expect(parsed).toEqual(state);
      const seen = everything(spec.live, parsed);
      expect(seen.map(([mark]) => mark).sort()).toEqual(Object.keys(scene).sort());
      for (const [mark, [x, y, text]] of seen) {
        expectClose(list(x as Coordinates), list(scene[mark][0]), `${mark}.x`);
        expectClose(list(y as Coordinates), list(scene[mark][1]), `${mark}.y`);
        expect(text, mark).toBe(scene[mark][2]);
      }
      expect(spec.live.see(parsed).words).toEqual(words);
      const cells = spec.live.rows(parsed);
      expect(cells.length).toBe(rows.length);
      cells.forEach((row, i) => row.forEach((cell, k) => (typeof cell === "number" ? expectClose([cell], [rows[i][k]], `row ${i}`) : expect(cell).toBe(rows[i][k]))));
      expect(spec.question?.truth(parsed)).toBe(truth ?? undefined);
      expect(plainly(spec.python(parsed))).toBe(plainly(python));
    });

    it("refuses what Python refuses, by name", () => {
      for (const { name: key, value } of refused) expect(() => spec.parse({ ...shown[0].state, [key]: value }), `${key} = ${JSON.stringify(value)}`).toThrow(new RegExp(`^${key} must be .+, got `));
    });

    it("refuses a state that lacks something, and what is not finite", () => {
      for (const key of Object.keys(shown[0].state)) {
        for (const value of [undefined, NaN, Infinity, [NaN, 1e300]]) expect(() => spec.parse({ ...shown[0].state, [key]: value })).toThrow(`${key} must be `);
      }
    });
  });
}

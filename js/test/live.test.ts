import { expect, it } from "vitest";
import type { Declaration, Names } from "../src/scene/declaration.ts";
import { live } from "../src/scene/live.ts";

type State = { on: boolean; name: string; n: number; v: number[] };
const declared: Declaration<State, Names> = {
  name: "small",
  title: "",
  version: 1,
  fields: {
    on: { kind: "flag", says: "true or false" },
    name: { kind: "choice", says: "", options: ["a", "b"] },
    n: { kind: "whole", says: "a whole number", lo: 0, hi: "I" },
    v: { kind: "vector", says: "numbers", lo: -2, hi: 2, digits: 1, size: { I: 2, "": 1 }, letters: { I: [1, 3] } },
  },
  layout: [],
  question: null,
  table: { kind: "table", caption: "", head: [] },
  code: "$on and $name, $n in $v or $on",
};
const nothing = { compute: () => 0, scene: () => ({}), words: () => ({ summary: "" }), rows: () => [], moves: {} };
const spec = live(declared, nothing as never);
const good: State = { on: true, name: "b", n: 1, v: [1, -1e-7, 2] };

it("writes a state as Python does", () => {
  expect(spec.python(good)).toBe('True and "b", 1 in [1, -1e-7, 2] or True');
  expect(spec.python({ ...good, on: false })).toBe('False and "b", 1 in [1, -1e-7, 2] or False');
});

it("brings what a gesture asks for within limits, and leaves what is not finite for the check to refuse", () => {
  expect(spec.fit!(good, { v: [0.26, -7, 9] })).toEqual({ ...good, v: [0.3, -2, 2] });
  expect(spec.fit!(good, { n: -3.4 })).toEqual({ ...good, n: 0 });
  expect(() => spec.parse(spec.fit!(good, { v: [NaN, 0, 1] }))).toThrow("v must be numbers, got NaN");
  expect(() => spec.parse(spec.fit!(good, { n: Infinity }))).toThrow("n must be a whole number, got Infinity");
});

it("holds lengths to each other", () => {
  for (const v of [[1], [1, 2], [1, 2, 0, 1], Array(9).fill(0)]) expect(() => spec.parse({ ...good, v })).toThrow(`got shape (${v.length},)`);
  expect(() => spec.parse({ ...good, n: 2 })).toThrow("n must be a whole number, got 2, where I = 1");
  expect(spec.parse({ ...good, n: 2, v: [1, 2, 0, 1, 2] })).toEqual({ ...good, n: 2, v: [1, 2, 0, 1, 2] });
});

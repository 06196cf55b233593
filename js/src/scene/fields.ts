/** States come in here, from Python, a link, a test or a gesture, and are checked as udl_core/widgets/fields.py checks them. */
import { clamp } from "../handle.ts";
import type { Field } from "./declaration.ts";

type Fields = Record<string, Field>;
type Values = Record<string, unknown>;

/** The state in plain data; throws an Error that names what was expected and what came. */
export function parse(fields: Fields, raw: Values): Values {
  const state: Values = {};
  for (const [name, field] of Object.entries(fields)) {
    const wrong = problem(field, raw[name]);
    if (wrong !== undefined) throw refusal(name, field, wrong);
    state[name] = Array.isArray(raw[name]) ? raw[name].slice() : raw[name];
  }
  agree(fields, state);
  return state;
}

/**
 * What a gesture asks for, brought within limits: rounded, not beyond the ends, the moved end of an interval giving way. What
 * is not finite stays so, for `parse` to refuse.
 */
export function fit(fields: Fields, before: Values, patch: Values): Values {
  const next = { ...before, ...patch };
  for (const key of Object.keys(patch)) next[key] = within(fields[key], next[key], before[key]);
  return next;
}

function within(field: Field, value: unknown, before: unknown): unknown {
  const { kind, lo, hi, digits, significant } = field;
  const round = (v: number): number => (significant ? Number(v.toPrecision(significant)) : rounded(v, kind === "whole" ? 0 : digits));
  const near = (v: number, ends: [number, number]): number => (Number.isFinite(v) ? clamp(round(v), ends) : v);
  if (typeof value === "number") return near(value, [lo!, typeof hi === "number" ? hi : Infinity]);
  if (kind === "interval") {
    const [a, b] = value as number[];
    const [was, end] = before as number[];
    if (a === was) return [a, near(b, [a + field.least!, hi as number])];
    if (b === end) return [near(a, [lo!, b - field.least!]), b];
    const start = near(a, [lo!, (hi as number) - (b - a)]);
    return [start, rounded(start + b - a, digits)];
  }
  // what has limits of its own stays within; what only must not grow without end is for `parse` to refuse
  if (kind === "vector" && digits != null) return (value as number[]).map((v) => near(v, [lo!, hi as number]));
  return value;
}

const rounded = (v: number, digits: number | null | undefined): number => (digits == null ? v : Math.round(v * 10 ** digits) / 10 ** digits + 0);

/** What came instead of what the field says; undefined if nothing is wrong. */
function problem({ kind, lo, hi, options, least }: Field, value: unknown): unknown {
  const number = (v: unknown): boolean => typeof v === "number" && Number.isFinite(v) && v >= lo! && (typeof hi !== "number" || v <= hi);
  const entry = { flags: (v: unknown) => typeof v === "boolean", wholes: (v: unknown) => number(v) && Number.isInteger(v) }[kind as string] ?? number;
  switch (kind) {
    case "flag":
      return typeof value === "boolean" ? undefined : some(value);
    case "choice":
      return options!.includes(value as string) ? undefined : some(value);
    case "real":
      return number(value) ? undefined : some(value);
    case "whole":
      return number(value) && Number.isInteger(value) ? undefined : some(value);
  }
  if (!Array.isArray(value)) return some(value);
  const bad = value.findIndex((v) => !entry(v));
  if (bad >= 0) return some(value[bad]);
  return kind === "interval" && value[1] - value[0] < least! - 1e-9 ? `${value[0]}, ${value[1]}` : undefined;
}

/** Whether the lengths of all vectors fit together, and the numbers that count their entries. */
function agree(fields: Fields, state: Values): void {
  const entries = Object.entries(fields);
  const limits = Object.assign({}, ...entries.map(([, field]) => field.letters)) as Record<string, [number, number]>;
  const known: Record<string, number> = { "": 1 };
  for (const [name, { kind }] of entries) if (kind === "whole") known[name] = state[name] as number;
  for (const [name, field] of entries) {
    if (!field.size) continue;
    const { length } = state[name] as unknown[];
    const rest = Object.entries(field.size).reduce((left, [letter, times]) => left - times * (known[letter] ?? 0), length);
    const letter = Object.keys(field.size).find((l) => !(l in known));
    if (letter === undefined) {
      if (rest) throw refusal(name, field, `${length}, where the rest of the state needs ${length - rest}`);
      continue;
    }
    const many = rest / field.size[letter];
    if (!Number.isInteger(many) || many < limits[letter][0] || many > limits[letter][1]) throw refusal(name, field, `shape (${length},)`);
    known[letter] = many;
  }
  for (const [name, field] of entries) {
    const { hi } = field;
    if (typeof hi === "string" && (state[name] as number) > known[hi]) throw refusal(name, field, `${state[name]}, where ${hi} = ${known[hi]}`);
  }
}

const refusal = (name: string, { says }: Field, came: unknown): Error => new Error(`${name} must be ${says}, got ${came}`);

function some(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** Checks of plain data that comes from Python, a link or a test. Each names what was expected and what came. */
type Raw = Record<string, unknown>;

/** How far from 0 the numbers of a state may be: the same as in udl_core/widgets/fields.py. */
const LARGEST = 1e9;

/** A list of finite numbers; `length` may be a number or a check with its description. */
export function numbers(raw: Raw, key: string, length?: number): number[] {
  const value = raw[key];
  const wanted = `${key} must be ${length === undefined ? "a list of" : `a list of ${length}`} finite numbers`;
  if (!Array.isArray(value)) throw new Error(`${wanted}, got ${describe(value)}`);
  if (length !== undefined && value.length !== length) throw new Error(`${wanted}, got ${value.length}`);
  const bad = value.findIndex((v) => typeof v !== "number" || !(Math.abs(v) <= LARGEST));
  const what = bad >= 0 && Number.isFinite(value[bad]) ? `${key} must be a list of numbers of size 1e9 at most` : wanted;
  if (bad >= 0) throw new Error(`${what}, got ${describe(value[bad])} at place ${bad}`);
  return value.slice() as number[];
}

/** A finite number in [lo, hi]. */
export function number(raw: Raw, key: string, lo = -Infinity, hi = Infinity): number {
  const value = raw[key];
  if (typeof value !== "number" || !Number.isFinite(value) || value < lo || value > hi) {
    throw new Error(`${key} must be a number from ${lo} to ${hi}, got ${describe(value)}`);
  }
  return value;
}

export function integer(raw: Raw, key: string, lo: number, hi: number): number {
  const value = number(raw, key, lo, hi);
  if (!Number.isInteger(value)) throw new Error(`${key} must be a whole number, got ${value}`);
  return value;
}

export function flag(raw: Raw, key: string): boolean {
  const value = raw[key];
  if (typeof value !== "boolean") throw new Error(`${key} must be true or false, got ${describe(value)}`);
  return value;
}

export function flags(raw: Raw, key: string, length: number): boolean[] {
  const value = raw[key];
  if (!Array.isArray(value) || value.length !== length || value.some((v) => typeof v !== "boolean")) {
    throw new Error(`${key} must be a list of ${length} true/false values, got ${describe(value)}`);
  }
  return value.slice() as boolean[];
}

export function oneOf<T extends string>(raw: Raw, key: string, options: readonly T[]): T {
  const value = raw[key];
  if (!options.includes(value as T)) throw new Error(`${key} must be one of ${options.join(", ")}, got ${describe(value)}`);
  return value as T;
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

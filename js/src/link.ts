/**
 * Links that reproduce a figure's state: `#udl-<name>=<version>.<state>`, the state as JSON in URL-safe base64.
 * The part before `=` is also the figure's id (`udl-<name>-2` for a second one of its kind), so it alone just scrolls there.
 */
export interface StateLink {
  name: string;
  version: number;
  state?: Record<string, unknown>;
}

/** Characters of a link that mail, chats and forms keep whole. */
export const LONGEST = 16_000;

export function encodeLink(name: string, version: number, state: Record<string, unknown>): string {
  const bytes = new TextEncoder().encode(JSON.stringify(state));
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return `#udl-${name}=${version}.${base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

/**
 * The link in a fragment, or undefined if it isn't one of ours. A damaged state comes back without `state`, a missing
 * version as NaN, which is no figure's.
 */
export function decodeLink(fragment: string): StateLink | undefined {
  // some programs encode the equals sign
  const match = /^#udl-([a-z0-9-]+)(?:=|%3[Dd])(.*)$/.exec(fragment);
  if (!match) return undefined;
  const [, version, text] = /^(\d+)\.(.*)$/.exec(match[2]) ?? [];
  const link: StateLink = { name: match[1], version: Number(version) };
  try {
    const base64 = (text ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const state: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (state && typeof state === "object" && !Array.isArray(state)) link.state = state as Record<string, unknown>;
  } catch {
    // left without a state: the figure says so and shows its default
  }
  return link;
}

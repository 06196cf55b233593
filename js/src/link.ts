/**
 * Links that reproduce a figure's state: `#udl-<name>=<version>.<state>`, the state as JSON in URL-safe base64.
 * The part before `=` is also the figure's id, so `#udl-<name>` alone just scrolls to it.
 */
export interface StateLink {
  name: string;
  version: number;
  state?: Record<string, unknown>;
}

export function encodeLink(name: string, version: number, state: Record<string, unknown>): string {
  const bytes = new TextEncoder().encode(JSON.stringify(state));
  const base64 = btoa(String.fromCharCode(...bytes));
  return `#udl-${name}=${version}.${base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

/** The link in a fragment, or undefined if it isn't one of ours. A damaged state comes back without `state`. */
export function decodeLink(fragment: string): StateLink | undefined {
  const match = /^#udl-([a-z0-9-]+)=(\d+)\.([\w%-]*)$/.exec(fragment);
  if (!match) return undefined;
  const link: StateLink = { name: match[1], version: Number(match[2]) };
  try {
    const base64 = match[3].replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const state: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (state && typeof state === "object" && !Array.isArray(state)) link.state = state as Record<string, unknown>;
  } catch {
    // left without a state: the figure says so and shows its default
  }
  return link;
}

import { declared, type State } from "../declared/window.ts";
import { equal, evaluate, interpolant, slopesOf } from "../numeric/shallow.ts";
import { firstLargest } from "../numeric/peaks.ts";
import { live } from "../scene/live.ts";
import { count, show, small } from "../words.ts";

const NODES = Array.from({ length: 801 }, (_, k) => -2 + k / 200);
const sine = (x: number): number => Math.sin(Math.PI * x);
const SINE = NODES.map(sine);
const SIZES = Array.from({ length: 40 }, (_, k) => k + 1);

/** The network's places inside the window, itself, how far it is from the sine, and where it is farthest inside and outside. */
function network({ window: [lo, hi], lead }: State, D: number) {
  const places = equal(D, lo, hi);
  const net = interpolant(places, places.map(sine), lead);
  const off = NODES.map((x, k) => Math.abs(evaluate(net, x) - SINE[k]));
  const [i, o] = [true, false].map((within) => firstLargest(off, (k) => (lo <= NODES[k] && NODES[k] <= hi) === within));
  return { places, net, off, peaks: o < 0 ? [i] : [i, o], inside: off[i], outside: off[o] ?? 0 };
}

export const windowFigure = live(declared, {
  compute(s) {
    const all = SIZES.map((D) => network(s, D));
    const [lo, hi] = s.window;
    return { lo, hi, first: lo - s.lead, all, now: all[s.D - 1] };
  },

  scene({ D }, { lo, hi, first, all, now }) {
    const { places, off, peaks } = now;
    const y = (x: number): number => evaluate(now.net, x);
    const shown = [...new Set([-2, first, ...places, 2].map((x) => Math.max(-2, x)))];
    return {
      "window 1": [[lo, hi, hi, lo], [-3, -3, 3, 3]],
      target: [NODES, SINE],
      network: [shown, shown.map(y)],
      joints: [places.slice(1, -1), places.slice(1, -1).map(y)],
      left: [lo, -3],
      right: [hi, -3],
      window: [(lo + hi) / 2, 3],
      "first joint": [first, y(first)],
      invitation: [(lo + hi) / 2, 2.2],
      "window 2": [[lo, hi, hi, lo], [1e-4, 1e-4, 50, 50]],
      error: [NODES, off],
      largest: [peaks.map((k) => NODES[k]), peaks.map((k) => off[k])],
      "inside label": [(lo + hi) / 2, now.inside, `inside ${small(now.inside)}`],
      "outside label": now.outside ? [NODES[peaks[1]], now.outside, `outside ${show(now.outside)}`] : [[], [], ""],
      inside: [SIZES, all.map((e) => e.inside)],
      outside: [SIZES, all.map((e) => e.outside || NaN)],
      "inside name": [5, all[4].inside, "inside"],
      "outside name": [3, all[2].outside || NaN, "outside"],
      D: [D, now.inside],
    };
  },

  words({ D, lead }, { lo, hi, first, now }) {
    const slopes = slopesOf(now.places, now.places.map(sine));
    const bent = `Left of the window the first slope, ${show(slopes[0])}, goes on to unit 1’s joint at x = ${show(first)}; beyond it the curve is level. `;
    const left = lo === -2 ? "" : lead ? bent : "Left of the window all units are off: the curve is level. ";
    const right = hi < 2 ? `Right of it all units are on: the last slope, ${show(slopes[D - 1])}, goes on for ever.` : "";
    const units = count(D, "unit");
    return {
      summary: `${units}: error inside ${small(now.inside)}, outside ${now.outside ? `up to ${show(now.outside)}` : "nothing to see"}.`,
      tails: left + right,
      window: `from ${show(lo)} to ${show(hi)}`,
      D: `${units}, largest error inside ${small(now.inside)}`,
    };
  },

  rows: ({ D }, { all }) =>
    [...new Set([1, 2, 4, 8, 16, 32, 40, D])]
      .sort((a, b) => a - b)
      .map((size) => [size === D ? `${size} (shown)` : String(size), small(all[size - 1].inside), all[size - 1].outside ? show(all[size - 1].outside, 4) : "–"]),

  truth: (_, { lo, first }) => Number(-2 < first && first < lo),

  moves: {
    left: ({ x }, s) => ({ window: [x, s.window[1]] }),
    right: ({ x }, s) => ({ window: [s.window[0], x] }),
    window: ({ x }, { window: [lo, hi] }) => ({ window: [x - (hi - lo) / 2, x + (hi - lo) / 2] }),
    "first joint": ({ x }, s) => ({ lead: s.window[0] - x }),
    D: ({ x }) => ({ D: x }),
  },
});

import type { Frame, State } from "../figure.ts";
import { handle } from "../handle.ts";
import { PRESETS, type Norm, type PresetName } from "../numeric/approximation.ts";
import type { Mark } from "../plot.ts";
import { svg } from "../svg.ts";
import { digits } from "./approximation_parts.ts";
import { count } from "./parameter_sliders.ts";

export interface ErrorPanel {
  /** `errors` for D = 1, 2, …; `now` those of D as it is; a curve whose law is known has its slope drawn too. */
  draw(errors: Record<Norm, readonly number[]>, D: number, now: Record<Norm, number>, norm: Norm, law: PresetName | undefined): void;
}

const FLOOR = 1e-6;
const NORMS = ["sup", "l2"] as const;
const log = (error: number): number => Math.log10(Math.max(FLOOR, error));

/** Both errors against D on logarithmic scales, and a dot that drags D. */
export function errorPanel<S extends State>(frame: Frame<S>, parent: Element, most: number, set: (D: number) => void): ErrorPanel {
  const plot = frame.plot(parent, {
    label: "The error for every number of units",
    title: "Its error, for every D",
    x: [0, Math.log10(most)],
    y: [-6, 0.7],
    xnames: [1, 10, 100].map((D) => [Math.log10(D), String(D)] as const),
    ynames: [
      [0, "1"],
      [-2, "0.01"],
      [-4, "10⁻⁴"],
      [-6, "10⁻⁶"],
    ],
    xlabel: "units D",
    width: 300,
    height: 290,
    margin: { left: 38 },
  });
  for (const x of [0, 1, 2]) svg(plot.layer, "line", { x1: plot.sx(x), x2: plot.sx(x), y1: plot.area.top, y2: plot.area.bottom, class: "udl-gridline" });
  const guide = plot.curve("law", "udl-ink udl-law");
  // reported are D and the error themselves, not their logarithms
  const curves = NORMS.map((norm): Mark => {
    const node = svg(plot.layer, "path", { class: "udl-curve", fill: "none" });
    return plot.mark(`${norm} error`, node, (x, y) => {
      const points = x.map((D, k) => `${plot.sx(Math.log10(D)).toFixed(2)} ${plot.sy(log(y[k])).toFixed(2)}`);
      node.setAttribute("d", points.length ? `M${points.join("L")}` : "");
    });
  });
  const names = ["largest", "L2"].map((name) => svg(plot.top, "text", { class: "udl-mark-label udl-model", "aria-hidden": "true" }, name));
  const lawName = svg(plot.top, "text", { x: plot.area.left + 8, y: plot.area.bottom - 9, class: "udl-mark-label udl-ink", "aria-hidden": "true" });

  let D = 1;
  let shown = 0;
  let dragged = false;
  const finish = (end: () => void) => () => {
    dragged = false;
    end();
  };
  const KEY = 1e-4;
  const dot = handle(plot, {
    label: "Units D",
    name: "D",
    className: "udl-model",
    axes: "x",
    // a key's tiny step stands for one unit, since equal steps on this scale are not whole numbers of units
    step: [KEY, 0],
    link: "network",
    start: () => (dragged = true),
    set: (x) => {
      const steps = dragged ? NaN : (x - Math.log10(D)) / KEY;
      const next = Math.abs(steps) < 10.5 ? D + Math.round(steps) : Math.round(10 ** x);
      set(Math.min(most, Math.max(1, next)));
    },
    commit: finish(frame.commit),
    cancel: finish(frame.cancel),
    text: () => `${count(D, "unit")}, error ${digits(shown)}`,
  });

  return {
    draw(errors, units, now, norm, law) {
      D = units;
      shown = now[norm];
      const x = Math.log10(D);
      NORMS.forEach((name, k) => {
        const sizes = errors[name].map((_, i) => i + 1);
        curves[k].set(sizes, errors[name]);
        curves[k].node.setAttribute("class", `udl-curve ${name === norm ? "udl-model" : "udl-model udl-other"}`);
        const [left, right] = [errors[name][4] ?? 1, errors[name][12] ?? 1];
        names[k].setAttribute("x", plot.sx(Math.log10(k ? 5 : 13)).toFixed(1));
        names[k].setAttribute("y", (k ? plot.sy(log(left)) + 18 : plot.sy(log(right)) - 9).toFixed(1));
        names[k].setAttribute("text-anchor", k ? "end" : "start");
        names[k].setAttribute("visibility", errors[name].length ? "visible" : "hidden");
      });
      const power = law && PRESETS[law].exponents[norm];
      guide.set(power === undefined ? [] : plot.x, power === undefined ? [] : plot.x.map((end) => log(shown) + power * (end - x)));
      lawName.textContent = power === undefined ? "" : `dashed: D to the power ${String(power).replace("-", "−")}`;
      dot.place(x, log(shown));
    },
  };
}

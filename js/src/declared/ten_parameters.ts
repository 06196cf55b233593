// Made by `make bundle` from udl_core/widgets/ten_parameters.py: change it there.
import type { Declaration } from "../scene/declaration.ts";

export type State = {
  /** the flat vector φ of Shallow(1, 3, 1) */
  phi: number[];
  /** the input whose numbers the equation shows */
  x: number;
};
export type Names = {
  mark: "guide 1.#" | "probe 1" | "line #" | "name below #" | "name above #" | "shift" | "joint #" | "guide 2.#" | "probe 2" | "clipped #" | "guide 3.#" | "probe 3" | "weighted #" | "scale" | "weight #" | "guide 4.#" | "probe 4" | "band #" | "output" | "on 1" | "on 2" | "on 3" | "off 1" | "off 2" | "off 3" | "bend" | "vertex #" | "input";
  later: never;
  ghost: "wanted";
  move: "joint #" | "weight #" | "vertex #" | "input";
  note: "rule";
  equation: "equation";
};

export const declared: Declaration<State, Names> = {
  "name": "ten-parameters",
  "title": "Ten parameters, one function",
  "version": 1,
  "fields": {
    "phi": {
      "kind": "vector",
      "says": "numbers of shape (10,)",
      "size": {"": 10},
      "letters": {},
      "lo": -1000000000.0,
      "hi": 1000000000.0,
      "digits": null,
    },
    "x": {"kind": "real", "says": "a number from 0 to 2", "lo": 0, "hi": 2, "digits": 2},
  },
  "layout": [
    {
      "kind": "panel",
      "title": "1  Three lines",
      "x": [0, 2],
      "y": [-2, 2],
      "marks": [
        {"kind": "curve", "link": "unit#", "name": "guide 1.#", "role": "unit#", "look": "guide"},
        {"kind": "curve", "name": "probe 1", "role": "ink", "look": "probe"},
        {"kind": "curve", "link": "unit#", "name": "line #", "role": "unit#"},
        {
          "kind": "label",
          "link": "unit#",
          "name": "name below #",
          "role": "ink",
          "look": "line-name",
          "side": "below",
          "text": "#",
        },
        {
          "kind": "label",
          "link": "unit#",
          "name": "name above #",
          "role": "ink",
          "look": "line-name",
          "side": "above",
          "text": "#",
        },
        {"kind": "invitation", "name": "shift", "role": "ink", "text": "drag a shape ↔"},
        {
          "kind": "handle",
          "link": "unit#",
          "name": "joint #",
          "role": "unit#",
          "label": "Joint of unit #",
          "axes": "x",
          "step": 0.02,
        },
      ],
      "right": 14,
      "xlabel": "x",
      "height": 190,
    },
    {
      "kind": "panel",
      "title": "2  Clipped at zero: h = a[line]",
      "x": [0, 2],
      "y": [-2, 2],
      "marks": [
        {"kind": "curve", "link": "unit#", "name": "guide 2.#", "role": "unit#", "look": "guide"},
        {"kind": "curve", "name": "probe 2", "role": "ink", "look": "probe"},
        {"kind": "curve", "link": "unit#", "name": "clipped #", "role": "unit#"},
      ],
      "right": 14,
      "xlabel": "x",
      "height": 190,
    },
    {
      "kind": "panel",
      "title": "3  Weighted: φ · h",
      "x": [0, 2],
      "y": [-2, 2],
      "marks": [
        {"kind": "curve", "link": "unit#", "name": "guide 3.#", "role": "unit#", "look": "guide"},
        {"kind": "curve", "name": "probe 3", "role": "ink", "look": "probe"},
        {"kind": "curve", "link": "unit#", "name": "weighted #", "role": "unit#"},
        {"kind": "invitation", "name": "scale", "role": "ink", "text": "drag a shape ↕"},
        {
          "kind": "handle",
          "link": "unit#",
          "name": "weight #",
          "role": "unit#",
          "label": "Weight of unit #",
          "axes": "y",
          "step": 0.05,
        },
      ],
      "right": 14,
      "xlabel": "x",
      "height": 190,
    },
    {
      "kind": "panel",
      "title": "4  Summed, plus φ₀: output",
      "x": [0, 2],
      "y": [-2, 2],
      "marks": [
        {"kind": "curve", "link": "unit#", "name": "guide 4.#", "role": "unit#", "look": "guide"},
        {"kind": "curve", "name": "probe 4", "role": "ink", "look": "probe"},
        {"kind": "area", "name": "band #", "role": "ink", "look": "band"},
        {"kind": "curve", "name": "wanted", "role": "data", "look": "ghost", "ghost": true},
        {"kind": "curve", "name": "output", "role": "model"},
        {"kind": "dots", "link": "unit1", "name": "on 1", "role": "unit1", "look": "on", "size": 4},
        {"kind": "dots", "link": "unit2", "name": "on 2", "role": "unit2", "look": "on", "size": 4},
        {"kind": "dots", "link": "unit3", "name": "on 3", "role": "unit3", "look": "on", "size": 4},
        {"kind": "dots", "link": "unit1", "name": "off 1", "role": "unit1", "look": "off", "size": 4},
        {"kind": "dots", "link": "unit2", "name": "off 2", "role": "unit2", "look": "off", "size": 4},
        {"kind": "dots", "link": "unit3", "name": "off 3", "role": "unit3", "look": "off", "size": 4},
        {"kind": "invitation", "name": "bend", "role": "ink", "text": "drag a bend"},
        {
          "kind": "handle",
          "link": "unit#",
          "name": "vertex #",
          "role": "model",
          "label": "Vertex of the output at unit #'s joint",
          "axes": "xy",
          "step": 0.02,
        },
        {"kind": "handle", "name": "input", "role": "ink", "label": "Input x", "axes": "x", "step": 0.02},
      ],
      "right": 14,
      "xlabel": "x",
      "ylabel": "y",
      "height": 190,
    },
    {
      "kind": "controls",
      "items": [
        {
          "kind": "equation",
          "name": "equation",
          "terms": [
            {"kind": "term", "text": "{y} ="},
            {"kind": "term", "link": "phi0", "text": "{φ_0}"},
            {"kind": "term", "link": "unit1", "text": "+ {φ_1} a[{θ_10} + {θ_11} {x}]", "role": "unit1"},
            {"kind": "term", "link": "unit2", "text": "+ {φ_2} a[{θ_20} + {θ_21} {x}]", "role": "unit2"},
            {"kind": "term", "link": "unit3", "text": "+ {φ_3} a[{θ_30} + {θ_31} {x}]", "role": "unit3"},
          ],
        },
        {"kind": "note", "name": "rule"},
        {
          "kind": "sliders",
          "key": "phi",
          "title": "All ten parameters",
          "lo": -3,
          "hi": 3,
          "labels": ["θ_10", "θ_11", "θ_20", "θ_21", "θ_30", "θ_31", "φ_0", "φ_1", "φ_2", "φ_3"],
          "links": ["unit1", "unit1", "unit2", "unit2", "unit3", "unit3", "phi0", "unit1", "unit2", "unit3"],
          "roles": ["unit1", "unit1", "unit2", "unit2", "unit3", "unit3", "", "unit1", "unit2", "unit3"],
          "step": 0.01,
          "unfolded": true,
        },
      ],
      "wide": true,
    },
  ],
  "question": {
    "kind": "question",
    "ask": "How many linear pieces will the output show between 0 and 2?",
    "min": 1,
    "max": 8,
    "step": 1,
    "digits": 0,
  },
  "table": {
    "kind": "table",
    "caption": "Linear regions between x = 0 and x = 2",
    "head": ["region", "from x", "to x", "slope", "y at its left end", "active units"],
  },
  "code": "import numpy as np\nfrom udl_core import Shallow, regions\n\nnet = Shallow(D_i=1, D=3, D_o=1)\nphi = np.array($phi)\nprint(net(np.array([[$x]]), phi))\nprint(regions.joints(net, phi, 0, 2))",
};

// Made by `make bundle` from udl_core/widgets/window.py: change it there.
import type { Declaration } from "../scene/declaration.ts";

export type State = {
  /** the ends of the window */
  window: number[];
  /** units, and straight pieces inside */
  D: number;
  /** how far left of the window the first joint stands */
  lead: number;
};
export type Names = {
  mark: "window 1" | "target" | "network" | "joints" | "left" | "right" | "window" | "first joint" | "invitation" | "window 2" | "error" | "largest" | "inside label" | "outside label" | "inside" | "outside" | "inside name" | "outside name" | "D";
  later: never;
  ghost: never;
  move: "left" | "right" | "window" | "first joint" | "D";
  note: "tails";
  equation: never;
};

export const declared: Declaration<State, Names> = {
  "name": "window",
  "title": "Inside the window, and outside",
  "version": 1,
  "fields": {
    "window": {
      "kind": "interval",
      "says": "two numbers from −2 to 2, the second at least 0.25 above the first",
      "size": {"": 2},
      "letters": {},
      "lo": -2,
      "hi": 2,
      "digits": 2,
      "least": 0.25,
    },
    "D": {"kind": "whole", "says": "a whole number from 1 to 40", "lo": 1, "hi": 40},
    "lead": {"kind": "real", "says": "a number from 0 to 2", "lo": 0, "hi": 2, "digits": 2},
  },
  "layout": [
    {
      "kind": "panel",
      "title": "The sine and the network",
      "x": [-2, 2],
      "y": [-3, 3],
      "marks": [
        {
          "kind": "area",
          "link": "window",
          "name": "window 1",
          "role": "ink",
          "look": "steady",
          "grip": "window",
        },
        {"kind": "curve", "name": "target", "role": "reference"},
        {"kind": "curve", "link": "network", "name": "network", "role": "model", "look": "steady"},
        {"kind": "dots", "name": "joints", "role": "model", "look": "joints", "size": 3.5},
        {
          "kind": "handle",
          "link": "window",
          "name": "left",
          "role": "ink",
          "label": "Left end of the window",
          "axes": "x",
          "step": 0.05,
        },
        {
          "kind": "handle",
          "link": "window",
          "name": "right",
          "role": "ink",
          "label": "Right end of the window",
          "axes": "x",
          "step": 0.05,
        },
        {
          "kind": "handle",
          "link": "window",
          "name": "window",
          "role": "ink",
          "look": "open",
          "label": "The whole window",
          "axes": "x",
          "shape": "diamond",
          "step": 0.05,
        },
        {
          "kind": "handle",
          "link": "lead",
          "name": "first joint",
          "role": "unit1",
          "label": "Joint of unit 1",
          "axes": "x",
          "step": 0.05,
          "bounds": [-4, 2],
        },
        {"kind": "invitation", "name": "invitation", "role": "ink", "text": "drag the window ↔"},
      ],
      "right": 14,
      "xlabel": "x",
      "ylabel": "y",
      "height": 260,
    },
    {
      "kind": "panel",
      "title": "How far apart they are",
      "x": [-2, 2],
      "y": [0.0001, 50],
      "marks": [
        {"kind": "area", "link": "window", "name": "window 2", "role": "ink", "look": "steady"},
        {"kind": "curve", "name": "error", "role": "data"},
        {"kind": "dots", "name": "largest", "role": "data", "size": 5},
        {"kind": "label", "name": "inside label", "role": "data", "side": "above"},
        {"kind": "label", "name": "outside label", "role": "data", "side": "above"},
      ],
      "label": "Their distance, on a logarithmic scale",
      "right": 14,
      "xlabel": "x",
      "ylog": true,
      "yticks": [10, 1, 0.1, 0.01, 0.001],
      "height": 190,
    },
    {
      "kind": "panel",
      "title": "The largest error, for every D",
      "x": [1, 40],
      "y": [0.0001, 50],
      "marks": [
        {"kind": "curve", "link": "network", "name": "inside", "role": "model", "look": "steady"},
        {"kind": "curve", "link": "network", "name": "outside", "role": "data", "look": "steady dashed"},
        {"kind": "label", "name": "inside name", "role": "model", "side": "below"},
        {"kind": "label", "name": "outside name", "role": "data", "side": "above"},
        {
          "kind": "handle",
          "link": "network",
          "name": "D",
          "role": "model",
          "label": "Units D",
          "axes": "x",
          "step": 1,
        },
      ],
      "right": 14,
      "xlabel": "units D",
      "xlog": true,
      "ylog": true,
      "xticks": [1, 2, 5, 10, 20, 40],
      "yticks": [10, 1, 0.1, 0.01, 0.001],
      "height": 260,
    },
    {
      "kind": "controls",
      "items": [
        {"kind": "slider", "link": "network", "key": "D", "label": "Units D", "step": 0.01},
        {
          "kind": "slider",
          "link": "lead",
          "key": "lead",
          "label": "First joint left by",
          "step": 0.05,
          "role": "unit1",
        },
        {"kind": "note", "name": "tails"},
      ],
    },
  ],
  "question": {
    "kind": "question",
    "ask": "Outside of the window, how many bends does the network’s curve make?",
    "min": 0,
    "max": 20,
    "step": 1,
    "digits": 0,
  },
  "table": {
    "kind": "table",
    "caption": "The largest error inside and outside of the window",
    "head": ["D", "inside", "outside"],
  },
  "code": "import numpy as np\nfrom udl_core import Shallow\nfrom udl_core.approximation import equal, interpolant\n\nlo, hi = $window\nplaces = equal($D, lo, hi)\nnet, phi = Shallow(D_i=1, D=$D, D_o=1), interpolant(places, np.sin(np.pi * places), lead=$lead)\nx = -2 + np.arange(801) / 200\noff = np.abs(net(x[:, None], phi)[:, 0] - np.sin(np.pi * x))\ninside = (lo <= x) & (x <= hi)\nprint(\"inside\", off[inside].max(), \"outside\", off[~inside].max(initial=0))",
};

// Made by `make bundle` from udl_core/widgets/sigmoid_bumps.py: change it there.
import type { Declaration } from "../scene/declaration.ts";

export type State = {
  /** bumps in the sum */
  N: number;
  /** of all sigmoids, in units of one over a bump's width */
  steepness: number;
  /** of the single bump */
  centre: number;
  /** of the single bump, between its steps */
  width: number;
  /** of the single bump, if its sigmoids are steep */
  height: number;
};
export type Names = {
  mark: "bump" | "sigmoid 1" | "sigmoid 2" | "name 1" | "name 2" | "top" | "edge" | "slope" | "target" | "bumps" | "sum" | "largest error at" | "steepness";
  later: "largest error";
  ghost: never;
  move: "top" | "edge" | "slope" | "steepness" | "halve" | "double";
  note: "work";
  equation: never;
};

export const declared: Declaration<State, Names> = {
  "name": "sigmoid-bumps",
  "title": "Bumps from sigmoids",
  "version": 1,
  "fields": {
    "N": {"kind": "whole", "says": "a whole number from 1 to 40", "lo": 1, "hi": 40},
    "steepness": {"kind": "real", "says": "a number from 1 to 60", "lo": 1, "hi": 60, "significant": 3},
    "centre": {"kind": "real", "says": "a number from 0 to 1", "lo": 0, "hi": 1, "digits": 2},
    "width": {"kind": "real", "says": "a number from 0.05 to 1", "lo": 0.05, "hi": 1, "digits": 2},
    "height": {"kind": "real", "says": "a number from −1 to 1", "lo": -1, "hi": 1, "digits": 2},
  },
  "layout": [
    {
      "kind": "panel",
      "title": "One bump: sigmoid 1 − sigmoid 2",
      "x": [0, 1],
      "y": [-1.2, 1.2],
      "marks": [
        {"kind": "curve", "link": "bump", "name": "bump", "role": "model", "look": "steady"},
        {"kind": "curve", "link": "unit1", "name": "sigmoid 1", "role": "unit1"},
        {"kind": "curve", "link": "unit2", "name": "sigmoid 2", "role": "unit2"},
        {
          "kind": "label",
          "link": "unit1",
          "name": "name 1",
          "role": "ink",
          "look": "line-name",
          "side": "left",
          "text": "1",
        },
        {
          "kind": "label",
          "link": "unit2",
          "name": "name 2",
          "role": "ink",
          "look": "line-name",
          "side": "right",
          "text": "2",
        },
        {
          "kind": "handle",
          "link": "bump",
          "name": "top",
          "role": "model",
          "label": "Top of the bump",
          "axes": "xy",
          "step": 0.02,
        },
        {
          "kind": "handle",
          "link": "unit2",
          "name": "edge",
          "role": "unit2",
          "label": "Edge of the bump, where sigmoid 2 is halfway",
          "axes": "x",
          "step": 0.01,
          "bounds": [-1, 2],
        },
        {
          "kind": "handle",
          "link": "unit1",
          "name": "slope",
          "role": "unit1",
          "label": "Slope of sigmoid 1: further left is steeper",
          "axes": "x",
          "step": 0.002,
          "bounds": [-1, 3],
        },
      ],
      "label": "Two sigmoids and the bump between them",
      "right": 14,
      "xlabel": "x",
      "height": 250,
    },
    {
      "kind": "controls",
      "items": [
        {"kind": "slider", "link": "sum", "key": "N", "label": "Bumps N", "step": 0.01},
        {
          "kind": "slider",
          "link": "steepness",
          "key": "steepness",
          "label": "Steepness",
          "step": 0.01,
          "log": true,
        },
        {"kind": "button", "name": "halve", "label": "Halve N"},
        {"kind": "button", "name": "double", "label": "Double N"},
        {"kind": "note", "name": "work"},
      ],
    },
    {
      "kind": "panel",
      "title": "Side by side: target and sum",
      "x": [0, 1],
      "y": [-0.1, 1.15],
      "marks": [
        {"kind": "curve", "name": "target", "role": "reference"},
        {"kind": "curve", "name": "bumps", "role": "model", "look": "part"},
        {"kind": "curve", "link": "sum", "name": "sum", "role": "model", "look": "steady"},
        {"kind": "curve", "name": "largest error at", "role": "data", "look": "gap"},
      ],
      "label": "The target and the sum of bumps",
      "right": 14,
      "xlabel": "x",
      "height": 250,
    },
    {
      "kind": "panel",
      "title": "The sum’s largest error",
      "x": [1, 60],
      "y": [0.001, 1.2],
      "marks": [
        {
          "kind": "curve",
          "link": "steepness",
          "name": "largest error",
          "role": "model",
          "look": "steady",
          "later": true,
        },
        {
          "kind": "handle",
          "link": "steepness",
          "name": "steepness",
          "role": "model",
          "label": "Steepness",
          "axes": "x",
          "step": 1.05,
          "factor": true,
        },
      ],
      "label": "The largest error of the sum for every steepness",
      "right": 14,
      "xlabel": "steepness, in units of 1 / width",
      "xlog": true,
      "ylog": true,
      "xticks": [1, 2, 5, 10, 20, 50],
      "yticks": [1, 0.1, 0.01, 0.001],
      "height": 190,
    },
  ],
  "question": {
    "kind": "question",
    "ask": "At which steepness is the sum closest to the curve?",
    "min": 1,
    "max": 60,
    "step": 1,
    "digits": 1,
  },
  "table": {
    "kind": "table",
    "caption": "Errors of the sum by steepness",
    "head": ["steepness", "largest error", "root mean square"],
  },
  "code": "import numpy as np\nfrom udl_core import Shallow\nfrom udl_core.approximation import sigmoid_bumps\n\nbump = sigmoid_bumps([$centre], [$width], [$height], steepness=$steepness / $width)\nprint(Shallow(1, 2, 1, \"sigmoid\")([[$centre]], bump))\n\ndef hill(x):\n    return np.sin(np.pi * x) ** 2 * (0.6 + 0.6 * x)\n\nN, steepness = $N, $steepness\ncentres = (np.arange(N) + 0.5) / N\nphi = sigmoid_bumps(centres, np.full(N, 1 / N), hill(centres), steepness * N)\nx = np.arange(401) / 400\noff = Shallow(1, 2 * N, 1, \"sigmoid\")(x[:, None], phi)[:, 0] - hill(x)\nprint(np.abs(off).max(), np.sqrt(np.mean(off**2)))",
};

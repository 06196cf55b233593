"""Regions as text for other programs: JSON with everything, SVG to look at."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np


def to_json(regions: Any) -> str:
    """Of a `Regions`: an object with box, polygons, layer, patterns, maps and neighbours; the names are its own."""
    pairs = zip(regions.neighbours.pairs.tolist(), regions.neighbours.layers.tolist(), regions.neighbours.switches,
                strict=True)  # fmt: skip
    return json.dumps(
        {
            "box": regions.box,
            "polygons": [polygon.tolist() for polygon in regions.polygons],
            "layer": [layers.tolist() for layers in regions.layer],
            "patterns": regions.patterns.astype(int).tolist(),
            "maps": regions.maps.tolist(),
            "neighbours": [
                {"regions": pair, "layer": layer, "switches": switches.tolist()} for pair, layer, switches in pairs
            ],
        }
    )


def to_svg(regions: Any, width: int = 480, fills: Sequence[str] | None = None) -> str:
    """Of a `Regions`: an SVG drawing `width` pixels wide, second input upwards; data-region says each path's region."""
    if fills is not None and len(fills) != len(regions):
        raise ValueError(f"fills must be R = {len(regions)} colours, got {len(fills)}")
    (x_lo, x_hi), (y_lo, y_hi) = regions.box
    scale = width / (x_hi - x_lo)
    height = scale * (y_hi - y_lo)
    paths = []
    for k, polygon in enumerate(regions.polygons):
        corners = np.round((polygon - [x_lo, y_hi]) * [scale, -scale], 3) + 0.0
        outline = "L".join(f"{x:g} {y:g}" for x, y in corners.tolist())
        fill = f' fill="{fills[k]}"' if fills is not None else ""
        paths.append(f'<path data-region="{k}"{fill} d="M{outline}Z"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" fill="none" stroke="currentColor" stroke-width="0.5" stroke-linejoin="round">\n'
        + "\n".join(paths)
        + "\n</svg>\n"
    )

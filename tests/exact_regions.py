"""Regions of a network in rational arithmetic, one polygon and one unit at a time: slow, short and without rounding."""

import itertools
from fractions import Fraction


def cut_plane(beta, omega, pieces, corners):
    """{pattern: area} of the regions in a convex polygon, for integer parameters; all pieces as in activations."""
    D_i = len(omega[0][0])
    assert D_i == 2
    x = [[Fraction(0), Fraction(1), Fraction(0)], [Fraction(0), Fraction(0), Fraction(1)]]
    todo = [([tuple(map(Fraction, corner)) for corner in corners], x, ())]
    for b, w in zip(beta[:-1], omega[:-1], strict=True):
        following = []
        for polygon, h, pattern in todo:
            z = _affine(b, w, h)
            parts = [(polygon, ())]
            for unit in z:
                parts = [
                    (part, (*seen, k))
                    for whole, seen in parts
                    for k, part in _split(whole, unit, [Fraction(at) for at in pieces.breaks])
                ]
            for part, seen in parts:
                following.append((part, _activated(z, seen, pieces), pattern + seen))
        todo = following
    found = {pattern: _area(polygon) for polygon, _, pattern in todo}
    assert len(found) == len(todo)
    return found


def cut_line(beta, omega, pieces, lo, hi):
    """[(start, end, pattern)] of the pieces of a line between lo and hi."""
    todo = [(Fraction(lo), Fraction(hi), [[Fraction(0), Fraction(1)]], ())]
    for b, w in zip(beta[:-1], omega[:-1], strict=True):
        following = []
        for start, end, h, pattern in todo:
            z = _affine(b, w, h)
            at = {(Fraction(level) - c) / g for c, g in z for level in pieces.breaks if g}
            ends = [start, *sorted(t for t in at if start < t < end), end]
            for a, c in itertools.pairwise(ends):
                middle = (a + c) / 2
                seen = tuple(sum(u[0] + u[1] * middle > level for level in pieces.breaks) for u in z)
                following.append((a, c, _activated(z, seen, pieces), pattern + seen))
        todo = following
    return [(start, end, pattern) for start, end, _, pattern in todo]


def _affine(b, w, h):
    return [
        [Fraction(int(b[d])) * (k == 0) + sum(int(w[d][e]) * h[e][k] for e in range(len(h))) for k in range(len(h[0]))]
        for d in range(len(b))
    ]


def _activated(z, seen, pieces):
    slopes, offsets = ([Fraction(v) for v in values] for values in (pieces.slopes, pieces.offsets))
    return [
        [slopes[k] * value + offsets[k] * (j == 0) for j, value in enumerate(unit)]
        for unit, k in zip(z, seen, strict=True)
    ]


def _split(polygon, unit, levels):
    """(piece, part of the polygon) for each piece that the unit is on somewhere in the polygon."""
    for k in range(len(levels) + 1):
        part = polygon
        if k:
            part = _above(part, [unit[0] - levels[k - 1], unit[1], unit[2]])
        if k < len(levels):
            part = _above(part, [levels[k] - unit[0], -unit[1], -unit[2]])
        if len(part) > 2 and _area(part) > 0:
            if unit[1] == unit[2] == 0 and k != sum(unit[0] > level for level in levels):
                continue  # a constant unit exactly on a break is on the piece to its left
            yield k, part


def _above(polygon, line):
    values = [line[0] + line[1] * x + line[2] * y for x, y in polygon]
    kept = []
    for k, (corner, value) in enumerate(zip(polygon, values, strict=True)):
        after, other = polygon[(k + 1) % len(polygon)], values[(k + 1) % len(polygon)]
        if value >= 0:
            kept.append(corner)
        if value * other < 0:
            t = value / (value - other)
            kept.append(tuple(a + t * (b - a) for a, b in zip(corner, after, strict=True)))
    return kept


def _area(polygon):
    return sum(x * v - u * y for (x, y), (u, v) in zip(polygon, polygon[1:] + polygon[:1], strict=True)) / 2

"""Cuts convex polygons by straight lines until no line is left: the cells of line arrangements, all exact.

Every polygon is cut by one of its own lines at a time, all polygons at once, so the work grows with the number of cells
and not with cells times lines. Each line keeps, in every polygon it crosses, its chord; cutting a polygon shares the
other chords out between the two parts.

What goes wrong elsewhere is avoided by how a cut is made. A line cuts a polygon only if it has a vertex farther than
the line's tolerance on both sides and the cut is longer than that; a vertex within the tolerance counts as lying on the
line, and the cut then goes through the vertex itself. So parts of a convex polygon are convex and of positive area,
their areas sum to its area, and two cells differ in at least one line's side, whether lines are parallel, concurrent or
through a corner. Every cell with an inscribed circle of radius above two tolerances is found.

Every cut has a number, and the edges it makes carry it: what lies on the two sides of one cut are neighbours.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Complex = npt.NDArray[np.complexfloating[Any]]
Float = npt.NDArray[np.floating[Any]]
Int = npt.NDArray[np.integer[Any]]

SIDE = -1
"""The label of an edge that lies on the domain's side and on no line."""


@dataclass(frozen=True)
class Lines:
    """Oriented lines in the plane of complex numbers: the points z with Re(conj(n) z) + c = 0, where |n| = 1."""

    normals: Complex  # (L,)
    offsets: Float  # (L,)
    tolerances: Float  # (L,)

    def __getitem__(self, index: Any) -> "Lines":
        return Lines(self.normals[index], self.offsets[index], self.tolerances[index])

    def sides(self, z: Complex) -> Float:
        """Signed distances of the points z, broadcast against the lines, 0 within the tolerance."""
        distances = self.distances(z)
        return np.where(np.abs(distances) > self.tolerances, distances, 0.0)

    def distances(self, z: Complex) -> Float:
        """Signed distances of the points z, broadcast against the lines."""
        return self.normals.real * z.real + self.normals.imag * z.imag + self.offsets


@dataclass(frozen=True)
class Polygons:
    """Convex polygons one after the other, each counter-clockwise."""

    vertices: Complex  # (V,)
    labels: Int  # (V,) of the edge from this vertex to the next: SIDE, or 2 c + (polygon is on cut c's positive side)
    sizes: Int  # (R,) vertices of each polygon
    roots: Int  # (R,) the polygon it is a part of, among those that were given to be cut

    @property
    def starts(self) -> Int:
        """(R,) index of each polygon's first vertex."""
        return np.cumsum(self.sizes) - self.sizes

    @property
    def next(self) -> Int:
        """(V,) index of the vertex that follows, counter-clockwise."""
        following = np.arange(1, len(self.vertices) + 1)
        following[np.cumsum(self.sizes) - 1] = self.starts
        return following

    @property
    def owners(self) -> Int:
        """(V,) the polygon each vertex belongs to."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    def centres(self) -> Complex:
        """(R,) mean of each polygon's vertices, a point inside it."""
        sums: Complex = np.add.reduceat(self.vertices, self.starts)
        return sums / self.sizes

    def areas(self) -> Float:
        """(R,) areas, summed about each polygon's first vertex so that a sliver keeps its digits."""
        arms = self.vertices - np.repeat(self.vertices[self.starts], self.sizes)
        other = arms[self.next]
        return np.add.reduceat(arms.real * other.imag - arms.imag * other.real, self.starts) / 2


@dataclass(frozen=True)
class Chords:
    """The pieces of lines that still have to cut."""

    owners: Int  # (C,) polygon
    lines: Int  # (C,)
    a: Complex  # (C,) one end
    b: Complex  # (C,) the other

    def __getitem__(self, index: Any) -> "Chords":
        return Chords(*(part[index] for part in (self.owners, self.lines, self.a, self.b)))


def cells(polygons: Polygons, chords: Chords, lines: Lines, first_cut: int) -> tuple[Polygons, Int]:
    """The cells into which the chords cut the polygons, and the line of each cut, numbered from `first_cut` on."""
    # In random order the cuts are balanced on average, whatever order the lines come in.
    order = np.random.default_rng(0).permutation(len(chords.lines))
    done, polygons, chords = _set_aside(polygons, chords[order])
    finished = [done]
    knives: list[Int] = [np.empty(0, dtype=np.intp)]
    while len(chords.lines):
        polygons, chords, knife = _cut(polygons, chords, lines, first_cut + sum(map(len, knives)))
        done, polygons, chords = _set_aside(polygons, chords)
        finished.append(done)
        knives.append(knife)
    return _join([*finished, polygons]), np.concatenate(knives)


def chords_in(polygons: Polygons, owners: Int, lines: Lines) -> Chords:
    """The chords of those lines (C,) that have part of their owner, a polygon, on both sides."""
    sizes = polygons.sizes[owners]
    last = np.cumsum(sizes)
    of = np.repeat(np.arange(len(owners)), sizes)
    corner = np.arange(len(of)) + (polygons.starts[owners] - (last - sizes))[of]
    following = polygons.next[corner]
    start, end = polygons.vertices[corner], polygons.vertices[following]
    mine = lines[of]
    s, t = mine.sides(start), mine.sides(end)
    ends, counts = [], []
    for passes in ((s >= 0) & (t < 0), (s < 0) & (t >= 0)):
        at = np.flatnonzero(passes)
        point = start[at] + s[at] / (s[at] - t[at]) * (end - start)[at]
        both = np.zeros(len(owners), dtype=point.dtype)
        both[of[at]] = point
        ends.append(both)
        counts.append(np.bincount(of[at], minlength=len(owners)))
    above = np.bincount(of[s > 0], minlength=len(owners)) > 0
    crossing = np.flatnonzero(above & (counts[0] == 1) & (counts[1] == 1))
    return Chords(owners[crossing], crossing, ends[0][crossing], ends[1][crossing])


def _cut(polygons: Polygons, chords: Chords, lines: Lines, first_cut: int) -> tuple[Polygons, Chords, Int]:
    """Every polygon cut by one of its chords: first all parts on the positive side, then those on the negative.

    The third is the line that each polygon was cut by; the cut of polygon k has the number first_cut + k.
    """
    count = len(polygons.sizes)
    picked = np.empty(count, dtype=np.intp)
    picked[chords.owners] = np.arange(len(chords.owners))  # of several chords, the last one stays
    knife = chords.lines[picked]
    cutting = lines[knife]

    owners, starts, following = polygons.owners, polygons.starts, polygons.next
    s = cutting[owners].sides(polygons.vertices)
    t = s[following]

    # Going round a polygon, the line is crossed once downwards and once upwards, on an edge or at a vertex on the line.
    is_down, is_up, crossed = (s >= 0) & (t < 0), (s < 0) & (t >= 0), s * t < 0
    at, to = np.flatnonzero(crossed), following[crossed]
    points = polygons.vertices.copy()
    points[at] += s[at] / (s[at] - t[at]) * (points[to] - points[at])
    cut = np.logical_or.reduceat(s > 0, starts) & (np.add.reduceat(is_down.astype(np.intp), starts) == 1)
    through = cut[owners]
    down, up = np.flatnonzero(is_down & through), np.flatnonzero(is_up & through)
    ends = np.where(t[up] == 0, polygons.vertices[following[up]], points[up])
    cut[cut] = np.abs(points[down] - ends) > cutting.tolerances[cut]
    if not cut.all():  # a line that only touches goes, and its polygon stays whole as a part on the positive side
        cutting.normals[~cut], cutting.offsets[~cut], cutting.tolerances[~cut] = 0, 1, 0
        through = cut[owners]
        s, t = np.where(through, s, 1.0), np.where(through, t, 1.0)
        is_down, is_up, crossed = is_down & through, is_up & through, crossed & through

    reached = np.zeros(len(s), dtype=bool)  # the vertex on the line at which the negative part ends
    reached[following[is_up & (t == 0)]] = True
    labels, below = polygons.labels, 2 * (first_cut + owners)
    above = below + 1
    positive = _part(
        polygons,
        keep=s >= 0,
        crossed=crossed,
        points=points,
        labels=np.where(is_down & (s == 0), above, labels),
        new_labels=np.where(is_down, above, labels),
    )
    negative = _part(
        polygons,
        keep=(s < 0) | (is_down & (s == 0)) | reached,
        crossed=crossed,
        points=points,
        labels=np.where(reached, below, labels),
        new_labels=np.where(is_down, labels, below),
    )

    rest = np.ones(len(chords.owners), dtype=bool)
    rest[picked] = False
    chords = chords[np.flatnonzero(rest)]
    knives = cutting[chords.owners]
    negative_owner = count + np.cumsum(cut) - 1
    shared = _share(chords, knives.sides(chords.a), knives.sides(chords.b), negative_owner)
    return _join([positive, negative]), shared, knife


def _part(
    polygons: Polygons,
    keep: npt.NDArray[np.bool_],
    crossed: npt.NDArray[np.bool_],
    points: Complex,
    labels: Int,
    new_labels: Int,
) -> Polygons:
    """One side of every cut polygon: the vertices it keeps and, after them in order, the points where it is cut."""
    sizes = np.add.reduceat(keep.astype(np.intp) + crossed, polygons.starts)
    chosen = np.flatnonzero(_alternating(keep, crossed))
    vertices = _alternating(polygons.vertices, points).take(chosen)
    some = sizes > 0
    return Polygons(vertices, _alternating(labels, new_labels).take(chosen), sizes[some], polygons.roots[some])


def _alternating(one: Any, other: Any) -> Any:
    """one[0], other[0], one[1], other[1], …"""
    both = np.empty(2 * len(one), dtype=one.dtype)
    both[::2], both[1::2] = one, other
    return both


def _share(chords: Chords, s: Float, t: Float, negative_owner: Int) -> Chords:
    """The chords, whose ends lie at s and t from the cut, shared out between both parts of their polygons."""
    up, down = np.flatnonzero((s > 0) | (t > 0)), np.flatnonzero((s < 0) | (t < 0))
    index = np.concatenate((up, down))
    owners, a, b = chords.owners.take(index), chords.a.take(index), chords.b.take(index)
    owners[len(up) :] = negative_owner.take(owners[len(up) :])

    at = np.flatnonzero((s * t < 0).take(index))  # crossed chords: here one end moves to the crossing
    s, t = s.take(index[at]), t.take(index[at])
    crossing = a[at] + s / (s - t) * (b[at] - a[at])
    moves_a = (s < 0) == (at < len(up))
    a[at[moves_a]], b[at[~moves_a]] = crossing[moves_a], crossing[~moves_a]
    return Chords(owners, chords.lines.take(index), a, b)


def _set_aside(polygons: Polygons, chords: Chords) -> tuple[Polygons, Polygons, Chords]:
    """Polygons that no chord crosses any more, the other polygons, and the chords with their owners renumbered."""
    active = np.zeros(len(polygons.sizes), dtype=bool)
    active[chords.owners] = True
    mine = np.repeat(active, polygons.sizes)
    done, left = (
        Polygons(
            polygons.vertices.take(index), polygons.labels.take(index), polygons.sizes[whole], polygons.roots[whole]
        )
        for index, whole in ((np.flatnonzero(~mine), ~active), (np.flatnonzero(mine), active))
    )
    renumbered = np.cumsum(active) - 1
    return done, left, Chords(renumbered.take(chords.owners), chords.lines, chords.a, chords.b)


def _join(parts: list[Polygons]) -> Polygons:
    return Polygons(
        np.concatenate([part.vertices for part in parts]),
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.sizes for part in parts]),
        np.concatenate([part.roots for part in parts]),
    )

"""Times ours and a peer turn by turn, so that a busy moment of the machine meets both."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True)
class Line:
    """One line of the table. Times are medians in seconds; `ratio` says how many times faster than the peer we are."""

    what: str
    ours: float
    peer_name: str
    peer: float
    goal: float | None = None  # smallest ratio that is good enough, None for a line that only informs
    ratios: tuple[float, ...] = ()  # of the lines that this one sums up: see `median_of`

    @property
    def ratio(self) -> float:
        return median(self.ratios) if self.ratios else self.peer / self.ours

    @property
    def met(self) -> bool:
        return self.goal is None or self.ratio >= self.goal


def median_of(what: str, lines: Sequence[Line], goal: float | None = None) -> Line:
    """One line for several of the same peer: the median of their ratios, beside the sums of their times."""
    ours, peer = sum(line.ours for line in lines), sum(line.peer for line in lines)
    return Line(what, ours, lines[0].peer_name, peer, goal, tuple(line.ratio for line in lines))


def alternate(
    ours: Callable[[], object], peer: Callable[[], object], rounds: int, repeat: int = 1
) -> tuple[float, float]:
    """Median seconds of one call of each, over `rounds` turns of `repeat` calls, after one turn that does not count."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds + 1):
        for call, taken in zip((ours, peer), times, strict=True):
            start = perf_counter()
            for _ in range(repeat):
                call()
            taken.append((perf_counter() - start) / repeat)
    return median(times[0][1:]), median(times[1][1:])

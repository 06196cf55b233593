"""Sweeps: one function at many settings, on this machine or on many."""

import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from udl_core.extras import progress as progress_

_UNFINISHED = "interrupted before it was finished"

Outcome = tuple[Any, str | None]
"""Result and error."""


@dataclass(frozen=True)
class Point:
    """One point of a sweep: what it was called with, and either what came of it or why nothing did."""

    settings: dict[str, Any]
    result: Any = None
    error: str | None = None  # names the settings and holds the traceback; None if all went well


def sweep(
    fn: Callable[..., Any],
    grid: Mapping[str, Iterable[Any]] | Iterable[Mapping[str, Any]],
    executor: Any = None,
    *,
    progress: bool = True,
) -> list[Point]:
    """Call `fn(**settings)` at every point of a grid and return the points in the grid's order.

    `grid` is a dict of lists, name -> values, for all combinations, the last name changing fastest; or a list of
    dicts, one for each point. `executor` is anything whose `submit(fn, …)` returns a future: of `concurrent.futures`,
    threads or processes, or a Dask client; it stays open, as it is yours. Without one, points run here one after the
    other. For processes and other machines `fn` must be a function of a module, and settings and results such as can be
    sent; let `fn` make its own Generator from a seed in the settings, so that the order of work does not matter.

    A point that fails keeps its error and does not stop the others. An interrupt ends the sweep: points that are
    finished keep their results, the others say so in `error`. `progress` shows a bar once a sweep has lasted a second.

    Raises TypeError or ValueError for a grid of another form.

    >>> points = sweep(lambda base, power: base**power, {"base": [2, 0], "power": [3, -1]})
    >>> [point.result for point in points]
    [8, 0.5, 0, None]
    >>> print(points[-1].error.splitlines()[0])
    failed at base=0, power=-1: ZeroDivisionError: 0.0 cannot be raised to a negative power
    """
    settings = _points(grid)
    if not callable(fn):
        raise TypeError(f"fn must be a function, got {fn!r}")
    outcomes: list[Outcome] = [(None, _UNFINISHED)] * len(settings)
    with progress_.bar(len(settings), "sweep", "point", progress) as advance:
        if executor is None:
            for k, point in enumerate(settings):
                outcomes[k] = _attempt(fn, point)
                advance()
        else:
            _send(fn, settings, executor, outcomes, advance)
    return [Point(point, *outcome) for point, outcome in zip(settings, outcomes, strict=True)]


def _points(grid: Any) -> list[dict[str, Any]]:
    if isinstance(grid, Mapping):
        for name, values in grid.items():
            if isinstance(values, str | Mapping) or not isinstance(values, Iterable):
                raise TypeError(f"grid[{name!r}] must be a list of values, got {values!r}")
        points = [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]
    elif isinstance(grid, Iterable) and not isinstance(grid, str):
        points = list(grid)
    else:
        raise TypeError(f"grid must be a dict of lists or a list of dicts, got {grid!r}")
    for point in points:
        if not isinstance(point, Mapping) or not all(isinstance(name, str) for name in point):
            raise TypeError(f"every point must be a dict of settings by name, got {point!r}")
    return [dict(point) for point in points]


def _send(
    fn: Callable[..., Any],
    settings: list[dict[str, Any]],
    executor: Any,
    outcomes: list[Outcome],
    advance: Callable[..., None],
) -> None:
    """All points to the executor, and their outcomes into the list as they are waited for."""
    futures: dict[int, Any] = {}
    try:
        for k, point in enumerate(settings):
            try:
                futures[k] = executor.submit(_attempt, fn, point)
            except Exception as error:  # such as a pool that has broken
                outcomes[k] = None, _describe(point, error)
                continue
            futures[k].add_done_callback(lambda _: advance())
        for k, future in futures.items():
            outcomes[k] = _outcome(future, settings[k])
    except KeyboardInterrupt:
        finished = [k for k, future in futures.items() if future.done()]
        for k in futures.keys() - finished:
            futures[k].cancel()
        for k in finished:
            try:
                outcomes[k] = _outcome(futures[k], settings[k])
            except KeyboardInterrupt:  # it was interrupted itself, in a process of its own
                continue
        raise


def _outcome(future: Any, point: dict[str, Any]) -> Outcome:
    try:
        return future.result()  # type: ignore[no-any-return]
    except Exception as error:  # what went wrong outside fn: a process that died, a result that cannot be sent
        return None, _describe(point, error)


def _attempt(fn: Callable[..., Any], point: dict[str, Any]) -> tuple[Any, str | None]:
    """Result and error of one point. Runs wherever the executor takes it, so the error is kept as text."""
    with progress_.inside():  # also where the executor runs it
        try:
            return fn(**point), None
        except (Exception, SystemExit) as error:
            return None, _describe(point, error)


def _describe(point: dict[str, Any], error: BaseException) -> str:
    settings = ", ".join(f"{name}={value!r}" for name, value in point.items())
    trace = "".join(traceback.format_exception(error))
    return f"failed at {settings}: {type(error).__name__}: {error}\n{trace}"

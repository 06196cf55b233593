"""sweep: order, errors, interrupts and bars, with no executor, threads, processes and Dask's interface."""

import itertools
import os
import pickle
import threading
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

from udl_core import Linear, datasets, losses, optim
from udl_core.training import Diverged, Point, fit, sweep

GRID = {"lr": [1e-3, 1e-2], "seed": [0, 1, 2]}
SETTINGS = [{"lr": lr, "seed": seed} for lr in GRID["lr"] for seed in GRID["seed"]]


def final_loss(lr, seed):
    (x, y), net = datasets.line_data(), Linear(1, 1)
    start = net.init(np.random.default_rng(seed))
    return fit(net, start, x, y, losses.least_squares, optim.GradientDescent(lr), 20).loss[-1]


def fails_at_two(n):
    if n == 2:
        raise ArithmeticError("two is too many")
    return n * n


def dies_at_two(n):
    if n == 2:
        os._exit(1)
    return n * n


def cannot_be_sent(n):
    return threading.Lock() if n == 2 else n * n


def interrupts_itself_at_two(n):
    if n == 2:
        raise KeyboardInterrupt
    return n * n


class DaskClient:
    """What `sweep` can rely on in a Dask client: its futures are not those of concurrent.futures."""

    def __init__(self):
        self.pool = ThreadPoolExecutor(1)

    def submit(self, func, *args, key=None, workers=None, pure=True, **kwargs):
        return DaskFuture(self.pool.submit(lambda: pickle.loads(pickle.dumps(func(*args, **kwargs)))))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.pool.shutdown()


class DaskFuture:
    def __init__(self, inner):
        self.inner, self.is_cancelled = inner, False

    def result(self, timeout=None):
        assert not self.is_cancelled
        return self.inner.result(timeout)

    def done(self):
        return self.inner.done()

    def cancel(self):
        self.is_cancelled = True  # Dask forgets a cancelled result even if it was finished

    def cancelled(self):
        return self.is_cancelled

    def add_done_callback(self, callback):
        self.inner.add_done_callback(lambda _: callback(self))


def processes():
    return ProcessPoolExecutor(2, mp_context=get_context("spawn"))


EXECUTORS = {"threads": lambda: ThreadPoolExecutor(3), "processes": processes, "Dask": DaskClient}


@pytest.mark.parametrize("make", EXECUTORS.values(), ids=EXECUTORS)
def test_any_executor_gives_what_a_loop_gives_in_the_same_order(make):
    alone = sweep(final_loss, GRID, progress=False)
    with make() as executor:
        points = sweep(final_loss, GRID, executor, progress=False)
    assert points == alone
    assert [point.settings for point in points] == SETTINGS
    assert [point.result for point in points] == [final_loss(**settings) for settings in SETTINGS]


@pytest.mark.parametrize("make", [None, *EXECUTORS.values()], ids=["none", *EXECUTORS])
def test_a_point_that_fails_says_why_and_the_others_go_on(make):
    if make is None:
        points = sweep(fails_at_two, {"n": [1, 2, 3]}, progress=False)
    else:
        with make() as executor:
            points = sweep(fails_at_two, {"n": [1, 2, 3]}, executor, progress=False)
    assert [point.result for point in points] == [1, None, 9]
    assert [point.error is None for point in points] == [True, False, True]
    assert points[1].error.startswith("failed at n=2: ArithmeticError: two is too many\n")
    assert 'raise ArithmeticError("two is too many")' in points[1].error


def test_a_process_that_dies_is_an_error_of_its_point():
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        points = sweep(dies_at_two, {"n": [1, 2, 3]}, executor, progress=False)
    assert points[0] == Point({"n": 1}, 1)
    assert "failed at n=2: BrokenProcessPool" in points[1].error
    assert "failed at n=3: BrokenProcessPool" in points[2].error  # the pool is gone


def test_a_result_that_cannot_be_sent_is_an_error_of_its_point():
    with processes() as executor:
        points = sweep(cannot_be_sent, {"n": [1, 2, 3]}, executor, progress=False)
    assert [point.result for point in points] == [1, None, 9]
    assert "pickle" in points[1].error


def test_a_pool_that_takes_nothing_more_is_an_error_of_every_point():
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    points = sweep(fails_at_two, {"n": [1, 3]}, executor, progress=False)
    assert all("RuntimeError: cannot schedule new futures" in point.error for point in points)


def test_exit_is_an_error_like_any_other():
    def leaves(n):
        raise SystemExit(n)

    with ThreadPoolExecutor(1) as executor:
        for where in (None, executor):
            assert "SystemExit: 1" in sweep(leaves, {"n": [1]}, where, progress=False)[0].error


def test_divergence_comes_back_from_another_process_with_its_history():
    with pytest.raises(Diverged) as caught:
        fit(Linear(1, 1), [0.0, 0.0], *datasets.line_data(), losses.least_squares, optim.GradientDescent(1e3), 999)
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)
    np.testing.assert_array_equal(again.history.loss, caught.value.history.loss)


def test_a_list_of_dicts_is_taken_point_by_point():
    points = sweep(lambda a, b=10: a + b, [{"a": 1}, {"a": 2, "b": 3}], progress=False)
    assert [point.result for point in points] == [11, 5]
    assert sweep(fails_at_two, {"n": []}, progress=False) == []
    assert sweep(fails_at_two, [], progress=False) == []


def test_an_interrupt_keeps_what_is_finished():
    points = sweep(interrupts_itself_at_two, {"n": [1, 2, 3]}, progress=False)
    assert points[0] == Point({"n": 1}, 1)
    assert [point.error for point in points[1:]] == ["interrupted before it was finished"] * 2


def test_an_interrupt_while_threads_work_keeps_what_is_finished():
    """Point 0 waits for ever; the interrupt comes while it is waited for, when 1 and 2 are finished and 3 is not."""

    class Interrupted(Future):
        def result(self, timeout=None):
            if not self.done():
                raise KeyboardInterrupt
            return super().result(timeout)

    class Executor:
        def __init__(self):
            self.futures = []

        def submit(self, func, fn, point):
            self.futures.append(Interrupted())
            if point["n"] in (1, 3):
                self.futures[-1].set_result(func(fn, point))
            return self.futures[-1]

    executor = Executor()
    points = sweep(fails_at_two, {"n": [0, 1, 3, 4]}, executor, progress=False)
    assert [point.result for point in points] == [None, 1, 9, None]
    assert [point.error for point in points] == ["interrupted before it was finished", None, None, points[0].error]
    assert [future.cancelled() for future in executor.futures] == [True, False, False, True]


def test_an_interrupt_during_a_fit_ends_the_sweep_and_half_a_fit_is_no_result():
    class Interrupting(optim.GradientDescent):
        def step(self, phi, grad, state):
            raise KeyboardInterrupt

    def interrupted(lr):
        make = Interrupting if lr == 2e-3 else optim.GradientDescent
        return fit(Linear(1, 1), [0.0, 0.0], *datasets.line_data(), losses.least_squares, make(lr), 9).loss[-1]

    points = sweep(interrupted, {"lr": [1e-3, 2e-3, 3e-3]}, progress=False)
    assert [point.error is None for point in points] == [True, False, False]
    assert points[1].result is None


def test_one_bar_for_the_whole_sweep_and_none_for_its_fits(capsys, monkeypatch):
    sweep(final_loss, GRID)
    assert capsys.readouterr().err == ""  # over within a second
    clock = itertools.count()
    monkeypatch.setattr("tqdm.std.time", lambda: float(next(clock)))
    sweep(final_loss, GRID)
    shown = capsys.readouterr().err
    assert "sweep:" in shown
    assert "fit:" not in shown
    with ThreadPoolExecutor(2) as executor:
        sweep(final_loss, GRID, executor)
    assert "sweep:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("grid", "message"),
    [
        ({"lr": 0.1}, "grid['lr'] must be a list of values, got 0.1"),
        ({"activation": "relu"}, "grid['activation'] must be a list of values, got 'relu'"),
        (0.1, "grid must be a dict of lists or a list of dicts, got 0.1"),
        ([0.1], "every point must be a dict of settings by name, got 0.1"),
        ([{1: 2}], "every point must be a dict of settings by name"),
    ],
)
def test_a_wrong_grid_is_named(grid, message):
    with pytest.raises(TypeError) as caught:
        sweep(final_loss, grid)
    assert message in str(caught.value)


def test_what_cannot_be_called_is_named():
    with pytest.raises(TypeError, match="fn must be a function, got 3"):
        sweep(3, {"n": [1]})

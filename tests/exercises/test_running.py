"""The deadline: it counts what is computed, not what the clock says, and ends what sleeps all the same.

Nothing here depends on how busy the machine is: a test either has no limit that time could pass, or waits for one that
time must pass.
"""

import contextlib
import signal
import sys
import threading
import time
from collections.abc import Callable

import pytest

from udl_exercises.check import running

FOR_EVER = 1e9


def compute(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def in_a_thread(function: Callable[..., running.Outcome], *arguments: object) -> running.Outcome:
    """Where no signal comes: the way of the browser."""
    outcomes: list[running.Outcome] = []
    thread = threading.Thread(target=lambda: outcomes.append(function(*arguments)))
    thread.start()
    thread.join()
    return outcomes[0]


def here(function: Callable[..., running.Outcome], *arguments: object) -> running.Outcome:
    return function(*arguments)


@pytest.fixture(params=[here, in_a_thread])
def way(request: pytest.FixtureRequest) -> Callable[..., running.Outcome]:
    return request.param


def test_who_waits_for_a_busy_machine_is_not_late(way: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "PATIENCE", FOR_EVER)

    def honest() -> int:
        time.sleep(0.4)  # as if others had the processor: eight times the limit passes on the clock
        return sum(range(1000))

    assert way(running.run, honest, (), 0.05) == running.Outcome(499500)


def test_who_computes_for_too_long_is_late(way: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "PATIENCE", FOR_EVER)
    outcome = way(running.run, compute, (3600,), 0.05)
    assert outcome.late and outcome.trouble == "took longer than 0.05 s: does a loop ever end?"


def test_who_sleeps_is_late_after_a_while(way: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "PATIENCE", 1e-6)

    def sleeper() -> None:
        while True:
            time.sleep(0.01)

    assert way(running.run, sleeper, (), 3600).late


def test_other_threads_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where a product of matrices runs in all processors: their times add up, and yet nobody waits longer."""
    monkeypatch.setattr(running, "PATIENCE", FOR_EVER)

    def shared() -> str:
        other = threading.Thread(target=compute, args=(0.4,))
        other.start()
        other.join()
        return "done"

    assert running.run(shared, (), 0.1).value == "done"


def test_another_thread_is_never_struck(monkeypatch: pytest.MonkeyPatch) -> None:
    """While one thread is late, the loop of another goes on."""
    monkeypatch.setattr(running, "PATIENCE", FOR_EVER)
    stop, fine = threading.Event(), []

    def bystander() -> None:
        while not stop.is_set():
            compute(0.001)
        fine.append(True)

    thread = threading.Thread(target=bystander)
    thread.start()
    try:
        assert in_a_thread(running.run, compute, (3600,), 0.05).late
    finally:
        stop.set()
        thread.join()
    assert fine


def test_a_deadline_that_was_swallowed_strikes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "REPEATED", 0.05)

    def stubborn() -> None:
        for _ in range(3):
            with contextlib.suppress(BaseException):
                compute(3600)
        compute(3600)

    assert running.run(stubborn, (), 0.05).late


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no signals here")
def test_an_alarm_of_somebody_else_goes_on() -> None:
    before = signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, 3600, 7)
    try:
        assert running.run(lambda: 1, (), 5).value == 1
        left, interval = signal.getitimer(signal.ITIMER_REAL)
        assert 0 < left <= 3600 and interval == 7
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    handlers = [signal.getsignal(number) for number in (signal.SIGALRM, signal.SIGPROF)]
    assert running.run(compute, (3600,), 0.05).late
    assert handlers == [signal.getsignal(number) for number in (signal.SIGALRM, signal.SIGPROF)]
    assert signal.getitimer(signal.ITIMER_PROF) == signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_the_text_of_an_exception_has_a_deadline_too(way: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "SAYING", 0.05)

    class Odd(Exception):
        def __str__(self) -> str:
            while True:
                pass

    def fails() -> None:
        raise Odd

    assert way(running.run, fails, (), 20).trouble.startswith("raises Odd")


def test_printing_survives_whatever_is_done_to_the_stream() -> None:
    def closes() -> int:
        print("before")
        sys.stdout.close()
        return 3

    assert running.run(closes, (), 20) == running.Outcome(3, printed="before\n")

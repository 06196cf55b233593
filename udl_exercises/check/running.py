"""Run a reader's code so that whatever it does can be reported: an error, no end, a flood of text."""

import contextlib
import io
import linecache
import signal
import sys
import threading
import time
import traceback
import types
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PRINTED = 2_000  # characters of output that are kept
PATIENCE = 10.0  # times the limit may pass on the clock while little is computed
REPEATED = 1.0  # seconds after which a deadline that was swallowed strikes again
TICK = 0.1  # seconds between two looks at the clock, once the first limit has passed
SAYING = 1.0  # seconds for the text of an exception
NOT_THEIRS = (str(Path(contextlib.__file__).parent), str(Path(__file__).parent))


class Late(BaseException):
    """The deadline has passed. No Exception, so that `except Exception` in a loop does not keep it alive."""


@dataclass(frozen=True)
class Outcome:
    """What a run gave: a value, or a sentence on why there is none."""

    value: Any = None
    trouble: str = ""
    printed: str = ""
    late: bool = False


def run(function: Callable[..., Any], arguments: tuple[Any, ...], seconds: float) -> Outcome:
    """Call `function`; nothing it raises gets out."""
    output = _Capped()
    value, trouble, late = None, "", False
    try:
        with _quiet(output), deadline(seconds):
            value = function(*arguments)
    except Late:
        trouble, late = f"took longer than {seconds:g} s: does a loop ever end?", True
    except BaseException as error:
        trouble = describe(error)
    return Outcome(value, trouble, output.getvalue(), late)


def describe(error: BaseException) -> str:
    """`raises IndexError: … (line 3: return x[5])`."""
    name = type(error).__name__[:100]
    if isinstance(error, RecursionError):
        said = "the function calls itself without end"
    else:
        try:
            with _quiet(_Capped()), deadline(SAYING):  # its text is the reader's code, too
                said = str(error)[:400]
        except BaseException:
            said = ""
    said = said if len(said) <= 300 else said[:300] + " …"
    where = ""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not _is_library(frame.filename)]
    if frames:
        line = (frames[-1].line or linecache.getline(frames[-1].filename, frames[-1].lineno or 0)).strip()
        where = f" (line {frames[-1].lineno}: {line[:300]})" if line else f" (line {frames[-1].lineno})"
    return f"raises {name}{': ' + said if said else ''}{where}"


@contextlib.contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise Late in the block once it has computed for `seconds`, or has taken PATIENCE times as long by the clock.

    The time counts that this thread had a processor for itself, so that on a busy machine nobody is late; the clock
    ends what sleeps or waits. A signal strikes where there are signals; else, as in the browser, the next turn of a
    loop or call of a function does. What runs for ever inside one call of compiled code can only be ended from outside.
    """
    at_hand = hasattr(signal, "setitimer") and sys.platform != "emscripten"
    if at_hand and threading.current_thread() is threading.main_thread():
        return (yield from _by_signal(_Clock(seconds)))
    if sys.version_info >= (3, 12):
        return (yield from _by_monitoring(_Clock(seconds)))
    return (yield from _by_tracing(_Clock(seconds)))


class _Clock:
    """Says when the time is over, for the thread that made it; and again, should that have been swallowed."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.limit = seconds, PATIENCE * seconds
        self.began, self.used = time.monotonic(), _processor_time()

    def over(self) -> bool:
        passed = time.monotonic() - self.began
        if passed >= self.limit:
            return True  # or else there is less time that was computed, and it takes longer to ask for
        return passed >= self.seconds and _processor_time() - self.used >= self.seconds

    def again(self) -> None:
        """Leave some time to whatever cleans up."""
        self.seconds = _processor_time() - self.used + REPEATED
        self.limit = time.monotonic() - self.began + REPEATED


def _processor_time() -> float:
    """Seconds that this thread has computed; where nobody counts them, what the clock says."""
    try:
        return time.thread_time()
    except (AttributeError, OSError):
        return time.monotonic()


def _by_signal(clock: _Clock) -> Iterator[None]:
    """Two timers wake us: one runs while the process computes, in all its threads; one runs always."""
    armed = True

    def strike(number: int, frame: types.FrameType | None) -> None:
        if armed and clock.over():
            clock.again()
            raise Late

    began = time.monotonic()
    timers = ((signal.ITIMER_PROF, signal.SIGPROF, clock.seconds), (signal.ITIMER_REAL, signal.SIGALRM, clock.limit))
    before = [(timer, number, signal.signal(number, strike), signal.getitimer(timer)) for timer, number, _ in timers]
    try:
        for timer, _, seconds in timers:
            signal.setitimer(timer, seconds, min(seconds, TICK))
        yield
    finally:
        armed = False
        for timer, number, handler, (left, interval) in before:
            signal.setitimer(timer, 0)
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
            if left:  # somebody else's, which goes on
                signal.setitimer(timer, max(left - (time.monotonic() - began), 1e-3), interval)


def _by_monitoring(clock: _Clock) -> Iterator[None]:
    monitoring: Any = sys.monitoring  # type: ignore[attr-defined, unused-ignore]
    thread = threading.get_ident()

    def strike(code: types.CodeType, *_: Any) -> None:
        if threading.get_ident() != thread:  # events come from all threads
            return
        if clock.over() and not _is_library(code.co_filename):  # let what cleans up come to its end
            raise Late

    free = [number for number in (4, 3, 5, 2) if monitoring.get_tool(number) is None]
    if not free:
        yield
        return
    tool, events = free[0], monitoring.events
    monitoring.use_tool_id(tool, "deadline")
    try:
        for event in (events.JUMP, events.PY_START, events.PY_RESUME):
            monitoring.register_callback(tool, event, strike)
        monitoring.set_events(tool, events.JUMP | events.PY_START | events.PY_RESUME)
        yield
    finally:
        monitoring.set_events(tool, 0)
        monitoring.free_tool_id(tool)


def _by_tracing(clock: _Clock) -> Iterator[None]:
    def trace(frame: types.FrameType, event: str, argument: Any) -> Any:
        if clock.over() and not _is_library(frame.f_code.co_filename):
            raise Late
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)


@contextlib.contextmanager
def _quiet(output: io.TextIOBase) -> Iterator[None]:
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


class _Capped(io.StringIO):
    """Keeps the first characters and forgets the rest."""

    def write(self, text: str) -> int:
        room = PRINTED - self.tell()
        if room > 0:
            super().write(text[:room])
        return len(text)

    def close(self) -> None:
        """Stay open: what was printed is still asked for."""


def _is_library(filename: str) -> bool:
    return "site-packages" in filename or filename.startswith(("<frozen", *NOT_THEIRS))

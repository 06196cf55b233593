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
REPEATED = 1.0  # seconds after which a deadline that was swallowed strikes again
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
    name = type(error).__name__
    if isinstance(error, RecursionError):
        said = "the function calls itself without end"
    else:
        try:
            said = str(error)
        except BaseException:
            said = ""
    said = said if len(said) <= 300 else said[:300] + " …"
    where = ""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not _is_library(frame.filename)]
    if frames:
        line = (frames[-1].line or linecache.getline(frames[-1].filename, frames[-1].lineno or 0)).strip()
        where = f" (line {frames[-1].lineno}: {line})" if line else f" (line {frames[-1].lineno})"
    return f"raises {name}{': ' + said if said else ''}{where}"


@contextlib.contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise Late in the block once it has taken `seconds`.

    A signal where there are signals; else, as in the browser, at the next turn of a loop or call of a function. What
    runs for ever inside one call of compiled code can only be ended from outside.
    """
    at_hand = hasattr(signal, "setitimer") and sys.platform != "emscripten"
    if at_hand and threading.current_thread() is threading.main_thread():
        return (yield from _by_signal(seconds))
    if sys.version_info >= (3, 12):
        return (yield from _by_monitoring(seconds))
    return (yield from _by_tracing(seconds))


def _by_signal(seconds: float) -> Iterator[None]:
    armed = True

    def strike(number: int, frame: types.FrameType | None) -> None:
        if armed:
            raise Late

    before = signal.signal(signal.SIGALRM, strike)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, REPEATED)
        yield
    finally:
        armed = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _by_monitoring(seconds: float) -> Iterator[None]:
    monitoring: Any = sys.monitoring  # type: ignore[attr-defined, unused-ignore]
    end = time.monotonic() + seconds

    def strike(code: types.CodeType, *_: Any) -> None:
        if time.monotonic() > end and not _is_library(code.co_filename):  # let what cleans up come to its end
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


def _by_tracing(seconds: float) -> Iterator[None]:
    end = time.monotonic() + seconds

    def trace(frame: types.FrameType, event: str, argument: Any) -> Any:
        if time.monotonic() > end and not _is_library(frame.f_code.co_filename):
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


def _is_library(filename: str) -> bool:
    return "site-packages" in filename or filename.startswith(("<frozen", *NOT_THEIRS))

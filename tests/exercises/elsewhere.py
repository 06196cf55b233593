"""A second runner: the reader's code in a process of its own, asked over JSON, one line a request.

Run as a program it is that process. It is no sandbox; what a sandbox adds is walls, not words.
"""

import json
import subprocess
import sys
from typing import Any

from udl_exercises.check.data import encode, parse
from udl_exercises.check.runner import Here, ProbingHere, Reply


class Elsewhere:
    """A Runner and a Prober; `start` runs a cell there, in a fresh set of names."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.exercises.elsewhere"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self) -> "Elsewhere":
        return self

    def __exit__(self, *_: object) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def start(self, setup: str, code: str) -> Reply:
        return self._ask(do="start", setup=setup, code=code)

    def look(self, name: str) -> Reply:
        return self._ask(do="look", name=name)

    def call(self, name: str, inputs: list[Any], seconds: float, *, figure: bool = False) -> Reply:
        return self._ask(do="call", name=name, inputs=inputs, seconds=seconds, figure=figure)

    def __call__(self, exercise: dict[str, Any], value: Any, inputs: list[Any]) -> Reply:
        return self._ask(do="probe", probe=exercise["probe"], value=encode(value), inputs=inputs)

    def _ask(self, **request: Any) -> Reply:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        self.process.stdin.flush()
        return Reply.from_data(parse(self.process.stdout.readline()))


def main() -> None:
    from udl_exercises.check.data import decode
    from udl_exercises.check.running import run

    requests, replies = sys.stdin.buffer, sys.stdout.buffer
    here, setup = Here({}), ""
    for line in requests:
        request = json.loads(line)
        what = request.pop("do")
        if what == "start":
            names: dict[str, Any] = {"__name__": "exercise"}
            setup = request["setup"]
            outcome = run(exec, (f"{setup}\n", names), 20)
            outcome = run(exec, (compile(request["code"], "<cell>", "exec"), names), 20)
            here, reply = Here(names, setup), Reply(trouble=outcome.trouble)
        elif what == "look":
            reply = here.look(**request)
        elif what == "call":
            reply = here.call(request.pop("name"), request.pop("inputs"), **request)
        else:
            reply = ProbingHere(setup)(request, decode(request["value"]), request["inputs"])
        replies.write(json.dumps(reply.to_data()).encode() + b"\n")
        replies.flush()


if __name__ == "__main__":
    main()

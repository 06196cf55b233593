"""Say something to the reader, whatever the stream can take."""

import sys
from typing import Any

PLAIN = str.maketrans({"✓": "+", "✗": "x", "→": "->", "…": "...", "−": "-", "“": '"', "”": '"', "’": "'"})


def say(text: str) -> None:
    """Print `text`; where standard output is closed or broken, to the stream for errors. Nothing is ever raised."""
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        if stream is not None and _written_to(stream, text):
            return


def escaped(text: str, encoding: str = "utf-8") -> str:
    """`text` with what `encoding` lacks as escapes, such as half of a surrogate pair; our own marks look alike."""
    try:
        text.encode(encoding)
        return text
    except UnicodeEncodeError:
        return _marked(text, encoding).encode(encoding, "backslashreplace").decode(encoding)


def _marked(text: str, encoding: str) -> str:
    """With signs that look alike in place of our own marks, where `encoding` lacks those."""
    return "".join(letter.translate(PLAIN) if not _has(encoding, letter) else letter for letter in text)


def _has(encoding: str, letter: str) -> bool:
    try:
        letter.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _written_to(stream: Any, text: str) -> bool:
    for encoding in (getattr(stream, "encoding", None) or "utf-8", "ascii"):
        try:
            stream.write(escaped(text, encoding) + "\n")
            stream.flush()
        except (UnicodeError, LookupError, TypeError):  # it cannot take what it says it can
            continue
        except Exception:  # closed, or at the other end nobody listens
            return False
        return True
    return False

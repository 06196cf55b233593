"""The book's own words."""

import os

_FILE = os.path.join(os.path.dirname(__file__), "data", "book.txt")


def book_text() -> str:
    """The prose of this book's chapters as one string: a corpus small enough to train on while you wait.

    Plain text, one paragraph a line, an empty line before each heading; formulas in the text are written with Unicode
    letters (φ_0), displayed ones and tables are left out. Text has no units.

    `python tools/book_text.py` writes it anew from the chapters, on purpose and not at every edit: whatever is learnt
    from the text changes with it. A test says when it has fallen too far behind.

    >>> text = book_text()
    >>> "gradient descent" in text
    True
    """
    with open(_FILE, encoding="utf-8") as file:
        return file.read()

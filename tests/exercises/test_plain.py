"""The book's Markdown as Markdown that any notebook shows."""

import pytest
from pybtex.database import BibliographyData, parse_string

from udl_exercises.author.plain import plain


@pytest.mark.parametrize(
    ("myst", "markdown"),
    [
        ("See {cite:t}`k`.", "See Prince (2023)."),
        ("Known {cite}`k`.", "Known (Prince, 2023)."),
        ("Known {cite:p}`k,many`.", "Known (Prince, 2023; Ada et al., 1999)."),
        ("{math}`x^2` in {doc}`Notation <../book/notation>`", "$x^2$ in Notation"),
        ("(a-label)=\n## Title", "## Title"),
        ("$$ x $$ (eq-x)\n\nBy {eq}`eq-x`.", "$$ x \\tag{1}$$\n\nBy (1)."),
        ("[n](../book/notation.md#phi)", "[n](../book/notation.html#phi)"),
        ("[n](https://example.org/a.md)", "[n](https://example.org/a.md)"),
        ("`:::{admonition}` stays", "`:::{admonition}` stays"),
    ],
)
def test_markdown_of_the_book_reads_well_in_a_notebook(myst: str, markdown: str) -> None:
    assert plain(myst, bibliography(), {"eq-x": 1}) == markdown


def test_boxes() -> None:
    closed = ":::{admonition} Predict, then look\n:class: dropdown predict\nWhy?\n\nSo.\n:::\nafter"
    assert plain(closed, bibliography(), {}).split() == (
        ["<details><summary><b>Predict,", "then", "look</b></summary>", "Why?", "So.", "</details>", "after"]
    )
    nested = "::::{admonition} Outer\n:class: caution\nText.\n\n:::{admonition} Inner\nMore.\n:::\n::::"
    text = plain(nested, bibliography(), {})
    assert text.splitlines()[:3] == ["> **Outer**", ">", "> Text."]
    assert "> > **Inner**" in text and ":::" not in text


def bibliography() -> BibliographyData:
    entries = (
        "@book{k, title={U}, author={Prince, Simon J. D.}, year=2023}"
        "@article{many, title={M}, author={Ada, A and Bo, B and Cy, C}, year=1999}"
    )
    return parse_string(entries, "bibtex")

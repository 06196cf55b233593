"""Write the chapters' prose as plain text, the corpus of udl_core.datasets.book_text: python tools/book_text.py.

Taken are the Markdown cells of the chapters in _toc.yml. Markup goes, formulas within the text become Unicode, and what
is no prose (displayed formulas, code, tables, figures) is left out. Run it when the book has grown, and read what
changes: a chapter that learns from the text computes other numbers then.
"""

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEXT = ROOT / "udl_core/datasets/data/book.txt"

# In this order, on the text of one cell.
_LEFT_OUT = [
    re.compile(r"^([`~]{3,}|:{4,})\{(?!admonition).*?^\1[ \t]*$", re.M | re.S),  # directives other than boxes
    re.compile(r"^```.*?^```[ \t]*$", re.M | re.S),
    re.compile(r"\$\$.*?\$\$(?: \(\S+\))?", re.S),
    re.compile(r"<!--.*?-->|</?\w[^>\n]*>(?!`)", re.S),
    re.compile(r"^\([\w:-]+\)=[ \t]*$|^[ \t]*:[\w-]+:.*$|^[ \t]*\|.*$|^:{3,}[ \t]*$|^-{3,}[ \t]*$", re.M),
    re.compile(r"^:{3,}\{admonition\} Predict, then look[ \t]*$", re.M),
    re.compile(r"!\[[^\]]*\]\([^)]*\)"),
    re.compile(r" ?\{cite(?::p)?\}`[^`]*`"),
]
_REPLACED = [
    (re.compile(r"^:{3,}\{admonition\} (.*)$", re.M), r"\1\n"),
    (re.compile(r"^#+[ \t]+(.*)$", re.M), r"\n\1\n"),
    (re.compile(r"\{cite:t\}`([a-z]+)(\d{4})\w*`"), lambda m: f"{m[1].title()} ({m[2]})"),
    (re.compile(r"\{[\w:-]+\}`([^`<]*?)(?: *<[^`]*>)?`"), r"\1"),
    (re.compile(r"\[([^\]]+)\]\([^)\s]*\)"), r"\1"),
    (re.compile(r"^[ \t]*(?:[-*+]|\d+\.)[ \t]+", re.M), "\n"),
    (re.compile(r"(?<!\w)(\*{1,3}|_{1,2})(?=\S)(.+?)(?<=\S)\1(?!\w)", re.S), r"\2"),
    (re.compile(r"`([^`]+)`"), r"\1"),
]
_MATH = re.compile(r"(?<![\\$])\$(?!\$)(.+?)(?<!\\)\$", re.S)
_SYMBOLS = dict(
    alpha="α", beta="β", gamma="γ", delta="δ", epsilon="ε", eta="η", theta="θ", lambda_="λ", mu="μ", nu="ν", pi="π",
    rho="ρ", sigma="σ", tau="τ", phi="φ", varphi="φ", chi="χ", psi="ψ", omega="ω", Delta="Δ", Theta="Θ", Lambda="Λ",
    Sigma="Σ", Phi="Φ", Psi="Ψ", Omega="Ω", sum="Σ", prod="Π", partial="∂", nabla="∇", infty="∞", times="×", cdot="·",
    pm="±", approx="≈", le="≤", leq="≤", ge="≥", geq="≥", ne="≠", neq="≠", ll="≪", gg="≫", to="→", rightarrow="→",
    leftarrow="←", mapsto="↦", ldots="…", dots="…", cdots="…", odot="⊙", circ="∘", prime="′", lvert="|", rvert="|",
    lVert="‖", rVert="‖", ell="ℓ", sim="∼", propto="∝", int="∫", qquad=" ", quad=" ", in_="∈",
)  # fmt: skip
_ACCENTS = {"bar": "\u0304", "hat": "\u0302"}


def main() -> None:
    text = book_text(ROOT)
    TEXT.write_text(text, encoding="utf-8", newline="\n")
    print(f"{TEXT.relative_to(ROOT)}: {len(text):,} characters, {len(set(text))} different ones")


def book_text(root: Path) -> str:
    """The prose of all chapters of `root` as it is now, in the order of the table of contents."""
    names = re.findall(r"file: (chapters/\w+)", (root / "_toc.yml").read_text(encoding="utf-8"))
    files = [path for name in names if (path := root / f"{name}.ipynb").is_file()]
    return "\n\n".join(chapter_text(path).strip() for path in files) + "\n"


def chapter_text(path: Path) -> str:
    """The prose of one chapter."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    passages = (plain("".join(c["source"])) for c in cells if c["cell_type"] == "markdown")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(passages))


def plain(markdown: str) -> str:
    """Markdown as plain text: one paragraph a line, an empty line before a heading."""
    text = markdown
    for pattern in _LEFT_OUT:
        text = pattern.sub("", text)
    headings = {m[1].strip() for m in re.finditer(r"^#+[ \t]+(.*)$", text, re.M)}
    text = _MATH.sub(lambda m: _formula(m[1]).replace("*", "∗"), text)
    headings |= {m[1].strip() for m in re.finditer(r"^#+[ \t]+(.*)$", text, re.M)}
    for pattern, replacement in _REPLACED:
        text = pattern.sub(replacement, text)
    paragraphs = [" ".join(p.split()) for p in re.split(r"\n[ \t]*\n", text)]
    return "\n".join(f"\n{p}" if p in headings else p for p in paragraphs if p)


def _formula(tex: str) -> str:
    """A short formula in Unicode: \\phi_0 is φ_0."""
    tex = re.sub(r"\\(?:text|mathrm|mathbf|boldsymbol|mathcal|mathbb|operatorname)\b", "", tex)
    tex = re.sub(r"\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}", r"\1/\2", tex)
    tex = re.sub(r"\\(bar|hat) *\{? *(\\[A-Za-z]+|\w)\}?", lambda m: m[2] + _ACCENTS[m[1]], tex)
    tex = re.sub(r"\\(?:left|right|[Bb]igg?[lr]?)(?![a-z])|\\[,;:! ]", "", tex)
    tex = re.sub(r"\\([A-Za-z]+)", lambda m: _SYMBOLS.get(m[1], _SYMBOLS.get(m[1] + "_", m[1])), tex)
    return " ".join(re.sub(r"[{}\\]", "", tex).replace("-", "−").split())


if __name__ == "__main__":
    main()

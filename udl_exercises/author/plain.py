"""The book's Markdown as Markdown that any notebook shows.

The book's pages know boxes, citations and cross-references (MyST); a notebook's Markdown does not. A closed box
becomes `<details>`, any other box a quotation with a bold lead, a citation its author and year.
"""

import re

from pybtex.database import BibliographyData

DROPPED = {"bibliography", "contents", "tableofcontents", "only", "raw"}
FENCE = re.compile(r"^(?P<fence>:{3,}|`{3,})\{(?P<name>[\w:-]+)\}[ \t]*(?P<title>.*)$")
ROLE = re.compile(r"\{(?P<name>[\w:-]+)\}`(?P<text>[^`]+)`")
LABELLED = re.compile(r"\$\$(?P<body>(?:(?!\$\$).)+?)\$\$[ \t]*\((?P<label>[\w:.-]+)\)", re.DOTALL)
PAGE_LINK = re.compile(r"(\]\((?!https?:)[^)\s#]+)\.md(#[^)\s]*)?\)")


def plain(source: str, bibliography: BibliographyData, equations: dict[str, int]) -> str:
    """MyST Markdown as Markdown that any notebook shows."""
    source = LABELLED.sub(lambda m: f"$${m['body'].rstrip()} \\tag{{{equations.get(m['label'], 1)}}}$$", source)
    source = re.sub(r"^\([\w:.-]+\)=\n", "", source, flags=re.MULTILINE)
    source = re.sub(r"^%.*\n?", "", source, flags=re.MULTILINE)
    source = boxes(source.split("\n"))
    source = ROLE.sub(lambda m: role(m["name"], m["text"], bibliography, equations), source)
    return PAGE_LINK.sub(r"\1.html\2)", source)


def boxes(lines: list[str]) -> str:
    """Replace directives, the innermost ones too."""
    out: list[str] = []
    i = 0
    while i < len(lines):
        opening = FENCE.match(lines[i])
        if not opening:
            out.append(lines[i])
            i += 1
            continue
        end = i + 1
        while end < len(lines) and lines[end].strip() != opening["fence"]:
            end += 1
        options, body = split_options(lines[i + 1 : end])
        out.append(box(opening["name"], opening["title"].strip(), options, boxes(body).strip("\n")))
        i = end + 1
    return "\n".join(out)


def box(name: str, title: str, options: dict[str, str], body: str) -> str:
    if name in DROPPED:
        return ""
    if name == "math":
        return f"$$\n{body or title}\n$$"
    if name in ("code", "code-block"):
        return f"```{title}\n{body}\n```"
    if name in ("figure", "image"):
        return body or options.get("alt", "")
    classes = options.get("class", "").split()
    title = title or name.capitalize()
    if "dropdown" in classes:
        return f"<details><summary><b>{title}</b></summary>\n\n{body}\n\n</details>\n"
    quoted = [f"> {line}".rstrip() for line in (f"**{title}**", "", *body.split("\n"))]
    return "\n".join([*quoted, ""])


def split_options(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    options = {}
    while lines and (found := re.match(r"^:([\w-]+):[ \t]*(.*)$", lines[0])):
        options[found[1]] = found[2].strip()
        lines = lines[1:]
    return options, lines


def role(name: str, text: str, bibliography: BibliographyData, equations: dict[str, int]) -> str:
    if name.startswith("cite"):
        cited = [author_year(key.strip(), bibliography) for key in text.split(",")]
        if name in ("cite:t", "cite:ts"):
            return " and ".join(f"{author} ({year})" for author, year in cited)
        return "(" + "; ".join(f"{author}, {year}" for author, year in cited) + ")"
    if name in ("eq", "math:numref"):
        return f"({equations[text]})" if text in equations else ""
    if name == "math":
        return f"${text}$"
    if name in ("code", "literal"):
        return f"`{text}`"
    return re.sub(r"\s*<[^>]*>$", "", text)


def author_year(key: str, bibliography: BibliographyData) -> tuple[str, str]:
    """("Goodfellow et al.", "2016") of a key; an unknown key stands for itself."""
    entry = bibliography.entries.get(key)
    if entry is None:
        return key, "n.d."
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [re.sub(r"[{}]", "", " ".join(person.prelast_names + person.last_names)) for person in people]
    if len(names) > 2:
        names = [f"{names[0]} et al."]
    return " and ".join(names) or entry.fields.get("title", key), entry.fields.get("year", "n.d.")

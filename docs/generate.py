"""What of the site is made from elsewhere: the repository's own documents, and the pages of the API.

Everything is written to `generated/` when the site is built, so that nothing is kept twice. Three hooks of Sphinx make
plain text into links and into reStructuredText: relative links to a document that has a page lead to that page, names
such as `sa.certify` in code font lead to the API (a name that does not exist fails the build), and docstrings are taken
as they are, stars and bars included.
"""

import ast
import importlib
import inspect
import os
import re
from pathlib import Path
from types import ModuleType

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

import steeralg

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
GENERATED = DOCS / "generated"

# Documents of the repository that get a page: the name of the page. Those in folders of proofs/ come below its index.
PUBLISHED = {
    ROOT / "proofs" / "FORMAT.md": "format.md",
    ROOT / "proofs" / "README.md": "proofs.md",
    **{path: f"proofs-{path.parent.name}.md" for path in sorted((ROOT / "proofs").glob("*/README.md"))},
    ROOT / "campaigns" / "README.md": "campaigns.md",
    ROOT / "benchmarks" / "RESULTS.md": "benchmarks.md",
    ROOT / "CHANGELOG.md": "changelog.md",
}

# The layers of the API, in the order of the pages.
LAYERS = {
    "objects": "Objects: scenarios, states, assemblages, functionals",
    "maps": "Maps",
    "models": "Classical models",
    "positivity": "Positivity on product vectors",
    "certificates": "Decisions, brackets, proofs",
    "constructions": "Constructions of the papers",
    "search": "Searches",
    "strategies": "Strategies for property tests",
    "plot": "Pictures",
    "claims": "Claims",
    "verdict": "Verdicts",
    "errors": "Errors",
    "exact": "Exact numbers and matrices",
}

# Modules that are documented as a whole, besides those that are public names themselves.
WHOLE = [
    "verdict",
    "errors",
    "claims.claim",
    "certificates.steps",
    "certificates.negativity_lower",
    "certificates.negativity_upper",
    "exact.number",
    "exact.matrix",
    "exact.field",
    "exact.convert",
    "exact.psd",
]

LINK = re.compile(r"(\]\()(?!https?:|#)([^)#\s]+)")


def write_all(folder: Path) -> None:
    """Write all generated pages."""
    folder.mkdir(exist_ok=True)
    for source, page in PUBLISHED.items():
        text = relinked(source.read_text(encoding="utf-8"), source.parent, folder)
        below = [Path(other).stem for other in PUBLISHED.values() if other.startswith(f"{Path(page).stem}-")]
        if below:
            text += "\n```{toctree}\n:hidden:\n\n" + "\n".join(below) + "\n```\n"
        _write(folder / page, text)
    modules = documented()
    for layer in LAYERS:
        here = {name: members for name, members in modules.items() if name.split(".")[1] == layer}
        if here:
            _write(folder / f"api-{layer}.rst", _layer_page(layer, here))
    _write(folder / "api.rst", _overview(modules))


def _write(path: Path, text: str) -> None:
    """Write a file unless it holds this text already, so that Sphinx reads again only what has changed."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def relinked(text: str, source: Path, target: Path) -> str:
    """Return a text whose relative links, written for a folder, are those for another; to pages where there are any."""

    def replace(match: re.Match[str]) -> str:
        path = (source / match[2]).resolve()
        path = GENERATED / PUBLISHED[path] if path in PUBLISHED else path
        return match[1] + os.path.relpath(path, target)

    return LINK.sub(replace, text)


def documented() -> dict[str, list[str]]:
    """The modules with documented names, in the order of the stub of public names; an empty list stands for all."""
    modules: dict[str, list[str]] = {}
    stub = ast.parse((ROOT / "steeralg" / "__init__.pyi").read_text(encoding="utf-8"))
    for node in stub.body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                module = ".".join(filter(None, ["steeralg", node.module]))
                _collect(modules, importlib.import_module(module), alias.name)
    for name in WHOLE:
        modules.setdefault(f"steeralg.{name}", [])
    for name in ("search", "strategies"):
        if (ROOT / "steeralg" / name).exists() or (ROOT / "steeralg" / f"{name}.py").exists():
            _collect(modules, steeralg, name)
    return modules


def _collect(modules: dict[str, list[str]], module: ModuleType, name: str) -> None:
    """Add a name of a module: a submodule with all its names, a package with its public ones."""
    path = f"{module.__name__}.{name}"
    thing = getattr(module, name, None) or importlib.import_module(path)
    if not inspect.ismodule(thing):
        home = thing.__module__ if inspect.isclass(thing) or inspect.isfunction(thing) else module.__name__
        if home not in modules or modules[home]:
            modules.setdefault(home, []).append(name)
    elif hasattr(thing, "__path__"):
        for member in getattr(thing, "__all__", ()):
            _collect(modules, thing, member)
    else:
        modules[path] = []


def _layer_page(layer: str, modules: dict[str, list[str]]) -> str:
    """Return the page of a layer: a section for each module."""
    title = LAYERS[layer]
    parts = [f"{title}\n{'=' * len(title)}"]
    if f"steeralg.{layer}" not in modules:
        parts.append(f".. automodule:: steeralg.{layer}")
    for name, members in modules.items():
        listed = f":members: {', '.join(members)}" if members else ":members:"
        parts.append(f"{name}\n{'-' * len(name)}\n\n.. automodule:: {name}\n   {listed}")
    return "\n\n".join(parts) + "\n"


def _overview(modules: dict[str, list[str]]) -> str:
    """Return the first page of the API: the public names with the first sentence of each docstring, by layer."""
    parts = [
        "API\n===",
        "Everything is ``import steeralg as sa``; names are loaded when they are first used. Matrices go in as sympy\n"
        "matrices, nested lists or exact matrices. Settings, outcomes and parties count from 0.",
        ".. toctree::\n   :hidden:\n",
    ]
    layers = [layer for layer in LAYERS if any(name.split(".")[1] == layer for name in modules)]
    parts[-1] += "".join(f"\n   api-{layer}" for layer in layers)
    for layer in layers:
        names = sorted({name for name in steeralg.__all__ if target(name).split(".")[1] == layer}, key=str.lower)
        rows = [f"   * - ``sa.{name}``\n     - {first_sentence(name)}" for name in names]
        title = f":doc:`{LAYERS[layer]} <api-{layer}>`"
        table = ".. list-table::\n   :widths: 30 70\n\n" + "\n".join(rows) if rows else ""
        parts.append(f"{title}\n{'-' * len(title)}\n\n{table}")
    return "\n\n".join(parts) + "\n"


def first_sentence(name: str) -> str:
    """Return the first sentence of a public name's docstring as reStructuredText, empty if it has none."""
    thing = getattr(steeralg, name)
    if not callable(thing) and not inspect.ismodule(thing):
        return ""
    paragraph = " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split())
    return escaped(re.split(r"(?<=[a-z0-9)`])\. (?=[A-Z])", paragraph)[0].rstrip("."))


def target(name: str) -> str:
    """Return where a name such as `Assemblage.from_state` is documented. Raises AttributeError if there is none."""
    thing, path = steeralg, "steeralg"
    for part in name.split("."):
        thing = getattr(thing, part)
        if inspect.ismodule(thing):
            path = thing.__name__
        elif inspect.isclass(thing) or inspect.isroutine(thing):
            path = f"{thing.__module__}.{thing.__qualname__}"
        else:
            path = f"{path}.{part}"
    if path.count(".") == 1 and not inspect.ismodule(thing):
        path = next(f"{home}.{name}" for home, members in documented().items() if name in members)
    return path


class LinkedNames(SphinxTransform):
    """Make links of the public names in code font: `sa.certify`, `sa.Assemblage.from_state(...)`."""

    default_priority = 500

    def apply(self, **kwargs: object) -> None:
        """Replace every such literal by a reference."""
        for node in list(self.document.findall(nodes.literal)):
            match = re.fullmatch(r"sa\.([A-Za-z_][\w.]*)(\(.*\))?", node.astext())
            if match is None or isinstance(node.parent, addnodes.pending_xref):
                continue
            try:
                path = target(match[1])
            except AttributeError:
                logging.getLogger(__name__).warning("there is no name %s", node.astext(), location=node)
                continue
            options = {"refdomain": "py", "reftype": "obj", "reftarget": path, "refdoc": self.env.docname}
            node.replace_self(addnodes.pending_xref("", node.deepcopy(), refwarn=True, **options))


def link_published(app: object, docname: str, content: list[str]) -> None:
    """Let links of this folder's pages lead to the pages of the repository's documents."""
    if "/" not in docname:
        content[0] = relinked(content[0], DOCS, DOCS)


def plain_docstring(app: object, what: str, name: str, thing: object, options: object, lines: list[str]) -> None:
    """Make a docstring of plain text into reStructuredText: code in backticks, indented paragraphs as they are."""
    paragraphs = re.split(r"\n[ \t]*\n", "\n".join(lines))
    lines[:] = "\n\n".join(
        f"::\n\n{text}" if all(line.startswith("    ") for line in text.splitlines()) and text else escaped(text)
        for text in paragraphs
    ).split("\n")


def escaped(text: str) -> str:
    """Return a text with the characters escaped that mean something in reStructuredText, outside of backticks."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else re.sub(r"([\\*|_])", r"\\\1", part) for part in parts)

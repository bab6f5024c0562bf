"""The site: the pages of this folder, the repository's own documents, and the API from the docstrings.

    sphinx-build -W --keep-going -n docs docs/_build

Nothing is fetched from the network, neither for the build nor by a reader's browser: formulas are MathML.
"""

import re
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER.parent), str(FOLDER)]

import generate  # noqa: E402
from docutils import nodes  # noqa: E402
from docutils.utils.math.latex2mathml import tex2mathml  # noqa: E402

import steeralg  # noqa: E402

project, author, copyright = "steeralg", "The steeralg authors", "2026 The steeralg authors"
release = version = steeralg.__version__
language = "en_GB"
extensions = ["sphinx.ext.autodoc", "myst_parser"]
exclude_patterns = ["_build"]

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
default_role = "code"
add_module_names = False
toc_object_entries_show_parents = "hide"

autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
# Types in signatures need no page of their own; every other reference has to lead somewhere.
nitpick_ignore_regex = [("py:class", ".*")]

html_theme = "furo"
html_title = f"steeralg {release}"
html_static_path = ["static"]
html_css_files = ["steeralg.css"]
html_math_renderer = "mathml"
html_copy_source = html_show_sphinx = False


def mathml(node, **options):
    """Return a formula as MathML, bars without the space of an infix operator."""
    return re.sub(r"<mo[^>]*>\|</mo>", "<mi>|</mi>", tex2mathml(node.astext(), **options))


def inline_formula(visitor, node):
    """Write a formula in the text as MathML."""
    visitor.body.append(mathml(node))
    raise nodes.SkipNode


def displayed_formula(visitor, node):
    """Write a formula of its own as MathML."""
    visitor.body.append(f'<div class="math">{mathml(node, as_block=True)}</div>')
    raise nodes.SkipNode


def setup(app):
    """Write the generated pages and register the hooks."""
    generate.write_all(FOLDER / "generated")
    app.add_html_math_renderer("mathml", (inline_formula, None), (displayed_formula, None))
    app.add_transform(generate.LinkedNames)
    app.connect("source-read", generate.link_published)
    app.connect("autodoc-process-docstring", generate.plain_docstring)

"""Proofs for the reader: as text, as LaTeX and as a page of HTML.

Above: the command line, the index. Below: figures, proofs, the exact layer. One document (`document`) is made of a
proof (`sentences`) and written in three formats. Figures come from the exact objects; decimals are correctly rounded,
and what is too long for a sentence is given in full elsewhere in the same report.
"""

from steeralg.report.document import File
from steeralg.report.html import html
from steeralg.report.latex import latex
from steeralg.report.text import statement_text, summary, text, theorem_lines

__all__ = ["File", "html", "latex", "statement_text", "summary", "text", "theorem_lines"]

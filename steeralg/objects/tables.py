"""Families of matrices by label as HTML tables: a row for each outcome, a column for each setting.

Above: assemblages, functionals, reports. Below: scenarios, the exact layer. Formulas are MathML, so nothing has to run
in the page; wide tables scroll in their own box.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from steeralg.exact.markup import decimals, head, is_handy, math, matrix_mathml
from steeralg.exact.matrix import Matrix
from steeralg.objects.scenario import Label, Scenario


def family_display(value: object, scenario: Scenario, elements: Mapping[Label, Matrix], symbol: str) -> str:
    """Return what a notebook shows of an assemblage or a functional: its repr, and the table unless it is huge."""
    return head(value) + (family_tables(scenario, elements, symbol) if is_handy(elements.values()) else "")


def family_tables(scenario: Scenario, elements: Mapping[Label, Matrix], symbol: str) -> str:
    """Return a table for each view, `symbol` being MathML for the family; elements that are missing are zero.

    Entries are exact, or all rounded if one of them is long; settings for which everything is zero are left out. The
    caption says so.
    """
    digits = decimals(elements.values())
    count = len(scenario.views) if scenario.has_views else 1
    return "".join(_table(scenario, elements, symbol, digits, view) for view in range(count))


def _table(scenario: Scenario, elements: Mapping[Label, Matrix], symbol: str, digits: int | None, view: int) -> str:
    every = list(scenario.settings())
    settings = [x for x in every if any(scenario.label(a, x, view) in elements for a in scenario.outcomes(x))]
    outcomes = sorted({a for x in settings for a in scenario.outcomes(x)})
    rows = []
    for a in outcomes:
        cells = [_cell(scenario, elements, digits, (a, x, view)) for x in settings]
        rows.append(f'<tr><th scope="row">{_joint(a)}</th>{"".join(cells)}</tr>')
    columns = "".join(f'<th scope="col">{_joint(x)}</th>' for x in settings)
    caption = f"{math(symbol)}{_view(scenario, view)}: outcomes by row, settings by column"
    if len(settings) < len(every):
        caption += f"; zero for {'all' if not settings else 'all other'} settings"
    if digits is not None:
        caption += f"; rounded to {digits} decimals"
    corner = '<th scope="col"><span aria-hidden="true">a \\ x</span></th>'
    head = f"<caption><span>{caption}</span></caption><thead><tr>{corner}{columns}</tr></thead>"
    table = f'<table class="family">{head}<tbody>{"".join(rows)}</tbody></table>'
    return f'<div class="wide" tabindex="0" style="overflow-x:auto">{table}</div>'


def _joint(letters: tuple[int, ...]) -> str:
    return escape(",".join(map(str, letters)))


def _view(scenario: Scenario, view: int) -> str:
    if not scenario.has_views:
        return ""
    return f", y = {view}" if scenario.has_input else f", trusted party B{view + 1}"


def _cell(
    scenario: Scenario,
    elements: Mapping[Label, Matrix],
    digits: int | None,
    place: tuple[tuple[int, ...], tuple[int, ...], int],
) -> str:
    label = scenario.label(*place)
    if not scenario.has(label):
        return "<td></td>"
    matrix = elements.get(label)
    return f"<td>{math('<mn>0</mn>' if matrix is None or matrix.is_zero else matrix_mathml(matrix, digits))}</td>"

"""How hypothesis prints exact objects where a test fails: by their numbers, not by the integers they are stored in.

Above: nothing. Below: objects, the exact layer.
"""

from __future__ import annotations

from typing import Any

from hypothesis.vendor.pretty import RepresentationPrinter, for_type_by_name

from steeralg.exact.field import Field
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, brief
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Scenario


def matrix_text(matrix: Matrix) -> str:
    """Return a matrix by rows, such as [[1/2, -I], [I, 0]]."""
    rows = ([brief(matrix.entry(i, j)) for j in range(matrix.columns)] for i in range(matrix.rows))
    return "[" + ", ".join("[" + ", ".join(row) + "]" for row in rows) + "]"


def scenario_text(scenario: Scenario) -> str:
    """Return the call of `Scenario.of` that makes a scenario."""
    outcomes = [box.outcomes for box in scenario.black_boxes]
    dims = [party.dim for party in scenario.trusted]
    parts = [repr(outcomes), repr(dims[0] if len(dims) == 1 else dims)]
    parts += [f"settings={len(scenario.views)}"] * scenario.has_input
    parts += ["instrumental=True"] * scenario.instrumental + ["sequential=True"] * scenario.sequential
    return f"Scenario.of({', '.join(parts)})"


def _family(value: Assemblage | Functional, printer: RepresentationPrinter, cycle: bool) -> None:
    with printer.group(4, f"{type(value).__name__}({scenario_text(value.scenario)}, {{", "})"):
        for label, matrix in value.elements.items():
            printer.break_()
            printer.text(f"{value.scenario.key(label)}: {matrix_text(matrix)},")


def _texts(text: Any) -> Any:
    return lambda value, printer, cycle: printer.text(text(value))


_PRINTERS: dict[type, Any] = {
    Matrix: _texts(matrix_text),
    Number: _texts(brief),
    Field: _texts(str),
    Scenario: _texts(scenario_text),
    Assemblage: _family,
    Functional: _family,
}


def register() -> None:
    """Tell hypothesis how to print matrices, numbers, scenarios, assemblages and functionals."""
    for kind, printer in _PRINTERS.items():
        for_type_by_name(kind.__module__, kind.__name__, printer)

"""Operators on tensor factors as JSON files: Choi matrices, entanglement witnesses.

Above: the command line, searches. Below: operators, parsing. A file holds `{"dims": [d_1, d_2, ...], "matrix": rows}`,
entries exact strings, integers, or pairs of these (real and imaginary part) as in the files of assemblages; a map is
its Choi matrix `sum_ij |i><j| (x) Phi(|i><j|)`, input first.
"""

from __future__ import annotations

from math import prod
from pathlib import Path

from steeralg.arguments import checked
from steeralg.errors import FormatError
from steeralg.exact.convert import as_matrices
from steeralg.objects.devices import Operator
from steeralg.objects.files import read_entry, read_json


@checked
def read_operator(path: Path | str) -> Operator:
    """Read an operator. Raises FormatError, ShapeError or HermitianError, naming the entry."""
    value = read_json(path)
    if not isinstance(value, dict) or set(value) != {"dims", "matrix"}:
        raise FormatError(f'{path}: an operator is {{"dims": [d_1, d_2, ...], "matrix": rows}}')
    dims, rows = value["dims"], value["matrix"]
    if not isinstance(dims, list) or not dims or any(type(d) is not int or d < 1 for d in dims):
        raise FormatError(f"{path}: dims must be positive integers, one for each tensor factor")
    order = prod(dims)
    if not isinstance(rows, list) or any(not isinstance(row, list) for row in rows) or not rows:
        raise FormatError(f"{path}: the matrix must be a list of rows")
    if {len(rows), *map(len, rows)} != {order}:
        raise FormatError(f"{path}: the matrix must have {order} rows of {order} entries")
    table = [[read_entry(x, f"{path}, entry ({i}, {j})") for j, x in enumerate(row)] for i, row in enumerate(rows)]
    return Operator(tuple(dims), as_matrices([table])[0])

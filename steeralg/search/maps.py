"""Linear maps by name, and from JSON files.

Above: searches, the command line. Below: the library of maps, files. A name is that of a map of the library, with its
parameters after a colon: `choi`, `generalised-choi:1,1,0`, `tanahashi-tomiyama:4,1`. A file holds the Choi matrix
`sum_ij |i><j| (x) Phi(|i><j|)`, input first, as `{"dims": [d_in, d_out], "matrix": [[entry, ...], ...]}`, with entries
as in the files of assemblages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sympy

from steeralg.arguments import checked
from steeralg.constructions.saphs18 import breuer_hall_map
from steeralg.errors import FormatError, ShapeError
from steeralg.exact.matrix import Matrix
from steeralg.maps import library
from steeralg.maps.channels import kraus_map
from steeralg.maps.linear import LinearMap
from steeralg.objects.operator_files import read_operator
from steeralg.objects.parse import parse_number

MAX_ORDER = 64


@dataclass(frozen=True)
class _Entry:
    """A family of the library: its parameters, as they are shown, and how a map is made of them."""

    parameters: str
    make: Callable[..., LinearMap]
    integers: bool = True


@checked
def named_map(name: str) -> LinearMap:
    """Return a map of the library by name. Raises FormatError for an unknown name, and what the map raises."""
    family, _, text = name.partition(":")
    entry = _LIBRARY.get(family)
    if entry is None:
        known = ", ".join(f"{key}:{e.parameters}" if e.parameters else key for key, e in _LIBRARY.items())
        raise FormatError(f"there is no map {name[:60]!r}; use {known}, or a JSON file with its Choi matrix")
    parameters = [parse_number(part) for part in text.split(",")] if text else []
    wanted = entry.parameters.count(",") + 1 if entry.parameters else 0
    if len(parameters) != wanted and not entry.parameters.endswith("..."):
        raise FormatError(f"map {name[:60]!r}: {family} has {wanted} parameters ({entry.parameters or 'none'})")
    if not entry.integers:
        return entry.make(*parameters)
    if not all(p.is_Integer and 0 <= p <= MAX_ORDER for p in parameters):
        raise FormatError(f"map {name[:60]!r}: the parameters of {family} are integers from 0 to {MAX_ORDER}")
    return entry.make(*map(int, parameters))


def antisymmetric(dim: int) -> Matrix:
    """Return the direct sum of blocks [[0, 1], [-1, 0]], and of a 0 if the order is odd."""
    table = [[0] * dim for _ in range(dim)]
    for k in range(0, dim - 1, 2):
        table[k][k + 1], table[k + 1][k] = 1, -1
    return Matrix.rational(table)


def subunitary(dim: int) -> LinearMap:
    """Return the trace-preserving form of Hall's map of an odd order, U the direct sum of 2 x 2 blocks and a 0.

    The trace of `subunitary_reduction(U)` grows by (d-1)/(d-2) on the last basis vector only, which T shrinks.
    Raises ShapeError for orders that are even or below 3.
    """
    if dim < 3 or dim % 2 == 0:
        raise ShapeError(f"this map needs an odd order above 2, not {dim}; even orders have extended reduction maps")
    shrink = sympy.diag(*[1] * (dim - 1), sympy.sqrt(sympy.Rational(dim - 2, dim - 1)))
    return library.subunitary_reduction(antisymmetric(dim)) @ kraus_map([shrink])


_LIBRARY = {
    "choi": _Entry("", library.choi),
    "generalised-choi": _Entry("a_0,a_1,...", library.generalised_choi, integers=False),
    "tanahashi-tomiyama": _Entry("d,k", library.tanahashi_tomiyama),
    "breuer-hall": _Entry("", breuer_hall_map),
    "extended-reduction": _Entry("d", lambda d: library.extended_reduction(antisymmetric(d))),
    "robertson": _Entry("", library.robertson),
    "subunitary-reduction": _Entry("d", subunitary),
    "reduction": _Entry("d", library.reduction),
    "transpose": _Entry("d", library.transpose),
    "identity": _Entry("d", library.identity),
}


@checked
def read_map(path: Path | str) -> LinearMap:
    """Read a map from the file of its Choi matrix. Raises FormatError, ShapeError, HermitianError."""
    operator = read_operator(path)
    if len(operator.dims) != 2:
        raise FormatError(f'{path}: a map is {{"dims": [d_in, d_out], "matrix": rows of its Choi matrix}}')
    return LinearMap(*operator.dims, operator.matrix)


def map_to_json(linear_map: LinearMap) -> dict[str, Any]:
    """Return a map as it is written in files, entries as exact strings."""
    matrix = [[str(x) for x in row] for row in linear_map.choi.sympy().tolist()]
    return {"dims": list(linear_map.dims), "matrix": matrix}

"""One orthogonal basis for every party and setting: what turns the events of a scenario into product vectors.

Above: constructions. Below: product bases, events, measurements. Bases need not be normalised: the columns (1, 1) and
(1, -1) are the rays of a Pauli X measurement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from steeralg.arguments import checked
from steeralg.errors import InputError, ScenarioError, ShapeError
from steeralg.exact.convert import as_matrices
from steeralg.exact.matrix import Matrix
from steeralg.objects.events import letters
from steeralg.objects.measurement import POVM
from steeralg.objects.product_basis import ProductBasis, ray_projector
from steeralg.objects.scenario import Label, Scenario, format_label


@checked
@dataclass(frozen=True)
class LocalBases:
    """`rays[k][x][a]` is a non-zero column, the ray of outcome a of party k at setting x; `LocalBases.of` takes
    matrices of columns.

    Raises ShapeError unless all settings of a party have d rays of d entries, InputError for zero rays and for rays of
    one setting that are not orthogonal, naming them.
    """

    rays: tuple[tuple[tuple[Matrix, ...], ...], ...]

    def __post_init__(self) -> None:
        if not self.rays or not all(self.rays):
            raise ShapeError("every party needs at least one basis")
        for k, party in enumerate(self.rays):
            dim = len(party[0])
            for x, basis in enumerate(party):
                if len(basis) != dim or any((ray.rows, ray.columns) != (dim, 1) for ray in basis):
                    raise ShapeError(f"setting {x} of party {k} is no basis of dimension {dim}, that of its setting 0")
                for a, ray in enumerate(basis):
                    if ray.is_zero:
                        raise InputError(f"ray {a} of setting {x} of party {k} is zero")
                    other = next((b for b in range(a) if not (basis[b].adjoint @ ray).is_zero), None)
                    if other is not None:
                        raise InputError(f"rays {other} and {a} of setting {x} of party {k} are not orthogonal")

    @classmethod
    @checked
    def of(cls, bases: Sequence[Sequence[Any]]) -> LocalBases:
        """Return the bases given as `bases[k][x]`, a square matrix (exact, sympy or nested) whose columns are rays."""
        exact = iter(as_matrices([basis for party in bases for basis in party]))
        return cls(tuple(tuple(_columns(next(exact)) for _ in party) for party in bases))

    @property
    def dims(self) -> tuple[int, ...]:
        """The dimension of every party."""
        return tuple(len(party[0]) for party in self.rays)

    @property
    def outcomes(self) -> tuple[tuple[int, ...], ...]:
        """The numbers of outcomes, by party and setting, as in `Scenario.of`."""
        return tuple((len(party[0]),) * len(party) for party in self.rays)

    @property
    def measurements(self) -> tuple[tuple[POVM, ...], ...]:
        """The projective measurements in the bases, by party and setting."""
        return tuple(tuple(POVM(tuple(map(ray_projector, basis))) for basis in party) for party in self.rays)

    @checked
    def split(self, count: int) -> tuple[LocalBases, LocalBases]:
        """Return the bases of the first parties and those of the last `count` ones. Raises ScenarioError."""
        if not 1 <= count < len(self.rays):
            raise ScenarioError(f"{count} of {len(self.rays)} parties split off; at least one has to be on each side")
        return LocalBases(self.rays[:-count]), LocalBases(self.rays[-count:])


def _columns(matrix: Matrix) -> tuple[Matrix, ...]:
    rows, columns = matrix.rows, matrix.columns
    return tuple(matrix.rearrange(rows, 1, range(j, rows * columns, columns)) for j in range(columns))


@checked
def product_basis_of(events: Sequence[Label], bases: LocalBases) -> ProductBasis:
    """Return the product vectors of some events: party k has the ray of its outcome at its setting (SAPHS18 Sec. 6).

    Orthogonal events give orthogonal vectors. Raises ScenarioError for an event that the bases have no rays for.
    """
    scenario = Scenario.of(bases.outcomes, 1)
    for event in events:
        if len(event) != 2 or not scenario.has(event):
            raise ScenarioError(f"there is no event {format_label(event)} in the scenario: {scenario}")
    vectors = tuple(tuple(bases.rays[k][x][a] for k, (x, a) in enumerate(letters(event))) for event in events)
    return ProductBasis(bases.dims, vectors)

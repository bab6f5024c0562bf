"""POVMs, exact and validated.

Above: assemblages, behaviours, constructions. Below: the exact layer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from steeralg.arguments import checked
from steeralg.errors import InputError, NormalisationError, PositivityError, ShapeError
from steeralg.exact.convert import as_matrices, unify
from steeralg.exact.markup import OfMatrices
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import brief
from steeralg.exact.psd import decide_psd
from steeralg.verdict import Refuted


@checked
@dataclass(frozen=True, repr=False)
class POVM(OfMatrices):
    """Effects M_a: Hermitian, positive semidefinite, summing to the identity. `POVM.of` takes sympy matrices.

    Raises ShapeError, HermitianError, PositivityError or NormalisationError, naming the effect.
    """

    effects: tuple[Matrix, ...]

    def __post_init__(self) -> None:
        if not self.effects:
            raise ShapeError("a POVM needs at least one effect")
        if not all(isinstance(effect, Matrix) for effect in self.effects):
            raise InputError("the effects are exact matrices; POVM.of takes sympy matrices and nested sequences")
        order = self.effects[0].rows
        object.__setattr__(self, "effects", tuple(unify(self.effects)))
        for a, effect in enumerate(self.effects):
            if (effect.rows, effect.columns) != (order, order):
                raise ShapeError(f"effect {a} is {effect.rows} x {effect.columns}; effect 0 has order {order}")
            effect.require_hermitian(f"effect {a}")
            verdict = decide_psd(effect)
            if isinstance(verdict, Refuted):
                raise PositivityError(f"effect {a} is not positive: a vector has value {brief(verdict.witness.value)}")
        if total(self.effects) != Matrix.identity(order, self.effects[0].field):
            raise NormalisationError("the effects of the POVM do not sum to the identity")

    def matrices(self) -> Iterator[tuple[str, Matrix]]:
        """Yield every effect with its outcome."""
        yield from ((str(a), effect) for a, effect in enumerate(self.effects))

    @classmethod
    @checked
    def of(cls, effects: Sequence[Any]) -> POVM:
        """Return the POVM with the given effects (exact, sympy or nested sequences)."""
        if not effects:
            raise ShapeError("a POVM needs at least one effect")
        return cls(tuple(as_matrices(list(effects))))

    @classmethod
    def observable(cls, observable: Any) -> POVM:
        """Return the POVM ((1 + A)/2, (1 - A)/2) of an observable with -1 <= A <= 1; outcome 0 is the value +1."""
        matrix = as_matrices([observable])[0]
        one = Matrix.identity(matrix.rows, matrix.field)
        return cls(tuple((one + matrix.scale(sign)).scale(Fraction(1, 2)) for sign in (1, -1)))

    @property
    def dim(self) -> int:
        """The dimension of the system that is measured."""
        return self.effects[0].rows

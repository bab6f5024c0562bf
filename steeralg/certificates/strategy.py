"""Exact quantum strategies: realisations whose value is a proved upper bound of a functional's quantum minimum.

Above: claims, the command line. Below: realisations, and sdp for the suggestions. Measurements and channels are
isometries, and products of reflections at vectors of Gaussian integers are isometries exactly, so rounding needs no
repair; the state is a vector of Gaussian integers, optimal for the rounded measurements. Together with a proved lower
bound this brackets the quantum minimum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from steeralg.arguments import checked, require_between
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.maps.channels import channel
from steeralg.objects.functional import Functional
from steeralg.objects.measurement import POVM
from steeralg.objects.realisation import Realisation
from steeralg.objects.state import State
from steeralg.sdp.reflections import Gaussian, Reflections, reflections
from steeralg.sdp.seesaw import FloatStrategy, Measurement, aligned, optimal_state, see_saw
from steeralg.verdict import OneLine

MAX_BITS = 48


@dataclass(frozen=True, repr=False)
class Strategy(OneLine):
    """An exact quantum realisation and its exact value; the functional's quantum minimum is not above it."""

    realisation: Realisation
    value: Number

    @classmethod
    @checked
    def of(cls, functional: Functional, realisation: Realisation) -> Strategy:
        """Return a realisation with its value. Raises ScenarioError if it does not fit the functional."""
        return cls(realisation, realisation.value(functional))

    def __str__(self) -> str:
        return f"a quantum strategy of value {self.value.decimal(10)}, dimensions {self.realisation.state.dims}"


@checked
def best_strategy(
    functional: Functional,
    *,
    dims: Sequence[int] | None = None,
    starts: int = 10,
    seed: int = 0,
    bits: int = 16,
) -> Strategy:
    """Return the best quantum strategy that a see-saw finds, made exact over Q(i).

    `dims` are the local dimensions of the boxes, or of the boxes and the trusted factors (which may differ from the
    trusted dimension where the trusted party has an input); `bits` is the size of the integers that states,
    measurements and channels are made of, so that rounding costs about 4^-bits. The same arguments give the same
    strategy. Raises ScenarioError for dimensions that do not fit, InputError for starts, seeds
    or bits out of range.
    """
    require_between("bits", bits, 1, MAX_BITS)
    return exact_strategy(functional, see_saw(functional, dims=dims, starts=starts, seed=seed), bits)


def exact_strategy(functional: Functional, suggestion: FloatStrategy, bits: int = 16) -> Strategy:
    """Return a strategy in floats, rounded to an exact one over Q(i), with its exact value. Raises InputError."""
    require_between("bits", bits, 1, MAX_BITS)
    measurements = tuple(tuple(exact_povm(m, bits) for m in aligned(box)) for box in suggestion.measurements)
    channels = []
    for operators in suggestion.channels:
        count, rows, columns = operators.shape
        isometry = _isometry(reflections(operators.reshape(count * rows, columns), bits))
        channels.append([_rows(isometry, range(k * rows, (k + 1) * rows)) for k in range(count)])
    effects = [[effect for povm in box for effect in povm.effects] for box in measurements]
    vector = optimal_state(functional, suggestion.dims, effects, channels, bits)
    state = State(suggestion.dims, _projector(vector))
    return Strategy.of(functional, Realisation(state, measurements, tuple(map(channel, channels))))


def exact_povm(measurement: Measurement, bits: int) -> POVM:
    """Round a measurement: a projector on a rounded vector and its complement, or the rows of an isometry."""
    direction = measurement.direction(bits)
    if direction is not None:
        projector = _projector(direction)
        zero, one = Matrix.zero(projector.rows, projector.rows), Matrix.identity(projector.rows)
        return POVM(
            tuple(zero if not rows else projector if rows == (0,) else one - projector for rows in measurement.rows)
        )
    isometry = _isometry(measurement.reflections(bits))
    blocks = [_rows(isometry, rows) for rows in measurement.rows]
    zero = Matrix.zero(isometry.columns, isometry.columns)
    return POVM(tuple(block.adjoint @ block if block.rows else zero for block in blocks))


def _isometry(suggested: Reflections) -> Matrix:
    """Multiply out the reflections: an isometry whatever the integers are, as long as none of the vectors is zero."""
    length, count = len(suggested.vectors[0]), len(suggested.phases)
    zero = Number.of(0)
    phases = [_number(z) / _number(z).conjugate() for z in suggested.phases]
    start = [[phases[j] if i == j else zero for j in range(count)] for i in range(length)]
    result = Matrix.from_numbers(start, RATIONALS)
    for entries in reversed(suggested.vectors):
        vector = _column(entries)
        norm = vector.adjoint.inner(vector).fraction()
        result = result - (vector @ (vector.adjoint @ result)).scale(Fraction(2) / norm)
    return result.adjoint if suggested.adjoint else result


def _number(value: Gaussian) -> Number:
    return Number(RATIONALS, (value[0],), (value[1],))


def _column(entries: Sequence[Gaussian]) -> Matrix:
    return Matrix.from_numbers([[_number(entry)] for entry in entries], RATIONALS)


def _rows(matrix: Matrix, rows: Sequence[int]) -> Matrix:
    index = [i * matrix.columns + j for i in rows for j in range(matrix.columns)]
    return matrix.rearrange(len(rows), matrix.columns, index)


def _projector(entries: Sequence[Gaussian]) -> Matrix:
    vector = _column(entries)
    projector = vector @ vector.adjoint
    return projector.scale(projector.trace().inverse())

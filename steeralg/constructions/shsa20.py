"""Sainz, Hoban, Skrzypczyk, Aolita, Phys. Rev. Lett. 125, 050404 (2020): Bob with input and instrumental steering.

Above: claims. Below: objects, maps. The paper's settings x = 1, 2, 3 (the Pauli matrices X, Y, Z) are 0, 1, 2 here.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

import sympy

from steeralg.arguments import checked
from steeralg.constructions.pauli import ONE, X, Y, Z
from steeralg.errors import InputError, ShapeError
from steeralg.exact.convert import as_matrices, number_to_sympy, numbers_from_sympy
from steeralg.exact.matrix import Matrix
from steeralg.maps.library import identity, transpose
from steeralg.maps.linear import LinearMap
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.measurement import POVM
from steeralg.objects.realisation import Realisation
from steeralg.objects.scenario import Label, Scenario
from steeralg.objects.state import State

AXES: tuple[tuple[int, int, int], ...] = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
"""The Bloch vectors of X, Y, Z: the settings of eq. (6)."""


def pr() -> Assemblage:
    """Return the assemblage of eq. (5): sigma[a|x,y] = |a + xy><a + xy|/2, addition modulo 2."""
    scenario = Scenario.of([(2, 2)], 2, settings=2)
    table: dict[Label, Matrix] = {}
    for label in scenario.labels():
        (a,), (x,), y = label[0], label[1], scenario.view(label)
        b = (a + x * y) % 2
        table[label] = Matrix.unit(2, b, b).scale(Fraction(1, 2))
    return Assemblage(scenario, table)


def transposed(directions: Sequence[Sequence[Any]] = AXES) -> Assemblage:
    """Return sigma[a|x,y] = (1 + (-1)^a n_x . (X, Y, Z))/4 for y = 0 and its transpose for y = 1.

    With the default directions this is eq. (6). Alice measures the transposed observables on a maximally entangled
    state of two qubits; Bob applies the identity or the transpose. `directions` are exact unit vectors, such as
    (1, 2, 2)/3 written as fractions; InputError otherwise.
    """
    model = steered(directions)
    before = Assemblage.from_state(model.state, model.measurements)
    return before.with_input([identity(2), transpose(2)])


@checked
def steered(directions: Sequence[Sequence[Any]] = AXES) -> Realisation:
    """Return Alice's part of `transposed`: she measures the transposed observables on (|00> + |11>)/sqrt2."""
    measurements = tuple(POVM.observable(_observable(n).T) for n in directions)
    return Realisation(State.pure([1, 0, 0, 1], (2, 2)), (measurements,))


def transposition_example(
    amplitudes: Sequence[Any], measurements: Sequence[Sequence[POVM]] | None = None
) -> Assemblage:
    """Return the assemblage of eq. (6) for another state: Bob applies the identity (y = 0) or the transposition.

    The state is pure, along `amplitudes` of any norm: a factor for every black box, then Bob's. By default there is one
    black box, a qubit measured in the settings X, Y, Z, and Bob has a qubit. The correlations are quantum, whatever Bob
    measures, as in Thm 4: the transposition is positive. Raises ShapeError if the amplitudes do not fit the boxes.
    """
    model = transposition_model(amplitudes, measurements)
    dim = model.trusted_dims[0]
    return Assemblage.from_state(model.state, model.measurements).with_input([identity(dim), transpose(dim)])


@checked
def transposition_model(amplitudes: Sequence[Any], measurements: Sequence[Sequence[POVM]] | None = None) -> Realisation:
    """Return the state and the measurements of `transposition_example`, before Bob does anything."""
    if measurements is None:
        measurements = [_paulis(AXES)]
    if not all(measurements):
        raise ShapeError("every black box needs at least one measurement")
    dims = [box[0].dim for box in measurements]
    if len(amplitudes) % prod(dims) or not amplitudes:
        raise ShapeError(f"{len(amplitudes)} amplitudes; the boxes need a multiple of {prod(dims)}")
    state = State.pure(amplitudes, (*dims, len(amplitudes) // prod(dims)))
    return Realisation(state, tuple(map(tuple, measurements)))


def instrumental_example(amplitudes: Sequence[Any], measurements: Sequence[Sequence[POVM]] | None = None) -> Assemblage:
    """Return `transposition_example` with y = a; by default the settings of the box are X, Y, Z and -X.

    It is general: `transposition_example` is its parent.
    """
    chosen = [_paulis((*AXES, (-1, 0, 0)))] if measurements is None else measurements
    return transposition_example(amplitudes, chosen).instrumental()


def _paulis(directions: Sequence[Sequence[Any]]) -> list[POVM]:
    return [POVM.observable(_observable(n)) for n in directions]


def _observable(direction: Sequence[Any]) -> Any:
    if len(direction) != 3:
        raise InputError(f"a direction has three components, not {len(direction)}")
    n = [number_to_sympy(c) for c in numbers_from_sympy(direction)]
    if sympy.expand(sum(c**2 for c in n)) != 1:
        raise InputError(f"({', '.join(str(c)[:20] for c in n)}) is not an exact unit vector")
    return n[0] * X + n[1] * Y + n[2] * Z


def instrumental_printed() -> Assemblage:
    """Return the instrumental assemblage used for Thms 7 and 8: the elements of eq. (6) with y = a.

    The paper states that it is postquantum; `instrumental_state`, `instrumental_measurements` and
    `instrumental_channels` are a quantum realisation of it.
    """
    return transposed().instrumental()


@checked
def instrumental(fourth: Sequence[Any] = (-1, 0, 0)) -> Assemblage:
    """Return the instrumental assemblage of X, Y, Z and a fourth direction: `transposed` with y = a."""
    return transposed([*AXES, fourth]).instrumental()


def sequential_pr() -> Assemblage:
    """Return a sequential assemblage of two rounds whose outcomes are those of a PR box: a2 = a1 + x1 x2 (mod 2).

    The first round measures Z or X on half of a maximally entangled state. Between separated black boxes the outcomes
    would be postquantum; in sequence the second one may depend on the first setting.
    """
    table: dict[Any, Any] = {}
    for x1, x2, a1 in product((0, 1), repeat=3):
        steered = (ONE + (-1) ** a1 * (Z, X)[x1]) / 4
        for a2 in (0, 1):
            table[(a1, a2), (x1, x2)] = steered if a2 == (a1 + x1 * x2) % 2 else sympy.zeros(2, 2)
    return Assemblage.of(Scenario.of([(2, 2), (2, 2)], 2, sequential=True), table)


def hidden_assemblage() -> Assemblage:
    """Return the assemblage before Bob's channels in the realisation of `instrumental_printed`.

    sigma[0|x] = (1 + e_x . (X, Y, Z))/4 with the axes e_x, and sigma[1|x] = (1 + n_x . (X, Y, Z))/4 with the unit
    vectors n_x = (2/3)(1, 1, 1) - e_x: the sum is (1 + (X + Y + Z)/3)/2 for every x.
    """
    observables, centre = (X, Y, Z), sympy.Rational(2, 3) * (X + Y + Z)
    table: dict[Any, Any] = {}
    for x, observable in enumerate(observables):
        table[(0,), (x,)] = (ONE + observable) / 4
        table[(1,), (x,)] = (ONE + centre - observable) / 4
    return Assemblage.of(Scenario.of([(2, 2, 2)], 2), table)


def _factor() -> Matrix:
    """Return K with K K* = (1 + (X + Y + Z)/3)/2 over Q(i), from 2/3 = (|2 + i|^2 + 1)/9.

    The determinant 1/6 is no sum of two rational squares, so no K of order 2 is over Q(i): three columns are needed.
    """
    i = sympy.I
    rows = [[(2 + i) / 3, sympy.Rational(1, 3), 0], [(2 + i) * (1 + i) / 12, (1 + i) / 12, sympy.Rational(1, 2)]]
    return as_matrices([rows])[0]


def instrumental_state() -> State:
    """Return the state of the realisation of `instrumental_printed`: sum_k |k> (x) K|k>, a qutrit for the black box.

    It is pure with amplitudes in Q(i), and Bob's marginal is K K* = (1 + (X + Y + Z)/3)/2.
    """
    k = _factor()
    return State.pure([k.entry(b, a).sympy() for a in range(3) for b in range(2)], (3, 2))


def instrumental_measurements() -> list[list[POVM]]:
    """Return the POVMs of the realisation: M[a|x] = (K* rho^-1 sigma[a|x] rho^-1 K)^T, with rho = K K*.

    They sum to the transpose of a projector of rank 2; its complement goes to outcome 1.
    """
    k, hidden = _factor(), hidden_assemblage()
    rho = hidden.reduced_state
    # For a matrix of order 2, rho^-1 = (tr(rho) 1 - rho)/det(rho), here with trace 1 and determinant 1/6.
    inverse = (Matrix.identity(2) - rho).scale(6)
    left = k.adjoint @ inverse
    rest = Matrix.identity(3) - (left @ k).transpose
    povms = []
    for x in range(3):
        first, second = ((left @ hidden.elements[(a,), (x,)] @ left.adjoint).transpose for a in (0, 1))
        povms.append(POVM((first, second + rest)))
    return [povms]


def instrumental_channels() -> list[LinearMap]:
    """Return Bob's channels in the realisation: the identity for a = 0, and U rho U*/3, U = 1 + iX - iZ, for a = 1.

    U/sqrt3 is unitary and turns the vectors n_x of `hidden_assemblage` to those of -X, +Y, -Z.
    """
    u = as_matrices([ONE + sympy.I * X - sympy.I * Z])[0]
    return [identity(2), LinearMap.from_action(2, lambda rho: (u @ rho @ u.adjoint).scale(Fraction(1, 3)))]

"""Sainz, arXiv:2604.07078 (2026): several trusted parties, of which only the local states are observed.

Above: claims. Below: objects, maps. Tensor order: black boxes (the paper's Alices), then B1, B2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import sympy

from steeralg.arguments import checked, require_between
from steeralg.constructions.local_orthogonality import local_orthogonality
from steeralg.constructions.pauli import X, Z
from steeralg.constructions.product_bases import SHIFTS, shifts
from steeralg.constructions.saphs18 import breuer_hall_map
from steeralg.errors import ScenarioError, ShapeError
from steeralg.exact.convert import as_matrices
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import Number
from steeralg.exact.tensor import kron
from steeralg.maps.library import identity
from steeralg.objects.assemblage import Assemblage, observed
from steeralg.objects.files import read_and_repair
from steeralg.objects.functional import Functional
from steeralg.objects.measurement import POVM
from steeralg.objects.product_basis import witness_operator
from steeralg.objects.realisation import Realisation
from steeralg.objects.repair import Repair
from steeralg.objects.scenario import Label, Partial, Scenario
from steeralg.objects.state import State
from steeralg.objects.steering import steer

QUBITS = Scenario.of([(2, 2)], (2, 2))
"""One black box with two settings of two outcomes, and two trusted qubits."""


def _sparse(size: int, entries: Mapping[int, Any]) -> tuple[Any, ...]:
    return tuple(sympy.sympify(entries.get(k, 0)) for k in range(size))


EXAMPLE_10: tuple[Any, ...] = _sparse(16, {4: -1, 5: 1, 8: -1, 12: sympy.I})
"""Amplitudes on A, B1, B2 (qubit, qubit, ququart), up to 1/2: state 53 of seed 2026 of `steeralg.search`."""

EXAMPLE_11: tuple[Any, ...] = _sparse(32, {2: -sympy.I, 14: -sympy.I, 22: 1, 31: sympy.I})
"""Amplitudes on A1, A2, B1, B2 (three qubits and a ququart), up to 1/2: state 148 of the same seed."""


def _pauli(*observables: Any) -> list[POVM]:
    return [POVM.observable(observable) for observable in observables]


MEASUREMENTS: tuple[tuple[POVM, ...], ...] = ((POVM.observable(Z), POVM.observable(X)),) * 3
"""Example 7: all three parties measure Z (setting 0) and X (setting 1)."""


@checked
def example_5(first: State | None = None, second: State | None = None) -> Assemblage:
    """Return eqs. (9) and (10): sigma_k[a|x] = rho_k/2 if a1 + a2 = x1 x2 modulo 2, else 0.

    The local states are one trusted party's each, by default maximally mixed qubits.
    """
    states = [state or State.maximally_mixed((2,)) for state in (first, second)]
    scenario = Scenario.of([(2, 2)] * 2, [state.matrix.rows for state in states])
    table: dict[Label, Matrix] = {}
    for a, x, *view in scenario.labels():
        weight = Fraction(1, 2) if (a[0] + a[1]) % 2 == x[0] * x[1] else Fraction(0)
        table[(a, x, view[0])] = states[view[0]].matrix.scale(weight)
    return Assemblage(scenario, table)


UPB: tuple[Label, ...] = SHIFTS
"""The product vectors |000>, |1-+>, |+1->, |-+1> of Example 7, as events: setting 0 is Z, setting 1 is X."""


def witness(eps: Fraction | int | str | Number) -> Matrix:
    """Return the operator of eq. (15), (Pi - eps 1)/(4 - 8 eps), Pi the projector on the vectors of `UPB`.

    It is an entanglement witness (Hermitian of trace 1, non-negative on product vectors) for 0 <= eps <= eps*, the
    least value of Pi on product vectors, about 0.0814. Raises InputError unless 0 <= eps < 1/2.
    """
    return witness_operator(shifts(), eps)


def example_7(eps: Fraction | int | str | Number = Fraction(2, 25)) -> Assemblage:
    """Return the assemblage of Example 7: the witness of eq. (15), Alice measuring Z (x = 0) and X (x = 1).

    The paper's eps is the largest one, printed as 0.0814; it is 1 - 3 sqrt6/8 to within 1e-9.
    """
    joint = steer(witness(eps), (2, 2, 2), MEASUREMENTS[:1])
    return Assemblage(QUBITS, observed(QUBITS, joint))


def example_7_correlations(eps: Fraction | int | str | Number = Fraction(2, 25)) -> Assemblage:
    """Return the Bell behaviour of Example 7 when all three parties measure Z (setting 0) and X (setting 1)."""
    return Assemblage(Scenario.of([(2, 2)] * 3, 1), steer(witness(eps), (2, 2, 2), MEASUREMENTS))


def guess_your_neighbours_input() -> Functional:
    """Return minus the sum of the probabilities of the four events `UPB`.

    The events are pairwise orthogonal, so the sum is at most 1 on quantum behaviours (local orthogonality): the bound
    is -1: this is the three-party guess-your-neighbour's-input inequality. On the behaviour of Example 7 the value is
    -4(1 - eps)/(4 - 8 eps).
    """
    return local_orthogonality([(2, 2)] * 3, UPB)


def example_9_repair() -> Repair:
    """Return eqs. (17) and (18): the nearest exact assemblage to the printed double-precision numbers.

    These obey the equations of no-signalling and of equal traces to about 1e-16; the repair moves no entry by more
    than 2.8e-17 and needs no noise.
    """
    return read_and_repair(Path(__file__).parent / "s26_example_9.json")


def example_9() -> Assemblage:
    """Return the assemblage of Example 9, repaired: see `example_9_repair`."""
    return example_9_repair().assemblage


def positive_map_example(amplitudes: Sequence[Any], measurements: Sequence[Sequence[POVM]] | None = None) -> Assemblage:
    """Return the assemblage of Prop. 8 and eq. (16) with the map of eq. (19) on B2.

    The state is pure, along `amplitudes`: a qubit for every black box, the qubit B1, the ququart B2. By default there
    are one or two black boxes with the measurements of Examples 10 and 11: X (x = 0) and Z (x = 1); for the second
    box (X + Z)/sqrt2 and (X - Z)/sqrt2. By Prop. 8 the correlations are quantum, whatever the Bobs measure, if the map
    is applied to this state.
    """
    model = positive_map_model(amplitudes, measurements)
    steered = Assemblage.from_state(model.state, model.measurements)
    # Both act on one factor, so taking the marginals first makes no difference, and these are positive.
    return steered.marginals((2, 4)).apply([identity(2), breuer_hall_map()])


@checked
def positive_map_model(amplitudes: Sequence[Any], measurements: Sequence[Sequence[POVM]] | None = None) -> Realisation:
    """Return the state and the measurements of `positive_map_example`, without the map."""
    if measurements is None:
        root = sympy.sqrt(2)
        default = [_pauli(X, Z), _pauli((X + Z) / root, (X - Z) / root)]
        measurements = default[: 1 if len(amplitudes) == 16 else 2]
    boxes = len(measurements)
    if len(amplitudes) != 8 * 2**boxes:
        raise ShapeError(f"{len(amplitudes)} amplitudes; {boxes} qubits, a qubit and a ququart need {8 * 2**boxes}")
    return Realisation(State.pure(amplitudes, (*(2,) * boxes, 2, 4)), tuple(map(tuple, measurements)))


def example_10(amplitudes: Sequence[Any] = EXAMPLE_10) -> Assemblage:
    """Return an assemblage as in Example 10, one black box, by default for a state of our own.

    The state is (-|010> + |011> - |100> + i|110>)/2, the first of the most robust ones among the first 300 of seed 2026
    of `steeralg.search`.
    """
    return positive_map_example(amplitudes)


def example_11(amplitudes: Sequence[Any] = EXAMPLE_11) -> Assemblage:
    """Return an assemblage as in Example 11, two black boxes, by default for a state of our own.

    The state is (-i|0002> - i|0112> + |1012> + i|1113>)/2: among the first 400 of seed 2026 of `steeralg.search` the
    most robust one without a parent, which is how the paper's own examples are certified.
    """
    return positive_map_example(amplitudes)


_NOISY_11: tuple[tuple[int, dict[int, Any]], ...] = (
    (60, {28: 1}),
    (24, {3: 5, 15: 3, 23: 3 * sympy.I}),
    (24, {15: 4, 23: -4 * sympy.I, 30: 5}),
    (60, {1: 1, 13: 1, 21: sympy.I}),
    (5, {0: 12, 12: 12, 20: 12 * sympy.I, 29: -11}),
    (115, {29: 1}),
    (120, {7: 1, 11: 1, 19: -sympy.I, 26: 1}),
    (60, {2: 1, 14: 1, 22: sympy.I, 31: 1}),
)
"""Weights, up to 1/6240, and vectors of a state on A1, A2, B1, B2."""


def example_11_noisy_realisation() -> Realisation:
    """Return a quantum realisation of the mixture of `example_11` with the weight 2/13 of white noise.

    The black boxes measure as in the example; the state is a mixture of eight vectors with small integers. For these
    measurements a smaller weight will not do (by a solver).
    """
    columns = [as_matrices([[[x] for x in _sparse(32, vector)]])[0] for _, vector in _NOISY_11]
    parts = [(v @ v.adjoint).scale(Fraction(w, 6240)) for v, (w, _) in zip(columns, _NOISY_11, strict=True)]
    return Realisation(State((2, 2, 2, 4), total(parts)), positive_map_model(EXAMPLE_11).measurements)


@checked
def ghz_noise(scenario: Scenario = QUBITS) -> Assemblage:
    """Return eq. (22): every party has a qubit of a GHZ state, every black box measures Z (x = 0) and X (x = 1).

    The paper has one black box and two trusted qubits; the state is (|0...0> + |1...1>)/sqrt2 for any number. Raises
    ScenarioError for boxes or trusted parties of other kinds.
    """
    return _noise(scenario, ghz_state)


@checked
def w_noise(scenario: Scenario = QUBITS) -> Assemblage:
    """Return eq. (23): the same with the W state, the sum of all vectors with a single 1. Raises ScenarioError."""
    return _noise(scenario, w_state)


def ghz_state(parties: int = 3) -> State:
    """Return (|0...0> + |1...1>)/sqrt2."""
    return _symmetric(parties, lambda weight, n: weight in (0, n))


def w_state(parties: int = 3) -> State:
    """Return the W state, the sum of all vectors with a single 1."""
    return _symmetric(parties, lambda weight, n: weight == 1)


def _symmetric(parties: int, chosen: Callable[[int, int], bool]) -> State:
    require_between("parties", parties, 1, 12)
    amplitudes = [int(chosen(sum(bits), parties)) for bits in product((0, 1), repeat=parties)]
    return State.pure(amplitudes, (2,) * parties)


def _noise(scenario: Scenario, state: Callable[[int], State]) -> Assemblage:
    boxes, dims = len(scenario.black_boxes), [party.dim for party in scenario.trusted]
    if any(box.outcomes != (2, 2) for box in scenario.black_boxes) or set(dims) != {2} or scenario.has_input:
        raise ScenarioError(f"this noise needs black boxes with outcomes (2,2) and trusted qubits, not {scenario}")
    return Assemblage.from_state(state(boxes + len(dims)), [_pauli(Z, X)] * boxes).marginals(dims)


def prop_16_state() -> State:
    """Return the state of Prop. 16: the black box has a maximally mixed qubit, the Bobs share |01> + |10>."""
    pair = State.pure([0, 1, 1, 0], (2, 2)).matrix
    return State.mixed(kron(State.maximally_mixed((2,)).matrix, pair), (2, 2, 2))


def prop_16() -> Assemblage:
    """Return the assemblage of Prop. 16, Alice measuring X (x = 0) and Z (x = 1): all elements are 1/4."""
    return Assemblage.from_state(prop_16_state(), prop_16_measurements()[:1]).marginals((2, 2))


def prop_16_hidden_states() -> dict[tuple[int, ...], tuple[Matrix, ...]]:
    """Return a local hidden state model of `prop_16`: Alice's coin decides the outcome, whatever the setting.

    To every deterministic strategy lambda that occurs, with outcomes (lambda(0), lambda(1)), belong the hidden states
    of B1 and B2, with the probability of lambda as their trace: sigma_k[a|x] is the sum of those with lambda(x) = a.
    """
    hidden = Matrix.identity(2).scale(Fraction(1, 4))
    return {(a, a): (hidden, hidden) for a in (0, 1)}


def prop_16_correlations() -> Assemblage:
    """Return the Bell behaviour of Prop. 16, p(a, b1, b2|x, y1, y2) = p(b1, b2|y1, y2)/2 over Q(sqrt2).

    B1 measures X (y1 = 0) and Z (y1 = 1), B2 measures (X + Z)/sqrt2 (y2 = 0) and (X - Z)/sqrt2 (y2 = 1).
    """
    return Assemblage(Scenario.of([(2, 2)] * 3, 1), steer(prop_16_state().matrix, (2, 2, 2), prop_16_measurements()))


def prop_16_measurements() -> list[list[POVM]]:
    """Return the measurements of `prop_16_correlations`, Alice's first."""
    root = sympy.sqrt(2)
    return [_pauli(X, Z), _pauli(X, Z), _pauli((X + Z) / root, (X - Z) / root)]


def prop_16_chsh() -> Functional:
    """Return minus the CHSH expression of the two Bobs, -E_00 - E_01 + E_10 - E_11, for Prop. 16.

    E_y is the mean of (-1)^(b1 + b2) at their settings y = (y1, y2). Local behaviours have values of at least -2; the
    behaviour of Prop. 16 has -2 sqrt2, the quantum minimum.
    """
    table: dict[Partial, Any] = {}
    for y1, y2, b1, b2 in product((0, 1), repeat=4):
        sign = 1 if (y1, y2) == (1, 0) else -1
        table[(None, b1, b2), (None, y1, y2)] = [[sign * (-1) ** (b1 + b2)]]
    return Functional.from_marginals(Scenario.of([(2, 2)] * 3, 1), table)

"""Several trusted parties: printed matrices and figures, and every construction from a formula of the test's own."""

import json
from fractions import Fraction
from itertools import islice, product
from pathlib import Path

import numpy as np
import pytest
import sympy

from steeralg.constructions import s26
from steeralg.constructions.pauli import ONE, X, Y, Z
from steeralg.errors import InputError, ScenarioError, ShapeError
from steeralg.exact.matrix import Matrix
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.measurement import POVM
from steeralg.objects.scenario import Scenario
from steeralg.objects.state import State
from steeralg.search import states

IM, ROOT, Q = sympy.I, sympy.sqrt(2), sympy.Rational
PLUS, MINUS, ZERO, UNIT = (sympy.Matrix(v) for v in ([1, 1], [1, -1], [1, 0], [0, 1]))
PLUS, MINUS = PLUS / ROOT, MINUS / ROOT
BOTH = [POVM.observable(Z), POVM.observable(X)]


def kron(*factors):
    return sympy.kronecker_product(*factors)


def effect(observable, outcome):
    return (ONE + (-1) ** outcome * observable) / 2


def trace_out(matrix, dims, kept):
    """The partial trace onto one factor, by summing entries."""
    d = dims[kept]
    others = [range(n) if k != kept else (0,) for k, n in enumerate(dims)]
    result = sympy.zeros(d, d)
    for rest in product(*others):

        def flat(i, rest=rest):
            index = 0
            for k, n in enumerate(dims):
                index = index * n + (i if k == kept else rest[k])
            return index

        result += sympy.Matrix(d, d, lambda i, j, flat=flat: matrix[flat(i), flat(j)])
    return sympy.expand(result)


def local_states(operator, dims, observables):
    """tr over all but one trusted party of (M (x) 1) W, for one, two, ... boxes, as sympy matrices."""
    n, table = len(observables), {}
    for x in product((0, 1), repeat=n):
        for a in product((0, 1), repeat=n):
            effects = [effect(observables[k][x[k]], a[k]) for k in range(n)]
            measured = kron(*effects, *(sympy.eye(d) for d in dims[n:])) * operator
            for k in range(len(dims) - n):
                table[a, x, k] = trace_out(measured, dims, n + k)
    return table


def assert_elements(sigma, table):
    assert set(sigma.elements) == set(table)
    for label, matrix in table.items():
        assert sympy.expand(sigma[label] - matrix) == sympy.zeros(*matrix.shape), label


@pytest.mark.parametrize(
    "states",
    [(), (State.pure([1, IM], (2,)), State.mixed([[Q(1, 3), 0, 0], [0, Q(2, 3), 0], [0, 0, 0]], (3,)))],
    ids=["printed", "others"],
)
def test_example_5_is_a_pr_box_times_local_states(states):
    sigma = s26.example_5(*states)
    local = [state.matrix.sympy() for state in states] or [sympy.eye(2) / 2] * 2
    for a, x, k in sigma.scenario.labels():
        assert sigma[a, x, k] == (local[k] / 2 if (a[0] + a[1]) % 2 == x[0] * x[1] else 0 * local[k])
    assert sum((-1) ** (sum(a) + x[0] * x[1]) * p for (a, x), p in sigma.probabilities().items()) == 4


def upb_vectors():
    """|000>, |1-+>, |+1->, |-+1>, eq. (15)."""
    names = [(ZERO, ZERO, ZERO), (UNIT, MINUS, PLUS), (PLUS, UNIT, MINUS), (MINUS, PLUS, UNIT)]
    return [kron(*v) for v in names]


@pytest.mark.parametrize("eps", [0, "1/100", Fraction(2, 25)])
def test_the_witness_of_equation_15(eps):
    vectors = upb_vectors()
    assert all(sympy.expand((v.H * w)[0]) == int(v is w) for v in vectors for w in vectors)
    exact = Q(str(eps))
    expected = (sum((v * v.H for v in vectors), sympy.zeros(8, 8)) - exact * sympy.eye(8)) / (4 - 8 * exact)
    found = s26.witness(eps)
    assert found.sympy() == sympy.expand(expected)
    assert found.trace().fraction() == 1


@pytest.mark.parametrize("eps", [Fraction(1, 2), -1, "0.6"])
def test_the_witness_needs_eps_below_one_half(eps):
    with pytest.raises(InputError):
        s26.witness(eps)


def test_the_largest_eps_is_about_0_0814():
    """Published: min <Pi> over product vectors is about 0.0814; alternating minimisation from several starts."""
    operator = np.array(s26.witness(0).sympy().tolist(), dtype=float).reshape((2,) * 6) * 4
    rng, least = np.random.default_rng(5), 1.0
    for _ in range(40):
        vectors = [rng.normal(size=2) + 1j * rng.normal(size=2) for _ in range(3)]
        vectors = [v / np.linalg.norm(v) for v in vectors]
        for step in range(300):
            k = step % 3
            (i, u), (j, v) = [(n, vectors[n]) for n in range(3) if n != k]
            reduced = np.einsum(
                operator, list(range(6)), u.conj(), [i], u, [i + 3], v.conj(), [j], v, [j + 3], [k, k + 3]
            )
            values, basis = np.linalg.eigh(reduced)
            vectors[k] = basis[:, 0]
        least = min(least, values[0])
    assert 0.08135 < least < 0.0815


PRINTED_EXAMPLE_7 = {
    (0, 0, 0): ("2924286153215233/9007199254740992", "2689945358119939", "6317253896621053/36028797018963968"),
    (1, 0, 0): ("6317253896621053/36028797018963968", "-2689945358119939", "2924286153215233/9007199254740992"),
    (0, 1, 0): ("1579313474155263/9007199254740992", "-2689945358119939", "2924286153215233/9007199254740992"),
    (1, 1, 0): ("2924286153215233/9007199254740992", "2689945358119939", "6317253896621053/36028797018963968"),
    (0, 0, 1): ("2924286153215233/9007199254740992", "-2689945358119939", "6317253896621053/36028797018963968"),
    (1, 0, 1): ("6317253896621053/36028797018963968", "2689945358119939", "2924286153215233/9007199254740992"),
    (0, 1, 1): ("2924286153215233/9007199254740992", "-2689945358119939", "6317253896621053/36028797018963968"),
    (1, 1, 1): ("1579313474155263/9007199254740992", "2689945358119939", "2924286153215233/9007199254740992"),
}
"""Example 7 as printed, (a, x, party): both diagonal entries, and the other one times 2^55."""


def test_example_7_as_printed():
    """The printed doubles are those of one eps: the entry off the diagonal is 1/(4 (4 - 8 eps))."""
    eps = (4 - 1 / (4 * Fraction(2689945358119939, 2**55))) / 8
    assert abs(eps - Fraction("0.0814")) < Fraction(1, 20000)
    sigma = s26.example_7(eps)
    for (a, x, k), (first, off, last) in PRINTED_EXAMPLE_7.items():
        found = sigma.elements[(a,), (x,), k]
        printed = [[Fraction(first), Fraction(int(off), 2**55)], [Fraction(int(off), 2**55), Fraction(last)]]
        for i, j in product((0, 1), repeat=2):
            assert abs(found.entry(i, j).fraction() - printed[i][j]) < Fraction(1, 10**15)


def test_example_7_by_its_formula():
    operator = s26.witness(Fraction(2, 25)).sympy()
    assert_elements(s26.example_7(), local_states(operator, (2, 2, 2), [(Z, X)]))


@pytest.mark.parametrize("eps", [Fraction(2, 25), Fraction(1, 100), Fraction(8, 100) + Fraction(1, 1000)])
def test_example_7_violates_local_orthogonality(eps):
    value = s26.guess_your_neighbours_input().value(s26.example_7_correlations(eps)).fraction()
    assert value == -(1 - eps) * 4 / (4 - 8 * eps) < -1


def test_the_upb_events_are_those_of_guess_your_neighbours_input():
    """p(000|000) + p(110|011) + p(011|101) + p(101|110): pairwise orthogonal, so at most 1 on local behaviours."""
    functional = s26.guess_your_neighbours_input()
    events = [label[:2] for label in functional.elements]
    assert sorted(events) == sorted(label[:2] for label in s26.UPB) and len(events) == 4
    assert all((sum(a), sum(x)) in ((0, 0), (2, 2)) for a, x in events)
    for (a, x), (b, y) in product(events, repeat=2):
        assert (a, x) == (b, y) or any(s == t and o != p for o, p, s, t in zip(a, b, x, y, strict=True))
    strategies = list(product(product((0, 1), repeat=2), repeat=3))
    assert max(sum(all(f[s] == o for f, o, s in zip(g, a, x, strict=True)) for a, x in events) for g in strategies) == 1


def test_the_bell_behaviour_of_example_7_has_the_local_states_of_the_assemblage():
    behaviour, sigma = s26.example_7_correlations(), s26.example_7()
    for a, x, k in sigma.scenario.labels():
        for b, y in product((0, 1), repeat=2):
            outcomes, settings = ((*a, b, None), (*x, y, None)) if k == 0 else ((*a, None, b), (*x, None, y))
            measured = sigma.elements[a, x, k].inner(BOTH[y].effects[b])
            assert behaviour.marginal((outcomes, settings)).trace() == measured


PRINTED = json.loads(Path(s26.__file__).with_name("s26_example_9.json").read_text(encoding="utf-8"))


def test_example_9_moves_by_less_than_the_last_bit():
    """The printed doubles are spaced by up to 2^-54; nothing moves by more, and no noise is needed."""
    found = s26.example_9_repair()
    assert found.noise == 0
    assert Fraction(27, 10**18) < found.largest_change < Fraction(28, 10**18)
    assert Fraction(58, 10**18) < found.distance < Fraction(60, 10**18)
    assert found.assemblage == s26.example_9()
    largest = Fraction(0)
    for label, matrix in found.assemblage.elements.items():
        key, _, party = found.assemblage.scenario.key(label).partition(";")
        for i, row in enumerate(PRINTED["elements"][key][party]):
            for j, entry in enumerate(row):
                re, im = entry if isinstance(entry, list) else (entry, "0")
                number = matrix.entry(i, j)
                largest = max(largest, abs(Fraction(number.re[0], number.denominator) - Fraction(re)))
                largest = max(largest, abs(Fraction(number.im[0], number.denominator) - Fraction(im)))
    assert largest == found.largest_change


def test_example_9_starts_as_printed():
    """Eqs. (17) and (18): the first and the last matrix."""
    sigma = s26.example_9()
    first, last = sigma[(0,), (0,), 0], sigma[(1,), (1,), 1]
    expected = [
        (first[0, 0], Q(86505229615495, 281474976710656)),
        (sympy.re(first[0, 1]), Q(8644919822415911, 36028797018963968)),
        (sympy.im(first[0, 1]), Q(463283299018779, 18014398509481984)),
        (first[1, 1], Q(7512381172927199, 36028797018963968)),
        (last[0, 0], Q(468063806637149, 1125899906842624)),
        (sympy.re(last[0, 1]), Q(6625175445190723, 36028797018963968)),
        (sympy.im(last[0, 1]), Q(5582338054938701, 72057594037927936)),
        (last[1, 1], Q(630038659393721, 4503599627370496)),
    ]
    assert all(abs(found - printed) < Q(1, 10**16) for found, printed in expected)


def test_ghz_noise_as_printed():
    """Eq. (22)."""
    sigma = s26.ghz_noise()
    for k in (0, 1):
        assert sigma[(0,), (0,), k] == sympy.diag(Q(1, 2), 0)
        assert sigma[(1,), (0,), k] == sympy.diag(0, Q(1, 2))
        assert sigma[(0,), (1,), k] == sigma[(1,), (1,), k] == sympy.eye(2) / 4


def test_w_noise_as_printed():
    """Eq. (23)."""
    sigma, third, sixth = s26.w_noise(), Q(1, 3), Q(1, 6)
    for k in (0, 1):
        assert sigma[(0,), (0,), k] == sympy.eye(2) / 3
        assert sigma[(1,), (0,), k] == sympy.diag(third, 0)
        assert sigma[(0,), (1,), k] == sympy.Matrix([[third, sixth], [sixth, sixth]])
        assert sigma[(1,), (1,), k] == sympy.Matrix([[third, -sixth], [-sixth, sixth]])


@pytest.mark.parametrize("boxes, trusted", [(2, 2), (1, 3), (2, 1)])
def test_noise_for_other_numbers_of_parties(boxes, trusted):
    scenario, n = Scenario.of([(2, 2)] * boxes, [2] * trusted), boxes + trusted
    ghz = sympy.Matrix([int(k in (0, 2**n - 1)) for k in range(2**n)])
    w = sympy.Matrix([int(bin(k).count("1") == 1) for k in range(2**n)])
    for sigma, ket in ((s26.ghz_noise(scenario), ghz), (s26.w_noise(scenario), w)):
        assert sigma.scenario == scenario
        operator = ket * ket.T / (ket.T * ket)[0]
        table = local_states(operator, (2,) * n, [(Z, X)] * boxes)
        assert_elements(sigma, table if trusted > 1 else {label[:2]: m for label, m in table.items()})


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario.of([(2, 2)], [2, 4]),
        Scenario.of([(2, 2, 2)], [2, 2]),
        Scenario.of([(2, 3)], [2, 2]),
        Scenario.of([(2, 2)], 2, settings=2),
    ],
    ids=str,
)
def test_noise_is_for_qubits_with_two_settings(scenario):
    for noise in (s26.ghz_noise, s26.w_noise):
        with pytest.raises(ScenarioError):
            noise(scenario)


def test_prop_16_has_the_elements_and_the_hidden_states():
    sigma, model = s26.prop_16(), s26.prop_16_hidden_states()
    assert sum(hidden[0].trace().fraction() for hidden in model.values()) == 1
    for (a,), (x,), k in sigma.scenario.labels():
        assert sigma[(a,), (x,), k] == sympy.eye(2) / 4
        parts = [hidden[k] for strategy, hidden in model.items() if strategy[x] == a]
        assert sigma.elements[(a,), (x,), k] == sum(parts[1:], start=parts[0])
    operator = s26.prop_16_state().matrix.sympy()
    assert_elements(sigma, local_states(operator, (2, 2, 2), [(X, Z)]))


def test_prop_16_violates_chsh_maximally():
    behaviour, functional = s26.prop_16_correlations(), s26.prop_16_chsh()
    assert functional.value(behaviour).sympy() == -2 * ROOT
    pairs = [(X, Z), (X, Z), ((X + Z) / ROOT, (X - Z) / ROOT)]
    operator = s26.prop_16_state().matrix.sympy()
    for a, x in behaviour.scenario.labels():
        effects = kron(*(effect(pairs[k][x[k]], a[k]) for k in range(3)))
        assert sympy.expand(behaviour[a, x][0, 0] - (effects * operator).trace()) == 0
        assert behaviour.marginal(((None, *a[1:]), (None, *x[1:]))).scale(Fraction(1, 2)) == behaviour.elements[a, x]


def test_chsh_of_local_behaviours_is_at_least_minus_two():
    functional = s26.prop_16_chsh()
    values = set()
    for strategy in product(product((0, 1), repeat=2), repeat=3):
        table = {
            (a, x): [[int(all(f[s] == o for f, o, s in zip(strategy, a, x, strict=True)))]]
            for a, x in functional.scenario.labels()
        }
        values.add(functional.value(Assemblage.of(functional.scenario, table)).fraction())
    assert values == {-2, 2}


def by_formula(amplitudes, observables):
    """Eq. (16) with the map of eq. (19) on B2, applied to the local state."""
    n, u = len(observables), kron(X, Y)
    ket = sympy.Matrix(amplitudes)
    table = local_states(ket * ket.H / (ket.H * ket)[0], (*(2,) * n, 2, 4), observables)
    for label, r in table.items():
        if label[2] == 1:
            table[label] = sympy.expand((r.trace() * sympy.eye(4) - r - u * r.T * u.H) / 2)
    return table


RANDOM = [2 - 3 * IM, -2 * IM, -3 - IM, 2 - 2 * IM, -1 + 3 * IM, 2 * IM, 3 - 2 * IM, 1 + 2 * IM]
RANDOM += [-2 + IM, 2 + 3 * IM, 1 + 2 * IM, -3 - IM, 3 + 2 * IM, -3 * IM, 1 - 3 * IM, 2 + 3 * IM]


@pytest.mark.parametrize("amplitudes", [s26.EXAMPLE_10, RANDOM], ids=["default", "random"])
def test_example_10_by_its_formula(amplitudes):
    sigma = s26.example_10(amplitudes)
    assert sigma.field.is_rational and sigma.scenario == Scenario.of([(2, 2)], [2, 4])
    assert_elements(sigma, by_formula(amplitudes, [(X, Z)]))


def kets(size, amplitudes):
    """The non-zero amplitudes by levels: one digit for each box, then B1, then the level of B2."""
    boxes = size - 3
    return {
        (*((k >> 3 >> j) & 1 for j in reversed(range(boxes))), k >> 2 & 1, k % 4): z
        for k, z in enumerate(amplitudes)
        if z
    }


def test_the_default_state_of_example_10():
    assert kets(4, s26.EXAMPLE_10) == {(0, 1, 0): -1, (0, 1, 1): 1, (1, 0, 0): -1, (1, 1, 0): IM}


@pytest.mark.parametrize("example, number", [(s26.EXAMPLE_10, 53), (s26.EXAMPLE_11, 148)], ids=["10", "11"])
def test_the_default_states_are_what_the_search_draws(example, number):
    drawn = next(islice(states(len(example), 2026), number, None))
    assert drawn == example


def test_example_11_by_its_formula():
    sigma = s26.example_11()
    assert sigma.scenario == Scenario.of([(2, 2)] * 2, [2, 4]) and sigma.field.minimal_polynomial == (-2, 0, 1)
    pairs = [(X, Z), ((X + Z) / ROOT, (X - Z) / ROOT)]
    assert_elements(sigma, by_formula(s26.EXAMPLE_11, pairs))


def test_the_default_state_of_example_11():
    assert kets(5, s26.EXAMPLE_11) == {(0, 0, 0, 2): -IM, (0, 1, 1, 2): -IM, (1, 0, 1, 2): 1, (1, 1, 1, 3): IM}


def test_example_11_with_two_thirteenths_of_white_noise_is_quantum():
    model, sigma = s26.example_11_noisy_realisation(), s26.example_11()
    found = Assemblage.from_state(model.state, model.measurements).marginals((2, 4))
    assert found.agrees_with(sigma.mix(white_noise(sigma.scenario), Fraction(2, 13)))
    assert model.measurements == s26.positive_map_model(s26.EXAMPLE_11).measurements


def test_the_map_changes_only_the_second_party():
    state = State.pure(s26.EXAMPLE_10, (2, 2, 4))
    before = Assemblage.from_state(state, [[POVM.observable(X), POVM.observable(Z)]]).marginals((2, 4))
    after = s26.example_10()
    for a, x, k in after.scenario.labels():
        assert (before.elements[a, x, k] == after.elements[a, x, k]) == (k == 0)
    assert before.probabilities() == after.probabilities()


def test_own_measurements_and_wrong_numbers_of_amplitudes():
    turned = s26.positive_map_example(s26.EXAMPLE_10, [[POVM.observable(Z), POVM.observable(X)]])
    sigma = s26.example_10()
    assert all(turned.elements[a, (1 - x[0],), k] == m for (a, x, k), m in sigma.elements.items())
    for wrong in (s26.EXAMPLE_10[:8], s26.EXAMPLE_11[:31], []):
        with pytest.raises(ShapeError):
            s26.positive_map_example(wrong)
    with pytest.raises(ShapeError):
        s26.positive_map_example(s26.EXAMPLE_11, [[POVM.observable(Z)]])


@pytest.mark.parametrize("build", [s26.example_7, s26.example_9, s26.example_10, s26.example_11, s26.prop_16])
def test_traces_agree_and_sum_to_one(build):
    sigma = build()
    for (a, x), p in sigma.probabilities().items():
        assert sympy.expand(sigma[a, x, 0].trace() - p) == sympy.expand(sigma[a, x, 1].trace() - p) == 0
    assert sympy.expand(sum(p for (_, x), p in sigma.probabilities().items() if not any(x)) - 1) == 0
    assert all(isinstance(m, Matrix) and m.is_hermitian for m in sigma.elements.values())

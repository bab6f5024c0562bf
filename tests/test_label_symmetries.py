"""Relabellings that fix a functional: exactly those that a search through all relabellings finds, and no fewer.

The table that a functional is written in first has its values on every assemblage and respects relabellings, however
the functional was given. A functional that is averaged over a relabelling has it; with an operator of the trusted side
there is a relabelling if, and only if, there is one. Relabellings of outcomes that bounds can use are the affine ones.
"""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.algebra.observed import expansion
from steeralg.errors import FormatError, InputError, ScenarioError
from steeralg.exact.matrix import Matrix
from steeralg.objects.functional import Functional
from steeralg.objects.label_symmetries import canonical, label_symmetries
from steeralg.objects.scenario import Scenario
from steeralg.objects.symmetry import Symmetry
from tests.strategies import hermitian, quantum_assemblages, random_functional
from tests.symmetry_examples import (
    PAULI_X,
    chsh,
    every_relabelling,
    following,
    generated,
    hadamard,
    i3322,
    qutrit,
    relabellings,
)

SMALL = Scenario.of([(2, 2), (2, 2)])
MIXED = Scenario.of([(2, 3), (3, 1)], 2)


def reduced(functional):
    """The functional in reduced words, of which no two combinations are equal."""
    return {word: m for word, m in expansion(functional).items() if not m.is_zero}


def fixes(symmetry, functional):
    return reduced(symmetry.functional(functional)) == reduced(functional)


def summed(functionals):
    result = {}
    for functional in functionals:
        for label, matrix in functional.elements.items():
            result[label] = result[label] + matrix if label in result else matrix
    return Functional(functionals[0].scenario, result)


def averaged(functional, symmetry):
    """The sum of the images under all powers of a symmetry."""
    images, moved = [functional], symmetry.functional(functional)
    while dict(moved.elements) != dict(functional.elements):
        images.append(moved)
        moved = symmetry.functional(moved)
    return summed(images)


PROBABILITY = Functional.of(SMALL, {((0, 0), (0, 0)): [[1]], ((1, 1), (1, 1)): [[1]], ((0, 1), (0, 1)): [[2]]})
MARGINAL = Functional.from_marginals(SMALL, {((0, None), (1, None)): [[1]], ((None, 0), (None, 0)): [[1]]})


@pytest.mark.parametrize(
    ("functional", "order"),
    [(chsh(), 16), (MARGINAL, 8), (PROBABILITY, None), (Functional.of(SMALL, {}), 128), (hadamard(), None)],
    ids=["chsh", "marginals", "probabilities", "zero", "hadamard"],
)
def test_all_relabellings_that_fix_a_functional_are_found(functional, order):
    """CHSH is one of eight that 128 relabellings take to each other."""
    wanted = {s for s in every_relabelling(functional.scenario) if fixes(s, functional)}
    assert generated(functional.scenario, label_symmetries(functional)) == wanted
    assert order in (None, len(wanted))


def test_i3322_has_a_relabelling_that_its_table_hides():
    """Its marginals treat the parties differently, but up to the no-signalling equations they can be exchanged."""
    found = label_symmetries(i3322())
    assert all(fixes(s, i3322()) for s in found)
    exchange = next(s for s in found if s.boxes == (1, 0))
    assert dict(exchange.functional(i3322()).elements) != dict(i3322().elements)


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_an_averaged_functional_has_the_relabelling_it_was_averaged_over(data):
    symmetry = Symmetry.of(MIXED, **data.draw(relabellings(MIXED)))
    labels = data.draw(st.lists(st.sampled_from(list(MIXED.labels())), min_size=1, max_size=3))
    functional = averaged(Functional(MIXED, {label: data.draw(hermitian(2)) for label in labels}), symmetry)
    found = label_symmetries(functional)
    assert all(fixes(s, functional) for s in found)
    assert symmetry in generated(MIXED, found)


@settings(max_examples=10, deadline=None)
@given(st.data())
def test_the_table_has_the_same_values_and_moves_with_the_labels(data):
    labels = data.draw(st.lists(st.sampled_from(list(MIXED.labels())), max_size=4))
    functional = Functional(MIXED, {label: data.draw(hermitian(2)) for label in labels})
    assert reduced(canonical(functional)) == reduced(functional)
    assert canonical(functional).value(sigma := data.draw(quantum_assemblages(MIXED))) == functional.value(sigma)
    symmetry = Symmetry.of(MIXED, **data.draw(relabellings(MIXED)))
    there, here = symmetry.functional(canonical(functional)), canonical(symmetry.functional(functional))
    assert dict(there.elements) == dict(here.elements)
    assert dict(canonical(here).elements) == dict(here.elements)


def test_operators_find_their_relabellings():
    found = label_symmetries(hadamard(), ["U: F", "U: X", "U: Z", "conj", PAULI_X, "U: P"])
    texts = [s.text for s in found if s.name or s.antiunitary]
    assert [text.split("U: ")[1] for text in texts if "U: " in text] == ["F", "X", "Z"]
    assert "conj" in texts and all(fixes(s, hadamard()) for s in found if s.name != "F")
    assert sum(s.name is None and s.unitary != Matrix.identity(2) for s in found) == 1
    fourier = next(s for s in found if s.name == "F")
    assert all(sorted(box) == [0, 1] and box != (0, 1) for box in fourier.settings)


def test_every_clifford_operation_of_a_qutrit_has_its_relabelling_or_none():
    found = label_symmetries(qutrit(), ["U: X", "U: Z", "U: F", "conj", "U: P", "conj; U: F", "U: 1"])
    assert [(s.name, s.antiunitary) for s in found[-5:]] == [
        ("X", False), ("Z", False), ("F", False), (None, True), ("F", True),
    ]  # fmt: skip
    table = canonical(qutrit())
    for s in found[-5:]:
        there = s.functional(table)
        assert there.elements.keys() == table.elements.keys()
        assert all((m - table.elements[k]).is_zero for k, m in there.elements.items())


def test_without_symmetry_there_is_none():
    assert label_symmetries(random_functional(MIXED, 1), ["U: X", "U: Z", "U: F", "conj"]) == []


@pytest.mark.parametrize("d", [2, 3, 4, 5])
def test_affine_relabellings_of_outcomes(d):
    """All of a setting's outcomes alike: the symmetric group, or the maps a -> c a + s."""
    functional = Functional.of(Scenario.of([(d, 1)]), {((0,), (1,)): [[1]]})
    affine = {tuple((c * a + s) % d for a in range(d)) for c in range(1, d) for s in range(d)}
    for wanted, only in [({*permutations(range(d))}, False), (affine & {*permutations(range(d))}, True)]:
        group = generated(functional.scenario, label_symmetries(functional, affine=only))
        assert {s.outcomes[0][0] for s in group} == wanted


def test_what_has_no_table_or_is_no_operator_is_refused():
    for scenario in (Scenario.of([(2,)], [2, 2]), Scenario.of([(2,)], 2, 2)):
        with pytest.raises(ScenarioError, match="one trusted party without input"):
            label_symmetries(Functional(scenario, {}))
    with pytest.raises(FormatError, match="moves labels"):
        label_symmetries(hadamard(), ["A: (0 1); U: F"])
    with pytest.raises(ScenarioError, match="another scenario"):
        label_symmetries(hadamard(), [Symmetry.of(SMALL)])
    with pytest.raises(InputError, match="not a multiple of a unitary"):
        label_symmetries(hadamard(), [[[1, 1], [0, 1]]])


def test_the_group_is_closed():
    group = generated(SMALL, label_symmetries(chsh()))
    assert all(following(a, b) in group for a in group for b in group)

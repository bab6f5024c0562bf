"""Bounds up to symmetries: what is proved holds, is as good as it is without symmetries, and no forgery is accepted.

The minimum of CHSH is proved exactly, with and without symmetries, and so is that of a steering functional. Whatever is
done to the blocks of an optimal proof, it proves no more than the minimum. Every defect is named.
"""

from dataclasses import replace
from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.algebra.clifford import generator
from steeralg.certificates import symmetric
from steeralg.certificates.symmetric import SymmetricBound
from steeralg.certificates.symmetric_bounds import symmetric_bound, symmetric_minimum
from steeralg.errors import InputError, LevelError, VerificationError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_number
from steeralg.exact.psd import Factor
from steeralg.objects.functional import Functional
from steeralg.objects.label_symmetries import label_symmetries
from steeralg.objects.scenario import Scenario
from steeralg.objects.symmetry import Symmetry
from steeralg.verdict import Proved, Undecided
from tests.strategies import SQRT2, quantum_assemblages
from tests.symmetry_examples import chsh, hadamard, qutrit

CHSH, HADAMARD = chsh(), hadamard()
CHSH_SYMMETRIES = ["(A B)", "conj", "A: (0 1); B|1: (0 1)"]
HADAMARD_SYMMETRIES = label_symmetries(HADAMARD, ["U: F", "U: X", "U: Z", "conj"])
TSIRELSON = Number(SQRT2, (0, -2), (0, 0))
BEST = symmetric_minimum(CHSH, CHSH_SYMMETRIES, 1).witness
STEERED = symmetric_minimum(HADAMARD, HADAMARD_SYMMETRIES).witness


@pytest.mark.parametrize("symmetries", [[], CHSH_SYMMETRIES[:1], CHSH_SYMMETRIES], ids=len)
def test_the_minimum_of_chsh_is_proved_exactly(symmetries):
    verdict = symmetric_minimum(CHSH, symmetries, 1)
    assert isinstance(verdict, Proved) and verdict.witness.bound == TSIRELSON
    assert SymmetricBound.verified(CHSH, TSIRELSON, verdict.witness.squares).functional == CHSH


@pytest.mark.parametrize(
    ("functional", "symmetries", "level", "minimum"),
    [
        (CHSH, CHSH_SYMMETRIES, 1, TSIRELSON),
        (HADAMARD, HADAMARD_SYMMETRIES, "almost quantum", Number(SQRT2, (-2, -4), (0, 0))),
        (qutrit(), label_symmetries(qutrit(), ["U: X", "U: Z", "conj"]), 1, Number.of(Fraction(-2, 3))),
    ],
    ids=["chsh", "hadamard", "qutrit"],
)
def test_decimals_below_the_minimum_are_proved(functional, symmetries, level, minimum):
    """The first decimal below, or the next; a bound that is asked for is the one that is proved."""
    found = symmetric_bound(functional, symmetries, level=level, digits=5)
    assert isinstance(found, Proved)
    gap = minimum - Number.of(found.witness.bound)
    assert Number.of(0) < gap < Number.of(Fraction(2, 10**5))
    asked = symmetric_bound(functional, symmetries, "-10", level)
    assert isinstance(asked, Proved) and asked.witness.bound == -10


def test_what_is_above_the_minimum_is_left_undecided():
    verdict = symmetric_bound(CHSH, CHSH_SYMMETRIES, -2, 1)
    assert isinstance(verdict, Undecided) and "-2.828" in verdict.reason


def test_the_minimum_of_a_steering_functional_with_a_clifford_symmetry():
    assert STEERED.bound == Number(SQRT2, (-2, -4), (0, 0))
    assert max(len(block.words) for block in STEERED.squares.blocks) <= 3


@settings(max_examples=8, deadline=None)
@given(quantum_assemblages(HADAMARD.scenario))
def test_bounds_hold(sigma):
    assert not HADAMARD.value(sigma) < as_number(STEERED.bound)


@st.composite
def tampered(draw, best):
    """Blocks of a proof: some left out, scaled, or with other characters."""
    squares, blocks = best.squares, []
    linear = [k for k, g in enumerate(squares.generators) if not g.antiunitary]
    for block in squares.blocks:
        change = draw(st.sampled_from(["keep", "drop", "scale", "power", "more", "fewer"]))
        if change == "scale":
            block = replace(block, gram=block.gram.scale(Fraction(draw(st.integers(1, 9)), 5)), factor=None)
        pairs = list(block.characters)
        if change == "power":
            pairs = [(product, draw(st.integers(0, squares.basis.order - 1))) for product, _ in pairs]
        if change == "more":
            pairs.append(((draw(st.sampled_from(linear)),), draw(st.integers(0, squares.basis.order - 1))))
        if change == "fewer":
            pairs = pairs[1:]
        if change != "drop":
            blocks.append(replace(block, characters=tuple(pairs)))
    return replace(squares, blocks=tuple(blocks))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_no_change_of_an_optimal_proof_proves_more(data):
    best = data.draw(st.sampled_from([BEST, STEERED]))
    squares = data.draw(tampered(best))
    assert not as_number(best.bound) < squares.proved_bound(best.functional)


def block(**changes):
    """The proof with its largest block changed."""
    squares = BEST.squares
    largest = max(range(len(squares.blocks)), key=lambda k: len(squares.blocks[k].words))
    blocks = list(squares.blocks)
    blocks[largest] = replace(blocks[largest], **changes)
    return replace(squares, blocks=tuple(blocks))


ORDER = max(len(b.words) for b in BEST.squares.blocks)
WORDS = next(b.words for b in BEST.squares.blocks if len(b.words) == ORDER)
ONE = Matrix.identity(ORDER)
UNKNOWN = [
    ((((2, 1),), ()), ()),
    ((((0, 2),), ()), ()),
    ((((0, 0),), ()), ()),
    ((((0, 1), (0, 1)), ()), ()),
    (((),), ()),
    (((), ()), (0, 0)),
]
FORGED = [
    (lambda: block(words=(WORDS[0],) * ORDER), "are not distinct"),
    (lambda: block(words=()), "are not distinct"),
    *((lambda bad=bad: block(words=(bad, *WORDS[1:])), "is no monomial") for bad in UNKNOWN),
    (lambda: block(gram=Matrix.identity(ORDER + 1)), "is not Hermitian of order"),
    (lambda: block(gram=ONE + Matrix.unit(ORDER, 0, ORDER - 1)), "is not Hermitian of order"),
    (lambda: block(characters=(((), 0),)), "is no linear product"),
    (lambda: block(characters=(((3,), 0),)), "is no linear product"),
    (lambda: block(characters=(((-1,), 0),)), "is no linear product"),
    (lambda: block(characters=(((0,), BEST.squares.basis.order),)), "is no linear product"),
    (lambda: block(characters=(((0,), -1),)), "is no linear product"),
    (lambda: block(characters=(((1,), 0),)), "is no linear product"),
    (lambda: block(characters=(((1, 0, 1, 1), 0),)), "is no linear product"),
    (lambda: block(gram=-ONE, factor=None), "not shown to be positive"),
    (lambda: block(factor=Factor(1, ORDER, (1,) * ORDER**2, (0,) * ORDER**2)), "not shown to be positive"),
    (lambda: with_generator(replace(BEST.squares.generators[0], boxes=(0, 0))), "a symmetry is none: the boxes"),
    (lambda: with_generator(line("A: (0 1)")), "symmetry 3 does not take the functional to itself"),
    (lambda: with_generator(line("A|0: (0 1); conj")), "symmetry 3 does not take the functional to itself"),
    (lambda: replace(BEST.squares, blocks=()), "misses the functional by too much"),
]


def line(text):
    return generator(BEST.squares.basis, Symmetry.parse(CHSH.scenario, text))


def with_generator(new):
    return replace(BEST.squares, generators=(*BEST.squares.generators, new))


@pytest.mark.parametrize(("forge", "message"), FORGED, ids=[str(k) for k in range(len(FORGED))])
def test_forgeries_are_refused_and_named(forge, message):
    with pytest.raises(VerificationError, match=message):
        SymmetricBound.verified(CHSH, TSIRELSON, forge())


def test_a_bound_above_what_is_proved_is_refused():
    with pytest.raises(VerificationError, match="too much for this bound"):
        SymmetricBound.verified(CHSH, Fraction(-282842, 10**5), BEST.squares)


def test_other_scenarios_and_other_fields_are_refused():
    with pytest.raises(VerificationError, match="another scenario"):
        BEST.squares.proved_bound(HADAMARD)
    third = Functional.of(CHSH.scenario, {k: m.sympy() * sympy.sqrt(3) for k, m in CHSH.elements.items()})
    with pytest.raises(VerificationError, match="different number fields"):
        BEST.squares.proved_bound(third)


def test_a_functional_and_the_root_of_unity_may_need_a_larger_field_together():
    """sqrt(2) times a functional of a qutrit, whose root of unity needs sqrt(3); a constant leaves nothing to bound."""
    elements = {label: m.sympy() * sympy.sqrt(2) for label, m in qutrit().elements.items()}
    functional = Functional.of(qutrit().scenario, elements)
    found = symmetric_bound(functional, ["A: (0 1); A|1: (1 2); U: F", "conj; A|1: (1 2)"], level=1)
    assert isinstance(found, Proved) and found.witness.bound == Fraction(-942810, 10**6)
    with pytest.raises(InputError, match="nothing to bound"):
        symmetric_bound(Functional.from_marginals(CHSH.scenario, {((None, None), (None, None)): [[3]]}), [])


def test_large_subgroups_are_refused(monkeypatch):
    monkeypatch.setattr(symmetric, "MAX_SUBGROUP", 1)
    with pytest.raises(VerificationError, match="generate more than 1 elements"):
        BEST.squares.proved_bound(CHSH)


def test_symmetries_that_are_none_are_refused():
    with pytest.raises(InputError, match="symmetry 0 does not take the functional to itself"):
        symmetric_bound(CHSH, ["A: (0 1)"])
    with pytest.raises(InputError, match="another scenario"):
        symmetric_bound(CHSH, [Symmetry.of(HADAMARD.scenario)])
    with pytest.raises(InputError, match="digits = 10"):
        symmetric_bound(CHSH, [], digits=10)
    four = Functional.of(Scenario.of([(4,)]), {((2,), (0,)): [[1]]})
    with pytest.raises(InputError, match="modulo 4"):
        symmetric_bound(four, ["A|0: (0 1)"])
    with pytest.raises(LevelError, match="treats boxes differently"):
        symmetric_bound(CHSH, ["(A B)"], level="1+AAB")

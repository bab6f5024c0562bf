"""Symmetries on monomials: images multiply like what they are images of, and move functionals as symmetries do.

For all pairs of monomials of a small scenario, and random ones of larger scenarios, the image of a product is the
product of the images, that of an adjoint the adjoint of the image, that under one automorphism after another the image
of the image; antiunitary ones conjugate powers of zeta. A symmetry given by a matrix and the automorphism that it
defines move a functional to the same place. Whatever has other relations than the letters is refused.
"""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.algebra.automorphism import Automorphism, Generator
from steeralg.algebra.clifford import generator, symmetry_group
from steeralg.algebra.group_basis import GroupBasis
from steeralg.errors import InputError
from steeralg.exact.convert import unify
from steeralg.exact.matrix import Matrix
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Scenario
from steeralg.objects.symmetry import Symmetry
from tests.strategies import hermitian
from tests.symmetry_examples import chsh, hadamard, relabellings
from tests.test_group_basis import monomials

QUBIT = Scenario.of([(2, 3), (3, 2)], 2)
QUTRIT = Scenario.of([(3, 3)], 3)
PAIR = Scenario.of([(2, 2)], 4)
FOUR = Scenario.of([(4, 4, 1)], 1)
BASES = {scenario: GroupBasis.of(scenario) for scenario in (QUBIT, QUTRIT, PAIR, FOUR)}


def affine(d):
    return [[(c * a + s) % d for a in range(d)] for c in range(1, d + 1) for s in range(d) if d < 2 or _unit(c, d)]


def _unit(c, d):
    return len({c * a % d for a in range(d)}) == d


@st.composite
def symmetries(draw, scenario):
    """Relabellings that permute outcomes by a -> c a + s, with Clifford unitaries."""
    labels = draw(relabellings(scenario))
    labels["outcomes"] = [[draw(st.sampled_from(affine(d))) for d in box.outcomes] for box in scenario.black_boxes]
    if scenario == PAIR:
        swap = Matrix.rational([[1, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 1]])
        controlled = Matrix.rational([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]])
        unitary = draw(st.sampled_from([swap, controlled, swap @ controlled]))
    else:
        names = " ".join(draw(st.lists(st.sampled_from("XZFP"), min_size=1, max_size=3)))
        unitary = names if scenario.dim > 1 else None
    return Symmetry.of(scenario, **labels, unitary=unitary, antiunitary=draw(st.booleans()))


def automorphism(symmetry):
    basis = BASES[symmetry.scenario]
    return Automorphism.of(basis, generator(basis, symmetry))


def turned(basis, element, monomial, turn):
    """The image of zeta^turn times a monomial."""
    found, more = element.image(basis, monomial)
    return found, (more + (-turn if element.antiunitary else turn)) % basis.order


def times(basis, left, right):
    found, turn = basis.product(left[0], right[0])
    return found, (left[1] + right[1] + turn) % basis.order


def require_relations(basis, g, v, w):
    assert turned(basis, g, *basis.product(v, w)) == times(basis, g.image(basis, v), g.image(basis, w))
    (image, turn), (star, back) = g.image(basis, v), basis.adjoint(v)
    found, more = basis.adjoint(image)
    assert turned(basis, g, star, back) == (found, (more - turn) % basis.order)


SMALL = Scenario.of([(2, 3)], 2)
SMALL_SYMMETRIES = ["A|1: (0 1 2)", "A|0: (0 1); U: F", "conj", "A|1: (1 2); conj; U: P", "U: X P"]


@pytest.mark.parametrize("text", SMALL_SYMMETRIES)
def test_images_of_products_are_products_of_images_for_all_short_words(text):
    basis = GroupBasis.of(SMALL)
    g = Automorphism.of(basis, generator(basis, Symmetry.parse(SMALL, text)))
    words = [(), ((0, 1),), ((1, 1),), ((1, 2),), ((0, 1), (1, 2)), ((1, 1), (0, 1))]
    every = [((word,), weyl) for word in words for weyl in basis.weyl_operators()]
    for v in every:
        for w in every:
            require_relations(basis, g, v, w)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_images_of_products_are_products_of_images(data):
    scenario = data.draw(st.sampled_from(list(BASES)))
    basis, g = BASES[scenario], automorphism(data.draw(symmetries(scenario)))
    require_relations(basis, g, data.draw(monomials(basis)), data.draw(monomials(basis)))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_one_after_the_other(data):
    scenario = data.draw(st.sampled_from(list(BASES)))
    basis = BASES[scenario]
    g, h = (automorphism(data.draw(symmetries(scenario))) for _ in range(2))
    monomial = data.draw(monomials(basis))
    assert g.then(basis, h).image(basis, monomial) == turned(basis, h, *g.image(basis, monomial))
    one = Automorphism.identity(basis)
    assert one.then(basis, g) == g == g.then(basis, one) and one.image(basis, monomial) == (monomial, 0)
    power = g
    while (following := power.then(basis, g)) != one:
        power = following
    assert g.then(basis, power) == one


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_automorphisms_move_functionals_as_symmetries_do(data):
    scenario = data.draw(st.sampled_from(list(BASES)))
    basis, symmetry = BASES[scenario], data.draw(symmetries(scenario))
    labels = data.draw(st.lists(st.sampled_from(list(scenario.labels())), min_size=1, max_size=2, unique=True))
    drawn = Functional(scenario, {label: data.draw(hermitian(scenario.dim)) for label in labels})
    field = unify([symmetry.unitary, basis.powers_matrix])[0].field
    functional = Functional(scenario, {label: m.over(field) for label, m in drawn.elements.items()})
    here, there = basis.expansion(functional), basis.expansion(symmetry.functional(functional))
    powers, found, g = basis.powers_over(field), {}, automorphism(symmetry)
    for monomial, value in here.items():
        to, turn = g.image(basis, monomial)
        found[to] = (value.conjugate() if g.antiunitary else value) * powers[turn]
    assert found == there
    assert g.fixes(basis, here, powers) == (here == there)


def test_the_symmetries_of_chsh_fix_it_and_others_do_not():
    scenario, basis = chsh().scenario, GroupBasis.of(chsh().scenario)
    lines = ["(A B)", "conj", "A: (0 1); B|1: (0 1)", "A|0: (0 1); A|1: (0 1); B|0: (0 1); B|1: (0 1)"]
    generators, automorphisms = symmetry_group(basis, chsh(), [Symmetry.parse(scenario, line) for line in lines])
    assert [a.antiunitary for a in automorphisms] == [False, True, False, False] == [g.antiunitary for g in generators]
    with pytest.raises(InputError, match="symmetry 1 does not take the functional to itself"):
        symmetry_group(basis, chsh(), [Symmetry.parse(scenario, line) for line in ("(A B)", "A: (0 1)")])


def test_what_is_not_in_the_clifford_group_is_refused():
    basis = GroupBasis.of(hadamard().scenario)
    with pytest.raises(InputError, match="takes X of factor 0 to no Weyl operator"):
        generator(basis, Symmetry.of(hadamard().scenario, unitary=[[3, 4], [4, -3]]))


BASE = GroupBasis.of(SMALL)
FINE = generator(BASE, Symmetry.parse(SMALL, "A|1: (0 1 2); U: F"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"boxes": (1,)}, "the boxes are not permuted"),
        ({"settings": ()}, "settings and outcomes of 1 boxes"),
        ({"outcomes": ()}, "settings and outcomes of 1 boxes"),
        ({"settings": ((0, 0),)}, "the settings of box 0 are not permuted"),
        ({"settings": ((1, 0),)}, "setting 0 of box 0 has 2 outcomes, its image 3"),
        ({"outcomes": (((0, 1),),)}, "the outcomes of 2 settings of box 0"),
        ({"outcomes": (((0, 1), (0, 1, 1)),)}, "the outcomes of setting 1 of box 0 are not permuted"),
        ({"weyl": FINE.weyl[:1]}, "images of X and Z for 1 factors"),
        ({"weyl": ((12, (1, 0)), FINE.weyl[1])}, "the image of a Weyl operator, .* is none"),
        ({"weyl": ((0, (2, 0)), FINE.weyl[1])}, "the image of a Weyl operator, .* is none"),
        ({"weyl": ((0, (1,)), FINE.weyl[1])}, "the image of a Weyl operator, .* is none"),
        ({"weyl": ((1, (1, 0)), (0, (0, 1)))}, "the 2-th power .* is not 1"),
        ({"weyl": ((0, (1, 1)), (0, (0, 1)))}, "the 2-th power .* is not 1"),
        ({"weyl": ((0, (1, 0)), (0, (1, 0)))}, "do not have their commutation relations"),
        ({"weyl": ((0, (0, 0)), (0, (0, 1)))}, "do not have their commutation relations"),
    ],
)
def test_what_defines_no_automorphism_is_refused(changes, message):
    assert Automorphism.of(BASE, FINE)
    with pytest.raises(InputError, match=message):
        Automorphism.of(BASE, replace(FINE, **changes))


def test_boxes_with_other_settings_and_outcomes_that_are_not_affine_are_refused():
    two = GroupBasis.of(Scenario.of([(2,), (2, 2)]))
    with pytest.raises(InputError, match="boxes 0 and 1 have different numbers of settings"):
        Automorphism.of(two, Generator((1, 0), ((0,), (0, 1)), (((0, 1),), ((0, 1), (0, 1))), ()))
    with pytest.raises(InputError, match="not a -> c a \\+ s modulo 4"):
        Automorphism.of(BASES[FOUR], Generator((0,), ((0, 1, 2),), (((0, 1, 3, 2), (0, 1, 2, 3), (0,)),), ()))


def test_antiunitary_images_commute_up_to_the_conjugate_root():
    """In dimension 3 transposition is an antiautomorphism; the conjugation X -> X, Z -> Z^-1 has to be antiunitary."""
    weyl = ((0, (1, 0)), (0, (0, 2)))
    plain = Generator((0,), ((0, 1),), (((0, 1, 2), (0, 1, 2)),), weyl, antiunitary=True)
    assert plain == generator(BASES[QUTRIT], Symmetry.parse(QUTRIT, "conj"))
    assert Automorphism.of(BASES[QUTRIT], plain).antiunitary
    with pytest.raises(InputError, match="commutation"):
        Automorphism.of(BASES[QUTRIT], replace(plain, antiunitary=False))

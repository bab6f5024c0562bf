"""Symmetries of scenarios: one line in, the same line out; labels and operators move together.

`parse` reads what `text` writes, for every relabelling and every product of named operators. F takes X to Z and P takes
X to X Z, up to a factor, in every prime dimension. Moving a functional and an assemblage together changes no value;
moving by one symmetry and then by another is moving by their product. What is no symmetry is refused, and says why.
"""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.errors import FormatError, InputError, ScenarioError, ShapeError
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Scenario
from steeralg.objects.symmetry import Symmetry
from steeralg.objects.weyl import prime_factors, root_order
from tests.strategies import functionals, gaussian, quantum_assemblages, unitaries
from tests.symmetry_examples import following, relabellings

TWO = Scenario.of([(2, 3, 3), (2, 3, 3)], 2)
SIMPLE = Scenario.of([(2, 1), (1, 2)], 2)


@st.composite
def symmetries(draw, scenario):
    """Relabellings with rational unitaries, some antiunitary."""
    return Symmetry.of(
        scenario,
        **draw(relabellings(scenario)),
        unitary=draw(unitaries(scenario.dim)).scale(draw(st.integers(1, 3))),
        antiunitary=draw(st.booleans()),
    )


def named(factors):
    """Products of named operators, one for each factor of the trusted space."""
    words = [st.lists(st.sampled_from("1XZFP"), min_size=1, max_size=3).map(" ".join)] * factors
    return st.tuples(*words).map(" & ".join)


def moved(symmetry, assemblage):
    elements = {symmetry.label(*label): symmetry.moved(m) for label, m in assemblage.elements.items()}
    return Assemblage(symmetry.scenario, elements)


def proportional(left, right):
    """Whether two matrices agree up to a factor, by the equality of Cauchy and Schwarz."""
    cross = left.adjoint.inner(right)
    norms = left.adjoint.inner(left) * right.adjoint.inner(right)
    return cross * cross.conjugate() == norms and not norms.is_zero


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_parse_reads_what_text_writes(data):
    scenario = data.draw(
        st.sampled_from(
            [TWO, SIMPLE, Scenario.of([(2,), (2,), (2,)], 3), Scenario.of([(3,)], [2, 3]), Scenario.of([(2,)], 4)]
        )
    )
    symmetry = Symmetry.of(
        scenario,
        **data.draw(relabellings(scenario)),
        unitary=data.draw(st.none() | named(len(prime_factors(scenario)))),
        antiunitary=data.draw(st.booleans()),
    )
    assert Symmetry.parse(scenario, symmetry.text) == symmetry
    assert Symmetry.parse(scenario, symmetry.text).text == symmetry.text


def test_the_identity_is_the_empty_line_and_a_bare_matrix_has_no_name():
    assert Symmetry.of(TWO).text == "" and Symmetry.parse(TWO, " ; ") == Symmetry.of(TWO)
    with pytest.raises(FormatError, match="no name"):
        _ = Symmetry.of(TWO, unitary=[[0, 1], [1, 0]]).text


def test_the_cycles_of_a_line():
    symmetry = Symmetry.parse(TWO, "(A B); A: (1 2); B|1: (0 1 2); conj; U: X")
    assert symmetry.boxes == (1, 0) and symmetry.antiunitary
    assert symmetry.settings == ((0, 2, 1), (0, 1, 2)) and symmetry.outcomes[1] == ((0, 1), (1, 2, 0), (0, 1, 2))
    assert symmetry.label((0, 2), (1, 1)) == ((0, 0), (1, 2))
    operator = Matrix.from_numbers([[gaussian(1, 0), gaussian(0, 2)], [gaussian(0, -2), gaussian(3, 0)]], RATIONALS)
    turned = Matrix.from_numbers([[gaussian(3, 0), gaussian(0, 2)], [gaussian(0, -2), gaussian(1, 0)]], RATIONALS)
    assert symmetry.moved(operator) == turned.over(symmetry.unitary.field)


@pytest.mark.parametrize("dim", [2, 3, 5])
def test_named_operators_are_clifford_unitaries(dim):
    scenario = Scenario.of([(2,)], dim)
    x, z, xz = (Symmetry.of(scenario, unitary=name).unitary for name in ("X", "Z", "X Z"))
    assert x @ z == xz.over(z.field) and proportional(z @ x, xz) and z @ x != x @ z
    power = Matrix.identity(dim)
    for _ in range(dim):
        power = power @ z
    assert power == Matrix.identity(dim, power.field)
    for name, source, image in [("F", x, z), ("P", x, xz), ("P", z, z)]:
        assert proportional(Symmetry.of(scenario, unitary=name).moved(source), image)


@settings(max_examples=10, deadline=None)
@given(symmetries(SIMPLE), functionals(SIMPLE), quantum_assemblages(SIMPLE))
def test_moving_a_functional_and_an_assemblage_together_changes_no_value(symmetry, functional, sigma):
    assert symmetry.functional(functional).value(moved(symmetry, sigma)) == functional.value(sigma)


@settings(max_examples=25, deadline=None)
@given(symmetries(TWO), symmetries(TWO), st.data())
def test_one_after_the_other_is_the_product(first, second, data):
    labels = data.draw(st.lists(st.sampled_from(list(TWO.labels())), max_size=4))
    operator = Matrix.from_numbers(
        [[gaussian(1, 0), gaussian(2, 3)], [gaussian(2, -3), gaussian(0, 0)]], first.unitary.field
    )
    functional = Functional(TWO, {label: operator.scale(k + 1) for k, label in enumerate(labels)})
    there = second.functional(first.functional(functional))
    assert dict(following(first, second).functional(functional).elements) == dict(there.elements)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(A C)", "cycles such as"),
        ("(A A)", "cycles such as"),
        ("A B", "cycles such as"),
        ("A: (0 3)", "cycles such as"),
        ("A|1: (0 1", "cycles such as"),
        ("C: (0 1)", "begin with a box"),
        ("a: (0 1)", "begin with a box"),
        ("A|3: (0 1)", "no setting 3"),
        ("U: Y", "'Y' is none of 1, X, Z, F, P"),
        ("U: ", "is none of"),
        ("U: X & X", "1 factors of prime dimension"),
        ("conj; U: X; conj", "twice"),
        ("A: (0 1); A: (1 2)", "twice"),
    ],
)
def test_a_malformed_line_is_refused(text, message):
    with pytest.raises(FormatError, match=message):
        Symmetry.parse(TWO, text)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"boxes": [0, 0]}, "the boxes are not permuted"),
        ({"settings": [[0, 1]]}, "of 2 boxes"),
        ({"settings": [[0, 1, 1], [0, 1, 2]]}, "the settings of box 0"),
        ({"settings": [[1, 0, 2], [0, 1, 2]]}, "differ in their outcomes"),
        ({"outcomes": [[[0, 1]], [[0, 1]]]}, "other settings"),
        (
            {"outcomes": [[[0, 1], [0, 1, 2], [0, 1, 3]], [[0, 1], [0, 1, 2], [0, 1, 2]]]},
            "the outcomes of setting 2 of box 0",
        ),
        ({"unitary": [[1, 1], [0, 1]]}, "not a multiple of a unitary"),
        ({"unitary": [[1, 0], [0, 2]]}, "not a multiple of a unitary"),
        ({"unitary": [[0, 0], [0, 0]]}, "not a multiple of a unitary"),
    ],
)
def test_what_is_no_symmetry_is_refused(arguments, message):
    with pytest.raises(InputError, match=message):
        Symmetry.of(TWO, **arguments)


def test_shapes_and_scenarios_have_to_fit():
    with pytest.raises(ShapeError, match="2 x 2 here"):
        Symmetry.of(TWO, unitary=[[1]])
    with pytest.raises(ScenarioError, match="without input"):
        Symmetry.of(Scenario.of([(2,)], 2, 2))
    with pytest.raises(InputError, match="box 0 cannot take the place of box 1"):
        Symmetry.of(Scenario.of([(2, 2), (2,)]), boxes=[1, 0])
    functional = Functional.of(SIMPLE, {((0, 0), (0, 0)): [[1, 0], [0, 0]]})
    with pytest.raises(ScenarioError, match="another scenario"):
        Symmetry.of(TWO).functional(functional)
    parties = Scenario.of([(2,)], [2, 2])
    with pytest.raises(ScenarioError, match="several trusted"):
        Symmetry.of(parties).functional(Functional.of(parties, {((0,), (0,), 1): [[1, 0], [0, 0]]}))


def test_an_operator_on_several_factors_is_the_product_of_theirs():
    """Two parties, or one of a composite dimension."""
    for parties in (Scenario.of([(2,)], [2, 3]), Scenario.of([(2,)], 6)):
        symmetry = Symmetry.parse(parties, "U: X & X")
        column = Matrix.unit(6, 0, 0)
        assert symmetry.moved(column) == Matrix.unit(6, 4, 4).over(symmetry.unitary.field)
        assert replace(symmetry, unitary=symmetry.unitary.scale(7)).moved(column) == symmetry.moved(column)
    with pytest.raises(FormatError, match="0 factors"):
        Symmetry.parse(Scenario.of([(2,)]), "U: 1")


def test_roots_of_unity_of_large_order_are_refused():
    assert root_order(Scenario.of([(3, 5)], 2)) == 60
    with pytest.raises(ScenarioError, match="order 210, above 64"):
        Symmetry.parse(Scenario.of([(7, 5)], 3), "U: X")

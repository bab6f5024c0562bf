"""The parts of a proof file: everything that is written reads back to an equal object, over every kind of field, and
rows have the lengths, the separators and the one denominator that the format prescribes.
"""

import json
from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import gcd

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.algebra.word import format_word, projector_algebra
from steeralg.certificates import encode
from steeralg.certificates.certificate import Block
from steeralg.certificates.encode_steps import (
    decode_object,
    decode_statement,
    decode_step,
    encode_object,
    encode_step,
)
from steeralg.certificates.encode_witness import (
    column_from_json,
    column_to_json,
    witness_fields,
    witness_from_json,
    witness_to_json,
)
from steeralg.certificates.steps import Statement, Step
from steeralg.errors import HermitianError, InputError, ShapeError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_bound
from steeralg.exact.psd import Factor
from steeralg.models.projective import ProjectiveEntry, ProjectiveModel
from steeralg.objects.assemblage import white_noise
from steeralg.objects.devices import Operator
from steeralg.objects.directions import circumscribed, polygon, polyhedron
from steeralg.objects.functional import Functional
from steeralg.objects.local_model import HiddenState, PseudoModel
from steeralg.objects.scenario import Scenario
from steeralg.objects.sequential import SequentialDevices
from steeralg.positivity.decomposable import Decomposition, PPTOperator
from steeralg.positivity.squares import BlockPositivity, SquareBlock
from tests import map_proofs, model_proofs
from tests import strategies as own
from tests.test_sequential import experiments

fast = settings(deadline=None, max_examples=60)
PROOFS = [build() for build in (*map_proofs.BUILD, *model_proofs.BUILD)]
WITNESSES = [step.witness for proof in PROOFS for step in proof.steps if step.witness]


@st.composite
def hermitian(draw):
    """A Hermitian matrix over one of several number fields."""
    order, field = draw(st.integers(1, 4)), draw(own.fields)
    m = draw(own.algebraic_matrices(field, order, order))
    return m + m.adjoint


@given(st.fractions())
@fast
def test_rationals_read_back(value):
    assert encode.rational_from_json(encode.rational_to_json(value)) == value


@pytest.mark.parametrize("text", ["", "x", "1/0", "1//2", "nan", "inf", None, 1.5j, [], "1" * 5000])
def test_what_is_no_rational_is_a_format_error(text):
    with pytest.raises(InputError):
        encode.rational_from_json(text)


@given(own.fields)
@fast
def test_fields_read_back_with_their_embedding(field):
    assert encode.field_from_json(json.loads(json.dumps(encode.field_to_json(field)))) == field


@given(own.fields, own.fields)
@fast
def test_different_fields_are_written_differently(field, other):
    assert (encode.field_to_json(field) == encode.field_to_json(other)) == (field == other)


@given(hermitian())
@fast
def test_hermitian_matrices_read_back(matrix):
    value = json.loads(json.dumps(encode.matrix_to_json(matrix)))
    assert encode.matrix_from_json(value, matrix.rows, matrix.field) == matrix


@given(hermitian())
@fast
def test_a_matrix_is_its_lower_triangle_over_the_least_denominator(matrix):
    value, degree = encode.matrix_to_json(matrix), matrix.field.degree
    rows = {"re": [r.split(" ") for r in value["re"]], "im": [r.split(" ") if r else [] for r in value.get("im", [])]}
    assert [len(row) for row in rows["re"]] == list(range(1, matrix.rows + 1))
    assert [len(row) for row in rows["im"]] == list(range(matrix.rows)) or (matrix.is_real and "im" not in value)
    numbers = [[int(c) for c in entry.split(",")] for part in rows.values() for row in part for entry in row]
    assert {len(vector) for vector in numbers} <= {1, degree}
    assert gcd(int(value["denominator"]), *(c for vector in numbers for c in vector)) == 1


@st.composite
def blocks(draw):
    """Any letters of a scenario with a Gram matrix and, perhaps, a factor: only their shapes matter here."""
    scenario, field = draw(own.kinds | st.just(Scenario.of([(12,) * 12] * 2, 2))), draw(own.fields)
    sizes = [party.sizes() for party in projector_algebra(scenario).parties]
    parts = [
        st.lists(st.sampled_from([(x, k) for x, d in enumerate(s) for k in range(d)]), max_size=3).map(tuple)
        for s in sizes
    ]
    words = draw(st.lists(st.tuples(*parts), min_size=1, max_size=3, unique=True))
    n = len(words) * scenario.dim
    m = draw(own.algebraic_matrices(field, n, n))
    entry = st.integers(-(10**20), 10**20)
    re = tuple(draw(entry) if j <= i else 0 for i in range(n) for j in range(n))
    im = tuple(draw(entry) if j < i else 0 for i in range(n) for j in range(n))
    factor = draw(
        st.none()
        | st.builds(Factor, st.integers(0, 99), st.just(n), st.just(re), st.sampled_from([im, (0,) * (n * n)]))
    )
    return Block(tuple(words), m + m.adjoint, factor), scenario


@given(blocks())
@fast
def test_blocks_read_back(pair):
    block, scenario = pair
    written = json.loads(json.dumps(encode.block_to_json(block, scenario)))
    again = encode.block_from_json(written, scenario, block.gram.field)
    assert (again.words, again.gram, again.factor) == (block.words, block.gram, block.factor)


def test_words_and_matrices_are_written_as_the_format_says():
    """FORMAT.md, sections 2 and 3: letters a|x from left to right; entries left of and on the diagonal."""
    matrix = Matrix.from_numbers(
        [[own.gaussian(1, 0), own.gaussian(2, -3)], [own.gaussian(2, 3), own.gaussian(4, 0)]], own.RATIONALS
    )
    block = Block(((((0, 1), (2, 3)), ()),), matrix.scale(Fraction(1, 7)), Factor(5, 2, (1, 0, 2, 3), (0, 0, 4, 0)))
    assert encode.block_to_json(block, Scenario.of([(4, 4, 4), (2,)], 2)) == {
        "words": [["1|0 3|2", ""]],
        "gram": {"denominator": "7", "re": ["1", "2 4"], "im": ["", "3"]},
        "factor": {"exponent": 5, "re": ["1", "2 3"], "im": ["", "4"]},
    }


def test_matrix_units_are_written_as_row_column_and_setting():
    scenario = Scenario.of([(2, 2)], 2, 2)
    word = (((1, 0),), ((0, 1), (1, 2), (0, 3)))
    assert format_word(word, scenario) == ["0|1", "0,1|0 1,0|1 1,1|0"]
    assert encode.word_from_json(["0|1", "0,1|0 1,0|1 1,1|0"], scenario) == word


# ---- witnesses -------------------------------------------------------------------------------------------------------
@st.composite
def columns(draw):
    return draw(own.algebraic_matrices(draw(own.fields), draw(st.integers(1, 4)), 1))


@given(columns())
@fast
def test_columns_read_back_up_to_their_denominator(column):
    written = json.loads(json.dumps(column_to_json(column)))
    assert column_from_json(written, column.field) == column.scale(column.denominator)
    assert all(len(row.split(" ")) == column.rows for row in written.values())
    assert ("im" in written) == (not column.is_real)


@pytest.mark.parametrize("witness", WITNESSES, ids=lambda witness: type(witness).__name__)
def test_witnesses_read_back(witness):
    """They are about an operator that is written elsewhere; boxes for events, responses, negative parts about none."""
    operator = getattr(witness, "operator", None)
    (base,) = {field for field in witness_fields(witness) if not field.is_rational} or {own.RATIONALS}
    written = json.loads(json.dumps(witness_to_json(witness)))
    again = witness_from_json(written, operator, base)
    assert type(again) is type(witness) and witness_to_json(again) == written
    if operator is not None:
        again.verify()
        assert again.operator is operator and set(witness_fields(again)) == {base}


def test_monomials_and_parts_are_written_as_the_format_says():
    """FORMAT.md, section 4: ascending entries of each factor, conjugated ones last and with a star."""
    operator, one = Operator((3, 1), Matrix.identity(3)), Matrix.rational([[1]])
    monomial = (((0, 2), (1,)), ((), ()))
    squares = BlockPositivity(operator, (2, 1), (SquareBlock((monomial,), one),))
    gram = {"denominator": "1", "re": ["1"]}
    assert witness_to_json(squares) == {"copies": [2, 1], "squares": [{"monomials": [["0 2 1*", ""]], "gram": gram}]}
    assert witness_from_json(witness_to_json(squares), operator, own.RATIONALS).blocks[0].words == (monomial,)
    parts = Decomposition(operator, {(0, 1): one})
    assert witness_to_json(parts) == {"parts": [{"transposed": [0, 1], "matrix": gram}]}
    assert witness_to_json((1, 0)) == {"boxes": [1, 0]}


def test_what_cannot_be_written_is_refused():
    """Of a matrix only the lower triangle is written, of a vector one column."""
    skew, operator = Matrix.unit(2, 0, 1), Operator((2,), Matrix.identity(2))
    words = ((((0,), ()),), (((1,), ()),))
    for witness in (
        BlockPositivity(operator, (1,), (SquareBlock(words, skew),)),
        Decomposition(operator, {(): skew}),
        PPTOperator(operator, skew, Number.of(-1)),
    ):
        with pytest.raises(HermitianError):
            witness_to_json(witness)
    with pytest.raises(ShapeError, match="column"):
        column_to_json(skew)


# ---- numbers, models and devices -------------------------------------------------------------------------------------
@st.composite
def reals(draw, field):
    """A real number of a field, as bounds and weights are: a Fraction if it is rational."""
    number = draw(own.numbers(field))
    return as_bound(replace(number, im=field.embed(0)))


pairs = own.fields.flatmap(lambda field: st.tuples(st.just(field), reals(field)))


@given(pairs)
@fast
def test_bounds_and_weights_read_back_in_their_field(pair):
    field, value = pair
    text = encode.bound_to_json(value)
    assert encode.bound_from_json(text, field) == value
    assert text.count(",") == (0 if isinstance(value, Fraction) else field.degree - 1)


@given(pairs)
@fast
def test_statements_read_back_with_bounds_and_weights(pair):
    """Irrational ones, too; a rational number is the same whatever field it is read in."""
    field, value = pair
    for statement in (
        Statement("mixture", "sigma", noise="white", data="data", weight=value),
        Statement("local-threshold", noise="white", data="data", weight=value),
        Statement("negativity-at-least", assemblage="sigma", bound=value),
        Statement("povm-local", assemblage="sigma", data="data"),
    ):
        assert decode_statement(json.loads(json.dumps(statement.json())), field) == statement


def read_back(step, about, field):
    """The step after writing and reading; `about` is the object its statement names first."""
    (name,) = step.statement.objects
    written = json.loads(json.dumps(encode_step(step, about.scenario)))
    elsewhere = Scenario.of([(5,)], 4)
    return decode_step(written, elsewhere, {name: about}, field)


@st.composite
def hidden(draw):
    """Entries for any scenario of independent boxes, in any field, with Hermitian hidden states of equal traces."""
    scenario, field = draw(own.kinds), draw(own.fields)
    answers = [[draw(st.integers(0, d - 1)) for d in box.outcomes] for box in scenario.black_boxes]
    states = []
    for order in scenario.views:
        m = draw(own.algebraic_matrices(field, order, order))
        m = m + m.adjoint
        states.append(m - Matrix.unit(order, 0, 0).scale(m.trace()))
    model = PseudoModel((HiddenState(tuple(map(tuple, answers)), tuple(states)),))
    return scenario, field, model


@given(hidden(), st.sampled_from(["pseudo-local", "affine-local"]))
@fast
def test_hidden_states_read_back(drawn, rule):
    scenario, field, model = drawn
    step = Step(Statement(rule, assemblage="sigma"), model=model)
    again = read_back(step, white_noise(scenario), field)
    assert again.model == model and type(again.model) is PseudoModel


@given(own.fields.flatmap(lambda f: st.tuples(st.just(f), st.lists(st.tuples(reals(f), reals(f)), max_size=4))))
@fast
def test_shares_read_back(drawn):
    field, shares = drawn
    functional = Functional(Scenario.of([(2, 2)], [2, 3]), {})
    step = Step(Statement("local-bound", functional="F", bound=Fraction(1)), shares=tuple(shares))
    assert read_back(step, functional, field).shares == tuple(shares)


@given(own.fields.flatmap(lambda f: st.tuples(st.just(f), own.numbers(f))), st.integers(3, 6), st.booleans())
@settings(deadline=None, max_examples=20)
def test_responses_read_back(drawn, count, flat):
    """Weights that are squares, and responses that are parts of them."""
    field, number = drawn
    real = replace(number, im=field.embed(0))
    weight = real * real
    vectors = circumscribed(polygon(count) if flat else polyhedron(6))
    parts = [weight * Number.of(Fraction(k % 4, 3)) for k in range(len(vectors))]
    model = ProjectiveModel(vectors, (ProjectiveEntry(((0, 1), (2,)), weight, tuple(parts)),))
    again = read_back(Step(Statement("projective-local", assemblage="sigma"), witness=model), QUBIT, field).witness
    assert again.directions == model.directions and [e.outcomes for e in again.entries] == [((0, 1), (2,))]
    for before, after in zip(model.entries, again.entries, strict=True):
        numbers = zip((before.weight, *before.responses), (after.weight, *after.responses), strict=True)
        assert all((p - q).is_zero for p, q in numbers)


QUBIT = white_noise(Scenario.of([(2, 2), (3,)], 2))


@given(hermitian())
@fast
def test_negative_parts_read_back(matrix):
    step = Step(Statement("negativity-at-most", assemblage="sigma", bound=Fraction(0)), (), (3,), witness=matrix)
    again = read_back(step, QUBIT, matrix.field)
    assert again.witness == matrix and again.premises == (3,)


ROUNDS = st.sampled_from([([(2, 2), (2, 1)], (2, 2)), ([(2, 1), (3,)], (2, 3)), ([(2,), (1, 2), (2,)], (2, 3, 2))])


@given(ROUNDS.flatmap(lambda c: experiments(Scenario.of(c[0], 1, sequential=True), c[1])))
@settings(deadline=None, max_examples=15)
def test_sequential_devices_read_back(experiment):
    """Their maps' dimensions are not written: the input has that of the trace of their sum."""
    _, devices = experiment
    written = json.loads(json.dumps(encode_object(devices, QUBIT.scenario)))
    assert set(written) == {"type", "measurements"} and written["type"] == "devices"
    again = decode_object(written, QUBIT.scenario, devices.field, sequential=True)
    assert isinstance(again, SequentialDevices) and again == devices


def test_the_flag_of_a_sequence_is_written_with_the_scenario():
    scenarios = [Scenario.of([(2, 2), (2,)], 2, sequential=flag) for flag in (False, True)]
    for home, other in product(scenarios, repeat=2):
        sigma = white_noise(other)
        written = json.loads(json.dumps(encode_object(sigma, home)))
        assert ("scenario" in written) == (home != other)
        assert decode_object(written, home, own.RATIONALS) == sigma

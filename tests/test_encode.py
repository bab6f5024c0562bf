"""The parts of a proof file: everything that is written reads back to an equal object, over every kind of field, and
rows have the lengths, the separators and the one denominator that the format prescribes.
"""

import json
from fractions import Fraction
from math import gcd

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.algebra.word import format_word, projector_algebra
from steeralg.certificates import encode
from steeralg.certificates.certificate import Block
from steeralg.errors import InputError
from steeralg.exact.matrix import Matrix
from steeralg.exact.psd import Factor
from steeralg.objects.scenario import Scenario
from tests import strategies as own

fast = settings(deadline=None, max_examples=60)


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

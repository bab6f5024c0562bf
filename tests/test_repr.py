"""What values look like: one short line as repr; LaTeX and HTML in notebooks, well formed, escaped and exact.

MathML, read back by another program, is the number it was written from; decimals are correctly rounded.
"""

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import steeralg as sa
from steeralg.certificates.proof import read_proof
from steeralg.constructions import sbcsv15
from steeralg.exact.convert import as_matrices, number_to_sympy
from steeralg.exact.field import RATIONALS
from steeralg.exact.markup import decimal_mathml, matrix_mathml, number_latex, number_mathml
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.exact.psd import decide_psd
from tests.markup import Page, entries, evaluate
from tests.strategies import FIELDS, algebraic_matrices, numbers

PROOFS = Path(__file__).resolve().parent.parent / "proofs"
BREUER_HALL = read_proof((PROOFS / "saphs18-breuer-hall.json").read_bytes())
PR_BOX = sbcsv15.pr_box(sa.State.maximally_mixed((1,)))
ROOT = as_matrices([[[sympy.sqrt(2) / 4, sympy.I / 3], [-sympy.I / 3, 0]]])[0]
fields = st.sampled_from(FIELDS)


# ---- numbers and matrices --------------------------------------------------------------------------------------------
@given(fields.flatmap(numbers))
@settings(max_examples=60, deadline=None)
def test_mathml_is_the_number(number):
    assert same(evaluate(number_mathml(number)), number_to_sympy(number))


def same(one, other):
    return one == other or abs(sympy.N(one - other, 30)) < sympy.Float("1e-20", 30)


@given(fields.flatmap(lambda field: algebraic_matrices(field, 2, 3)))
@settings(max_examples=20, deadline=None)
def test_mathml_is_the_matrix(matrix):
    assert matrix_equal(entries(matrix_mathml(matrix)), matrix.sympy())


def matrix_equal(rows, matrix):
    read = sympy.Matrix(rows)
    return read.shape == matrix.shape and all(map(same, read, matrix))


@given(st.fractions(), st.fractions(), st.integers(1, 12))
@settings(max_examples=100, deadline=None)
def test_decimals_are_correctly_rounded(real, imaginary, digits):
    common = real.denominator * imaginary.denominator
    number = Number(RATIONALS, (int(real * common),), (int(imaginary * common),), common)
    difference = evaluate(decimal_mathml(number, digits)) - number_to_sympy(number)
    assert all(abs(part) * 2 * 10**digits <= 1 for part in difference.as_real_imag())


@pytest.mark.parametrize("root", ["CRootOf(x**5 - x - 1, 0)", "2**(1/3)"])
def test_numbers_that_are_no_square_roots_are_written_as_text(root):
    number = as_matrices([[[sympy.sympify(root)]]])[0].entry(0, 0)
    assert Page(number_mathml(number)).all("mtext")


def test_latex_is_between_dollars():
    number = ROOT.entry(0, 0)
    assert number._repr_latex_() == f"${number_latex(number)}$" == r"$\frac{\sqrt{2}}{4}$"
    assert ROOT._repr_latex_().startswith("$\\left(\\begin{matrix}")


# ---- one line --------------------------------------------------------------------------------------------------------
REALISATION = sa.Realisation(sa.State.maximally_mixed((2, 2)), ((sa.POVM.observable([[1, 0], [0, -1]]),),))
VALUES = {
    "number": ROOT.entry(0, 1),
    "matrix": ROOT,
    "scenario": PR_BOX.scenario,
    "assemblage": PR_BOX,
    "qubit": BREUER_HALL.objects["sigma"],
    "functional": BREUER_HALL.auxiliary["F"],
    "operator": BREUER_HALL.objects["breuer_hall"],
    "devices": BREUER_HALL.auxiliary["sigma_before_devices"],
    "proof": BREUER_HALL,
    "step": BREUER_HALL.steps[0],
    "state": sa.State.maximally_mixed((2,)),
    "povm": sa.POVM.observable([[0, 1], [1, 0]]),
    "map": sa.LinearMap.from_action(2, lambda x: x.transpose),
    "realisation": REALISATION,
    "ghjw": sa.ghjw(REALISATION.assemblage(sa.Scenario.of([(2,)], 2))),
    "postquantum": sa.certify(PR_BOX),
    "refuted": decide_psd(-Matrix.identity(2)),
    "proved": decide_psd(Matrix.identity(2)),
    "undecided": sa.Undecided("not at <this> level " * 20),
    "local": sa.decide_local(PR_BOX),
    "bracket": sa.no_signalling_bracket(BREUER_HALL.auxiliary["F"].scale(0)),
}
values = pytest.mark.parametrize("name", VALUES)


@values
def test_every_repr_is_one_short_line(name):
    text = repr(VALUES[name])
    assert "\n" not in text and len(text) < 500
    assert re.match(r"<?\w+", text)


@pytest.mark.parametrize("name", ["postquantum", "refuted", "proved", "local"])
def test_verdicts_name_their_witness(name):
    verdict = VALUES[name]
    assert repr(verdict) == f"{type(verdict).__name__}({verdict.witness!r})"
    assert type(verdict.witness).__name__ in repr(verdict)


def test_an_empty_field_is_left_out_and_a_long_one_is_shortened():
    assert repr(sa.Undecided("why")) == "Undecided(reason='why')"
    assert len(repr(sa.Undecided("why" * 1000))) < 150


# ---- notebooks -------------------------------------------------------------------------------------------------------
SHOWN = [name for name, value in VALUES.items() if hasattr(value, "_repr_html_")]


def test_the_value_types_show_themselves():
    assert set(VALUES) - set(SHOWN) == {"scenario"}


@pytest.mark.parametrize("name", SHOWN)
def test_html_is_well_formed_and_runs_nothing(name):
    shown = VALUES[name]._repr_html_()
    page = Page(shown)
    ElementTree.fromstring(f"<div>{shown}</div>")
    assert not page.all("script") and not any(
        key.startswith("on") or key in ("src", "href") for _, attributes, _ in page.elements for key in attributes
    )


def test_html_is_escaped():
    assert "not at &lt;this&gt; level" in VALUES["undecided"]._repr_html_()
    hostile = replace(BREUER_HALL, name="<script>", source='"&<b>')
    assert "<script>" not in hostile._repr_html_() and "&lt;script&gt;" in hostile._repr_html_()


@pytest.mark.parametrize("name", ["qubit", "functional"])
def test_tables_have_every_element_where_it_belongs(name):
    value = VALUES[name]
    rows = ElementTree.fromstring(f"<div>{value._repr_html_()}</div>").iter("tr")
    head, *body = (list(row) for row in rows)
    settings_ = [tuple(map(int, cell.text.split(","))) for cell in head[1:]]
    found = 0
    for first, *cells in body:
        outcomes = tuple(map(int, first.text.split(",")))
        for x, cell in zip(settings_, cells, strict=True):
            text = ElementTree.tostring(cell[0], encoding="unicode")
            matrix = value.elements.get((outcomes, x))
            found += matrix is not None
            assert matrix_equal(entries(text), matrix.sympy()) if matrix is not None else evaluate(text) == 0
    assert found == len(value.elements)


@pytest.mark.parametrize("name", ["operator", "devices", "state", "povm", "map", "realisation"])
def test_lists_have_every_matrix_with_its_label(name):
    value = VALUES[name]
    items = list(ElementTree.fromstring(f"<div>{value._repr_html_()}</div>").iter("li"))
    for item, (label, matrix) in zip(items, value.matrices(), strict=True):
        assert "".join(text.text for text in item.iter("mtext")) == label
        assert matrix_equal(entries(ElementTree.tostring(item, encoding="unicode")), matrix.sympy())


def test_a_long_entry_is_rounded_and_the_sign_says_so():
    long = Matrix.rational([[Fraction(1, 3**120)]])
    assert "≈" in sa.Operator((1,), long)._repr_html_()
    assert "≈" not in sa.Operator((1,), long.scale(3**120))._repr_html_()


def test_what_is_huge_is_named_only():
    huge = sa.Operator((65,), Matrix.identity(65))
    assert huge._repr_html_().startswith("<p>Operator(") and "<math" not in huge._repr_html_()


@pytest.mark.parametrize("name", ["number", "matrix"])
def test_numbers_and_matrices_come_as_latex_and_as_html(name):
    """Jupyter takes HTML where both are there; a PDF made of a notebook takes LaTeX."""
    assert VALUES[name]._repr_latex_().startswith("$") and VALUES[name]._repr_html_().startswith("<math")

"""Reports: figures are the exact ones with their correctly rounded decimals, in text and in LaTeX; every element is
shown; LaTeX is well formed whatever the source is called.
"""

import re
from fractions import Fraction

import pytest
import sympy

from steeralg import report
from steeralg.certificates.bounds import prove_bound
from steeralg.certificates.compose import bound_proof, postquantum_proof
from steeralg.certificates.membership import certify
from steeralg.claims import claim
from steeralg.constructions import sbcsv15
from steeralg.exact.convert import number_to_sympy
from steeralg.objects.devices import Operator
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Scenario, format_label
from steeralg.objects.state import State

BELL = Scenario.of([(2, 2), (2, 2)], 1)
CHSH = Functional.of(BELL, {(a, x): [[(-1) ** (sum(a) + x[0] * x[1])]] for a, x in BELL.labels()})
BOUND = bound_proof("chsh", "CHSH", prove_bound(CHSH, Fraction(-20000, 7001)).witness)
PROOFS = {name: claim(name).prove() for name in ("sbcsv15-pr-box", "saphs18-breuer-hall", "saphs18-table-1")}


def violation(proof):
    return next(step.statement for step in proof.steps if step.statement.rule == "violation")


def decimals(number):
    """All decimals in a text with at least eight digits after the point."""
    return re.findall(r"-?[0-9]+\.[0-9]{8,}", number)


@pytest.mark.parametrize("form", [report.text, report.latex])
@pytest.mark.parametrize("name", PROOFS)
def test_value_and_bound_are_shown_with_correctly_rounded_decimals(name, form):
    proof = PROOFS[name]
    statement = violation(proof)
    shown = set(decimals(form(proof)))
    for exact in (number_to_sympy(proof.value(statement)), sympy.Rational(str(statement.bound))):
        assert any(abs(sympy.Rational(d) - exact) * 2 * 10 ** len(d.split(".")[1]) <= 1 for d in shown)


@pytest.mark.parametrize("name", PROOFS)
def test_value_and_bound_are_shown_exactly(name):
    proof = PROOFS[name]
    statement = violation(proof)
    value, bound = number_to_sympy(proof.value(statement)), sympy.Rational(str(statement.bound))
    assert f"= {value} =" in report.text(proof) and f">= {bound} =" in report.text(proof)
    assert f"= {sympy.latex(value)} " in report.latex(proof) and f"< {sympy.latex(bound)} " in report.latex(proof)


@pytest.mark.parametrize("form", [report.text, report.latex])
def test_a_bound_alone_is_shown_exactly_and_in_decimals(form):
    shown = form(BOUND)
    assert {"20000", "7001"} <= set(re.findall(r"[0-9]+", shown))
    assert any(abs(Fraction(d) + Fraction(20000, 7001)) * 2 * 10**8 <= 1 for d in decimals(shown))


@pytest.mark.parametrize("name", PROOFS)
def test_every_element_is_shown(name):
    proof = PROOFS[name]
    lines, latex = set(report.text(proof).splitlines()), report.latex(proof)
    for kind, value in (*proof.objects.items(), *proof.auxiliary.items()):
        for label, matrix in getattr(value, "elements", {}).items():
            rows = "; ".join(", ".join(map(str, row)) for row in matrix.sympy().tolist())
            assert f"  {kind}[{format_label(label)}] = {rows}" in lines
            assert f"_{{{format_label(label)}}} &= {sympy.latex(matrix.sympy(), mat_delim='(')}" in latex
        if isinstance(value, Operator):
            rows = "; ".join(", ".join(map(str, row)) for row in value.matrix.sympy().tolist())
            assert f"  {kind} = {rows}" in lines
            assert sympy.latex(value.matrix.sympy(), mat_delim="(") in latex


@pytest.mark.parametrize("name", PROOFS)
def test_the_summary_names_field_scenario_source_and_theorem(name):
    summary = "\n".join(report.summary(PROOFS[name]))
    assert summary.startswith(name)
    assert PROOFS[name].source in summary
    assert ("Q(sqrt(2), i)" if name.startswith("saphs18") else "Q(i)") in summary
    assert "sigma is postquantum" in summary and "quantum realisation" in summary


AWKWARD = r"50% of $x_1 & {y}^2 \ ~z #3"
SPECIAL = set(r"%$_&{}^\~#")
ESCAPED = r"\\[%$_&{}#]|\\(textbackslash|textasciitilde|textasciicircum|\^|~)(\{\}| )"


def test_latex_escapes_what_is_special():
    sigma = sbcsv15.pr_box(State.maximally_mixed((1,)))
    found = certify(sigma).witness
    source = report.latex(postquantum_proof("n", AWKWARD, sigma, found)).splitlines()[0]
    source = re.fullmatch(r"\\begin\{theorem\}\[\{(.*)\}\]", source).group(1)
    assert len(re.findall(ESCAPED, source)) == len(set(AWKWARD) & SPECIAL) == 10
    assert not set(re.sub(ESCAPED, "", source)) & SPECIAL


def test_a_bracket_in_the_source_does_not_end_the_title():
    """LaTeX ends an optional argument at the first closing bracket that is not inside braces."""
    sigma = sbcsv15.pr_box(State.maximally_mixed((1,)))
    title = report.latex(postquantum_proof("n", "Table [1] of [2]", sigma, certify(sigma).witness)).splitlines()[0]
    assert "[1]" in title and "[2]" in title
    assert re.sub(r"\{[^{}]*\}", "", title) == r"\begin[]"


@pytest.mark.parametrize("name", PROOFS)
def test_latex_environments_braces_and_dollars_are_balanced(name):
    shown = report.latex(PROOFS[name])
    begun, ended = re.findall(r"\\begin\{(.*?)\}", shown), re.findall(r"\\end\{(.*?)\}", shown)
    assert sorted(begun) == sorted(ended) and {"theorem", "proof", "align*"} <= set(begun)
    assert shown.count("{") == shown.count("}")
    assert shown.count("$") % 2 == 0

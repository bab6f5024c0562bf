"""Reports: figures are the exact ones with their correctly rounded decimals, in text and in LaTeX; every element is
shown; LaTeX is well formed whatever the source is called. All of it for every rule, object and witness.
"""

import re
from dataclasses import replace
from fractions import Fraction

import pytest
import sympy

from steeralg import report
from steeralg.certificates.bounds import prove_bound
from steeralg.certificates.compose import bound_proof, postquantum_proof
from steeralg.certificates.membership import certify
from steeralg.certificates.rules import RULES
from steeralg.certificates.steps import Statement, Step
from steeralg.claims import claim
from steeralg.constructions import sbcsv15
from steeralg.exact.convert import as_matrices, number_to_sympy
from steeralg.objects.devices import Devices, Operator
from steeralg.objects.events import EventSet
from steeralg.objects.functional import Functional
from steeralg.objects.product_basis import ProductBasis
from steeralg.objects.scenario import Scenario, format_label
from steeralg.objects.sequential import SequentialDevices
from steeralg.objects.state import State
from steeralg.positivity.values import NegativeProduct
from tests import map_proofs, model_proofs

BELL = Scenario.of([(2, 2), (2, 2)], 1)
CHSH = Functional.of(BELL, {(a, x): [[(-1) ** (sum(a) + x[0] * x[1])]] for a, x in BELL.labels()})
BOUND = bound_proof("chsh", "CHSH", prove_bound(CHSH, Fraction(-20000, 7001)).witness)
SMALL = {build.__name__: build() for build in (*map_proofs.BUILD, *model_proofs.BUILD)}
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


def well_formed(shown):
    begun, ended = re.findall(r"\\begin\{(.*?)\}", shown), re.findall(r"\\end\{(.*?)\}", shown)
    assert sorted(begun) == sorted(ended) and {"theorem", "proof"} <= set(begun)
    assert shown.count("{") == shown.count("}")
    assert shown.count("$") % 2 == 0
    return set(begun)


@pytest.mark.parametrize("name", PROOFS)
def test_latex_environments_braces_and_dollars_are_balanced(name):
    assert "align*" in well_formed(report.latex(PROOFS[name]))


# ---- operators, maps, product vectors, events, models ----------------------------------------------------------------
def renamed(proof, key, name):
    """The proof with another name for one object."""

    def statement(old):
        parts = {part: re.sub(rf"\b{key}\b", name, text) for part, text in old.names.items()}
        return replace(old, **parts)

    def names(objects):
        return {name if k == key else k: value for k, value in objects.items()}

    return replace(
        proof,
        objects=names(proof.objects),
        auxiliary=names(proof.auxiliary),
        statements=tuple(map(statement, proof.statements)),
        steps=tuple(replace(step, statement=statement(step.statement)) for step in proof.steps),
    )


def test_all_rules_on_maps_and_models_are_among_the_examples():
    shown = {step.statement.rule for proof in SMALL.values() for step in proof.steps}
    assert shown >= {name for name, verify in RULES.items() if verify.__module__.endswith(("map_rules", "model_rules"))}


@pytest.mark.parametrize("name", SMALL)
def test_every_statement_names_what_it_is_about_in_text(name):
    proof = SMALL[name]
    lines = report.summary(proof)
    for step in proof.steps:
        sentence = report.statement_text(proof, step.statement)
        assert any(line.endswith(sentence) for line in lines)
        assert all(re.search(rf"\b{part}\b", sentence) for part in step.statement.objects)


@pytest.mark.parametrize("name", SMALL)
def test_names_are_escaped_and_everything_is_well_formed_in_latex(name):
    proof = SMALL[name]
    for key in {**proof.objects, **proof.auxiliary}:
        other = renamed(proof, key, f"{key}_of_us")
        other.verify()
        shown = report.latex(other)
        well_formed(shown)
        assert rf"{key}_of_us".replace("_", r"\_") in shown
        # What is left of an underscore that is not escaped is an index: of a matrix, or of a letter.
        assert not re.search(r"(?<!\\)_(?!\{)", shown)
        assert not re.search(r"[|<>]", re.sub(r"\$.*?\$|\\begin\{align\*\}.*?\\end\{align\*\}", "", shown, flags=re.S))


@pytest.mark.parametrize("name", SMALL)
def test_columns_effects_and_events_are_shown(name):
    proof = SMALL[name]
    lines, latex = report.text(proof).splitlines(), report.latex(proof)
    for key, value in (*proof.objects.items(), *proof.auxiliary.items()):
        if isinstance(value, ProductBasis):
            for k, member in enumerate(value.vectors):
                for j, vector in enumerate(member):
                    column = vector.sympy()
                    assert f"  {key}[member {k}, factor {j}] = {'; '.join(map(str, column))}" in lines
                    assert rf"member {k}, factor {j}}}}} &= {sympy.latex(column, mat_delim='(')}" in latex
        elif isinstance(value, EventSet):
            (line,) = (line for line in lines if line.startswith(f"{key}: "))
            keys = [value.scenario.key(event) for event in value.events]
            assert str(value.scenario) in line and line.endswith("; ".join(keys))
            assert "; ".join(keys).replace("|", r"\textbar{}") in latex
        elif isinstance(value, Devices):
            for k, box in enumerate(value.measurements):
                for x, a in ((x, a) for x, povm in enumerate(box) for a in range(len(povm.effects))):
                    assert any(line.startswith(f"  {key}[box {k}: {a}|{x}] = ") for line in lines)
                    assert rf"\text{{box {k}: {a}\textbar{{}}{x}}}" in latex
        elif isinstance(value, SequentialDevices):
            counts = [box.outcomes for box in value.black_boxes]
            for k, x, a in ((k, x, a) for k, box in enumerate(counts) for x, d in enumerate(box) for a in range(d)):
                assert any(line.startswith(f"  {key}[round {k}: {a}|{x}] = ") for line in lines)
                assert rf"\text{{round {k}: {a}\textbar{{}}{x}}}" in latex


def test_only_what_has_two_factors_is_called_a_choi_matrix():
    for proof in SMALL.values():
        for statement in (step.statement for step in proof.steps):
            if statement.rule in ("block-positive", "not-block-positive"):
                two = len(proof.context.objects[statement.operator].dims) == 2
                assert ("a map with this Choi matrix" in report.statement_text(proof, statement)) == two


def test_an_irrational_bound_of_a_witness_is_exact():
    proof = SMALL["complete_basis"]
    assert "e = sqrt(2)/2." in report.text(proof) and r"$e$ = $\frac{\sqrt{2}}{2}$." in report.latex(proof)


@pytest.mark.parametrize("scale", [1, Fraction(1, 10**30)])
def test_figures_of_witnesses_are_normalised_and_visible(scale):
    """A negative value is never shown as 0. For 2 T - id: -4 at (1, i), (1, -i), of square norm 4."""
    proof = SMALL["one_view_image"]
    operator = Operator((2, 2), proof.objects["flip"].matrix.scale(scale))
    vectors = as_matrices([[[7], [7 * sympy.I]], [[1], [-sympy.I]]])
    step = Step(Statement("not-block-positive", operator="W"), witness=NegativeProduct.verified(operator, vectors))
    small = replace(proof, objects={"W": operator}, statements=(step.statement,), auxiliary={}, steps=(step,))
    (line,) = (line for line in report.summary(small) if "normalised" in line)
    assert [Fraction(d) for d in decimals(line)] == [-scale]


@pytest.mark.parametrize("name", SMALL)
def test_every_witness_has_a_line(name):
    proof = SMALL[name]
    witnesses = [step for step in proof.steps if step.witness]
    lines, latex = report.theorem_lines(proof), report.latex(proof).splitlines()
    for step in witnesses:
        about = step.statement.operator or step.statement.events or step.statement.assemblage
        assert any(line.startswith(f"{about}: ") for line in lines)
        symbol = r"\sigma" if about == "sigma" else rf"\mathrm{{{about}}}".replace("_", r"\_")
        assert any(line.startswith(f"(${symbol}$: ") for line in latex)


@pytest.mark.parametrize("name", SMALL)
def test_hidden_states_and_shares_are_counted(name):
    proof = SMALL[name]
    lines = report.theorem_lines(proof)
    for step in proof.steps:
        if step.model is not None:
            assert f"{step.statement.assemblage}: {len(step.model.entries)} hidden states." in lines
        if step.shares:
            assert f"{step.statement.functional}: shares of the bound for {len(step.shares)} strategies." in lines


@pytest.mark.parametrize("form", [report.text, report.latex])
def test_thresholds_and_negativities_are_exact(form):
    """1 - 1/sqrt2 for two orthogonal measurements; (sqrt8 + 4)/(2 sqrt8) - 1 below for a PR box, in decimals too."""
    least = 1 - 1 / sympy.sqrt(2)
    shown = form(SMALL["threshold_irrational"])
    assert (str(least) if form is report.text else sympy.latex(least)) in shown
    low = sympy.sqrt(2) / 2 - sympy.Rational(1, 2)
    shown = form(SMALL["negativity"])
    assert (f"at least {low}" if form is report.text else rf"at least ${sympy.latex(low)}$") in shown
    assert f"about {low.n(10)}" in shown
    bounds = [s.statement.bound for s in SMALL["negativity"].steps if s.statement.rule == "negativity-at-most"]
    assert any(abs(Fraction(d) - Fraction(bounds[0])) * 2 * 10**10 <= 1 for d in decimals(shown))


def test_rounds_are_called_rounds():
    lines = report.text(SMALL["sequential"]).splitlines()
    assert any("2 rounds of a black box" in line for line in lines if "scenario" in line)
    assert any(line.endswith("sigma is a valid assemblage of successive rounds.") for line in lines)
    assert "sqrt(2)" in next(line for line in lines if "the rest of sigma" in line)

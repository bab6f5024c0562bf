"""Reports as text and as LaTeX: figures are the exact ones with their correctly rounded decimals; every element is
shown; LaTeX is well formed whatever the source is called. All of it for every rule, object and witness.

What is too long for a sentence is rounded there, said to be, and given exactly elsewhere; two different numbers never
look equal. No control character of a file reaches a reader.
"""

import hashlib
import re
import unicodedata
from dataclasses import replace
from fractions import Fraction

import pytest
import sympy
from click.testing import CliRunner

from steeralg import report
from steeralg.certificates.bounds import prove_bound
from steeralg.certificates.compose import bound_proof, postquantum_proof
from steeralg.certificates.membership import certify
from steeralg.certificates.rules import RULES
from steeralg.certificates.steps import Statement, Step
from steeralg.claims import claim
from steeralg.cli import main
from steeralg.constructions import sbcsv15
from steeralg.exact.convert import as_matrices, number_to_sympy
from steeralg.exact.matrix import Matrix
from steeralg.objects.assemblage import white_noise
from steeralg.objects.devices import Devices, Operator
from steeralg.objects.events import EventSet
from steeralg.objects.functional import Functional
from steeralg.objects.product_basis import ProductBasis
from steeralg.objects.scenario import Scenario, format_label
from steeralg.objects.sequential import SequentialDevices
from steeralg.objects.state import State
from steeralg.positivity.values import NegativeProduct
from steeralg.report.document import Symbol
from steeralg.report.latex import symbol
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
        rounded = any(abs(sympy.Rational(d) - exact) * 2 * 10 ** len(d.split(".")[1]) <= 1 for d in shown)
        assert rounded or exact.is_Integer


@pytest.mark.parametrize("name", PROOFS)
def test_value_and_bound_are_shown_exactly(name):
    proof = PROOFS[name]
    statement = violation(proof)
    value, bound = number_to_sympy(proof.value(statement)), sympy.Rational(str(statement.bound))
    assert re.search(rf"= {re.escape(str(value))} (=|<)", report.text(proof))
    assert re.search(rf">= {re.escape(str(bound))} (=|for)", report.text(proof))
    assert f"= {sympy.latex(value)} " in report.latex(proof)
    assert re.search(rf"< {re.escape(sympy.latex(bound))}( |\$)", report.latex(proof))


@pytest.mark.parametrize("form", [report.text, report.latex])
def test_a_bound_alone_is_shown_exactly_and_in_decimals(form):
    shown = form(BOUND)
    assert {"20000", "7001"} <= set(re.findall(r"[0-9]+", shown))
    assert any(abs(Fraction(d) + Fraction(20000, 7001)) * 2 * 10**8 <= 1 for d in decimals(shown))


def unbroken(latex):
    """LaTeX without the places where long numbers may be broken."""
    return latex.replace(r"\allowbreak{}", "")


@pytest.mark.parametrize("name", PROOFS)
def test_every_element_is_shown(name):
    proof = PROOFS[name]
    lines, latex = set(report.text(proof).splitlines()), report.latex(proof)
    for kind, value in (*proof.objects.items(), *proof.auxiliary.items()):
        for label, matrix in getattr(value, "elements", {}).items():
            rows = "; ".join(", ".join(map(str, row)) for row in matrix.sympy().tolist())
            assert f"  {kind}[{format_label(label)}] = {rows}" in lines
            assert f"({format_label(label)}) &= {sympy.latex(matrix.sympy(), mat_delim='(')}" in latex
        if isinstance(value, Operator):
            rows = "; ".join(", ".join(map(str, row)) for row in value.matrix.sympy().tolist())
            assert f"  {kind} = {rows}" in lines
            small = value.matrix.rows <= 8
            assert (sympy.latex(value.matrix.sympy(), mat_delim="(") if small else rows) in unbroken(latex)


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


def titles(latex):
    return [line for line in latex.splitlines() if line.startswith(r"\begin{theorem}")]


def test_latex_escapes_what_is_special():
    sigma = sbcsv15.pr_box(State.maximally_mixed((1,)))
    found = certify(sigma).witness
    (source,) = titles(report.latex(postquantum_proof("n", AWKWARD, sigma, found)))
    source = re.fullmatch(r"\\begin\{theorem\}\[\{(.*)\}\]", source).group(1)
    assert len(re.findall(ESCAPED, source)) == len(set(AWKWARD) & SPECIAL) == 10
    assert not set(re.sub(ESCAPED, "", source)) & SPECIAL


def test_a_bracket_in_the_source_does_not_end_the_title():
    """LaTeX ends an optional argument at the first closing bracket that is not inside braces."""
    sigma = sbcsv15.pr_box(State.maximally_mixed((1,)))
    (title,) = titles(report.latex(postquantum_proof("n", "Table [1] of [2]", sigma, certify(sigma).witness)))
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
        letter, index = Symbol(f"{key}_of_us").parts
        assert (f"{index}" if index else letter).replace("_", r"\_") in shown
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
                    assert rf"member {k}, factor {j}}}) &= {sympy.latex(column, mat_delim='(')}" in latex
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
    assert "e = sqrt(2)/2 = 0.7071067812." in report.text(proof)
    assert r"$e = \frac{\sqrt{2}}{2} \approx 0.7071067812$." in report.latex(proof)


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
        assert any(line.removeprefix(r"\item ").startswith(f"${symbol(about)}$: ") for line in latex)


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
    assert (f"at least {low}" if form is report.text else rf"at least ${sympy.latex(low)} ") in shown
    assert f"{'=' if form is report.text else chr(92) + 'approx'} {low.n(10)}" in shown
    bounds = [s.statement.bound for s in SMALL["negativity"].steps if s.statement.rule == "negativity-at-most"]
    assert any(abs(Fraction(d) - Fraction(bounds[0])) * 2 * 10**10 <= 1 for d in decimals(shown))


def test_rounds_are_called_rounds():
    lines = report.text(SMALL["sequential"]).splitlines()
    assert any("2 rounds of a black box" in line for line in lines if "scenario" in line)
    assert any(line.endswith("sigma is a valid assemblage of successive rounds.") for line in lines)
    assert "sqrt(2)" in next(line for line in lines if "the rest of sigma" in line)


# ---- long numbers ----------------------------------------------------------------------------------------------------
LONG = Fraction(-(10**80) - 7, 3 * 10**79 + 1)


def long_bound(bound=LONG):
    """A proof that states a bound, which nothing here proves: reports do not judge."""
    statement = Statement("bound", functional="F", bound=bound)
    return replace(BOUND, statements=(statement,), steps=(Step(statement),))


def test_a_long_number_is_rounded_in_the_sentence_and_exact_elsewhere():
    proof = long_bound()
    (sentence,) = (report.statement_text(proof, statement) for statement in proof.statements)
    assert "-3.3333333333 (rounded; the exact data are in the file)" in sentence and str(LONG) not in sentence
    assert not any(str(LONG) in line for line in report.summary(proof))
    assert any(line.endswith(f": {LONG}") for line in report.text(proof).splitlines())
    latex = report.latex(proof)
    assert r"\text{ (rounded)}" in latex and str(LONG) in unbroken(latex) and str(LONG) not in latex


def test_a_long_value_is_named_and_approximately_equal():
    functional = Functional(BELL, {label: Matrix.rational([[LONG]]) for label in list(BELL.labels())[:4]})
    noise = white_noise(BELL)
    statement = Statement("violation", functional="F", assemblage="sigma", bound=Fraction(0))
    proof = replace(long_bound(), objects={"F": functional, "sigma": noise}, statements=(statement,), steps=())
    value = proof.value(statement)
    assert report.statement_text(proof, statement).startswith(f"<F, sigma> ~ {value.decimal(10)} (rounded; ")
    assert f"  exactly    <F, sigma>: {value}" in report.text(proof).splitlines()
    assert rf"$\langle F, \sigma\rangle  \approx {value.decimal(10)} < 0$." in report.latex(proof)


@pytest.mark.parametrize("gap", [Fraction(1, 10**9), Fraction(1, 10**11), Fraction(1, 10**25)])
def test_two_different_numbers_never_look_equal(gap):
    noise, functional = white_noise(BELL), Functional(BELL, dict.fromkeys(BELL.labels(), Matrix.rational([["1/3"]])))
    statement = Statement("violation", functional="F", assemblage="sigma", bound=Fraction(4, 3) + gap)
    proof = replace(BOUND, objects={"F": functional, "sigma": noise}, statements=(statement,), steps=())
    below, above = map(Fraction, re.findall(r"-?[0-9]+\.[0-9]+", report.statement_text(proof, statement)))
    assert below < above


def test_the_letter_for_any_assemblage_is_no_name():
    assert report.statement_text(BOUND, BOUND.statements[0]).startswith("<F, sigma> >= ")
    proof = PROOFS["saphs18-table-1"]
    (bound,) = (s for s in proof.statements if s.rule == "bound")
    assert report.statement_text(proof, bound).endswith("for every quantum assemblage tau.")


# ---- characters, files -----------------------------------------------------------------------------------------------
HOSTILE = "a\x1b[31m\u202eb\x00\u2028\ud800<script>"


@pytest.mark.parametrize("form", [report.text, report.latex])
def test_no_control_character_reaches_the_reader(form):
    shown = form(replace(BOUND, name=HOSTILE, source=HOSTILE), report.File.of(HOSTILE, b""))
    assert not {unicodedata.category(c) for c in shown.replace("\n", "")} & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    assert "[U+202E]" in shown and "[U+001B]" in shown and "[U+D800]" in shown


def test_latex_has_letters_that_the_oldest_fonts_print():
    shown = report.latex(replace(BOUND, source="Vértesi, Bárány, Łoś – ∀ 猫"))
    assert "Vértesi, Bárány, Łoś -- [U+2200] [U+732B]" in shown


@pytest.mark.parametrize("form", [report.text, report.latex])
def test_the_file_is_named_with_its_digest_and_how_to_check_it(form):
    data = BOUND.to_bytes()
    shown = unbroken(form(BOUND, report.File.of("-my proof.json", data)))
    assert hashlib.sha256(data).hexdigest() in shown and f"{len(data)} bytes" in shown
    for command in ("python3 -I proofs/check.py", "steeralg check", "sha256sum"):
        assert f"{command} './-my proof.json'" in shown
    assert "sha256" not in form(BOUND)


@pytest.mark.parametrize("form", ["text", "latex", "html"])
def test_show_writes_whole_files(form, tmp_path):
    source, out = tmp_path / "chsh.json", tmp_path / "chsh.out"
    source.write_bytes(BOUND.to_bytes())
    printed = CliRunner().invoke(main, ["show", str(source), "--format", form])
    written = CliRunner().invoke(main, ["show", str(source), "--format", form, "--out", str(out)])
    assert printed.exit_code == written.exit_code == 0
    assert out.read_text(encoding="utf-8") == printed.stdout and "20000" in printed.stdout
    assert written.stdout.startswith(f"{form}: written to ")


def test_show_never_writes_over_the_proof(tmp_path):
    source = tmp_path / "chsh.json"
    source.write_bytes(BOUND.to_bytes())
    for out in (source, tmp_path / "no" / "chsh.html"):
        result = CliRunner().invoke(main, ["show", str(source), "--out", str(out)])
        assert result.exit_code == 2 and source.read_bytes() == BOUND.to_bytes()

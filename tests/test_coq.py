"""Exports to Coq: the kernel accepts what the library proves, and says that it rests on no axiom.

The data in a `.v` file are those of the proof file, entry by entry. Every statement of the claim is named, as proved,
proved in part or not covered. Certificates of positivity and enclosures of theta satisfy their defining identities.
The library holds no axiom, its hypotheses have a model, and text from a proof file stays inside comments.
"""

import json
import re
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.certificates.proof import read_proof
from steeralg.cli import main
from steeralg.coq import LIBRARY, coq_text, export, library_files
from steeralg.coq.evidence import positive_terms, theta_enclosure
from steeralg.errors import InputError, VerificationError
from steeralg.exact.field import RATIONALS, Field, quadratic
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.exact.psd import Factor
from tests.coq_compiler import accepted, compiled, library

PROOFS = Path(__file__).resolve().parents[1] / "proofs"
CUBIC = Field((-1, -1, 0, 1), (Fraction(1), Fraction(2)))
FALLING = Field((2, 0, -4, 0, 1), (Fraction(3, 4), Fraction(4, 5)))
__all__ = ["library"]


def proof(name):
    return read_proof((PROOFS / f"{name}.json").read_bytes())


def small():
    """The PR box: order 18, one bound that matters."""
    return proof("sbcsv15-pr-box")


# ---- Coq accepts -----------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_coq_proves_the_breuer_hall_assemblage_postquantum(library, tmp_path):
    """Valid and without a quantum realisation, over Q(sqrt 2)."""
    committed = (PROOFS / "coq" / "saphs18_breuer_hall.v").read_text(encoding="utf-8")
    assert "  ~ quantum theta scenario_0 data_assemblage_sigma." in committed
    assert "  valid theta scenario_0 data_assemblage_sigma." in committed
    assert accepted(compiled(library, tmp_path, committed))


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "s26-example-5",  # two trusted parties
        "s26-example-7",  # elimination in the place of a factor
        "saphs18-shifts",  # Q(sqrt 6); letters of the last outcome
        "shsa20-pr",  # a trusted party with input
        "shsa20-instrumental",
    ],
)
def test_coq_proves_what_the_library_proves(library, tmp_path, name):
    assert accepted(compiled(library, tmp_path, coq_text(proof(name), judged=True)))


def test_the_committed_file_is_what_is_written_today():
    committed = (PROOFS / "coq" / "saphs18_breuer_hall.v").read_bytes()
    assert committed == coq_text(proof("saphs18-breuer-hall"), judged=True).encode()


MODEL = """
From Coq Require Import ZArith List Bool Ring.
From Steeralg Require Import Numbers NumberField Positive Words WordValues Steering Assemblage.
Import ListNotations.
Section Model.
Variable K : OrderedField.
Add Ring C_ring_model : (@C_ring K).
Add Field K_field_model : (field_laws K).
Definition A : StarAlgebra K.
Proof.
  refine (Build_StarAlgebra K (Cx K) c0 c1 cadd copp cmul conj (fun z => z) _ _ _ _ _ _ _ _ _ conj_conj conj_add _ _ _ _
    _ _); intros; try ring; try reflexivity.
  rewrite conj_mul. ring.
Defined.
Definition box : Scenario := scenario [[2; 3]; [2]] [1] 1.
Definition first (k x a : nat) : A := if (a =? 0)%nat then c1 else c0.
Definition R : Realisation box A.
Proof.
  refine (Build_Realisation K box A first (fun _ _ _ => c1) _ _ _ _ _ _ _ _); intros; cbn in *.
  - unfold first. destruct (a =? 0)%nat; apply conj_real.
  - unfold first. destruct a as [|a], b as [|b]; cbn; try ring. destruct (a =? b)%nat; cbn; ring.
  - destruct k as [|[|[|k]]], x as [|[|[|x]]]; cbn in *; try (exfalso; inversion H; fail); unfold first; cbn; ring.
  - ring.
  - apply conj_real.
  - destruct j, p; try (exfalso; Lia.lia); cbn; ring.
  - ring.
  - ring.
Defined.
Definition f : PositiveFunctional A.
Proof.
  refine (Build_PositiveFunctional K A (fun z => z) _ _ _); intros; try reflexivity.
  destruct x as [a b]. apply (le_0_eq K _ _ (le_0_add K _ _ (le_0_square K a) (le_0_square K b))). cbn. ring.
Defined.
Theorem theorems : exists (A : StarAlgebra K) (R : Realisation box A) (f : PositiveFunctional A), f aone = c1.
Proof. exists A, R, f. reflexivity. Qed.
End Model.
Print Assumptions theorems.
"""


def test_the_hypotheses_of_the_theorems_have_a_model(library, tmp_path):
    """One deterministic classical model, over any ordered field: no theorem is proved from a contradiction."""
    done = compiled(library, tmp_path, MODEL)
    assert accepted(done), done.stderr


def test_the_library_has_no_axioms_of_its_own():
    text = b"".join(library_files().values()).decode()
    assert len(library_files()) == len(LIBRARY)
    assert not re.search(r"\b(Admitted|admit|Axioms?|Parameters?|Conjecture|native_compute|Unset|bypass_check)\b", text)


# ---- data and coverage -----------------------------------------------------------------------------------------------
def data_in(text):
    """Read the families back: name, then key, then (denominator, lower triangle)."""
    found = {}
    for name, body in re.findall(r"Definition (\w+) : Family :=\n(.*?)\.\n\n", text, re.DOTALL):
        flat = " ".join(body.split())
        found[name] = {
            (tuple(json.loads(a.replace(";", ","))), tuple(json.loads(x.replace(";", ","))), int(v)): (
                kind,
                den,
                json.loads(re_.replace(";", ",")),
                json.loads(im.replace(";", ",")),
            )
            for a, x, v, kind, den, re_, im in re.findall(
                r"\(key (\[[^\]]*\]) (\[[^\]]*\]) (\d+), (rational|matrix) (\d+) (\[.*?\])%Z (\[.*?\])%Z\)", flat
            )
        }
    return found


@pytest.mark.parametrize("name", ["saphs18-breuer-hall", "s26-example-5", "shsa20-pr", "shsa20-instrumental"])
def test_data_are_those_of_the_proof_file(name):
    value = json.loads((PROOFS / f"{name}.json").read_bytes())
    objects = {**value["proof"]["objects"], **value["claim"]["objects"]}
    families = data_in(coq_text(proof(name), judged=True))
    assert families
    for label, elements in families.items():
        prefix, kind, original = label.split("_", 2)
        assert prefix == "data" and objects[original]["type"] == kind
        scenario = read_proof((PROOFS / f"{name}.json").read_bytes()).context.objects[original].scenario
        written = {scenario.key(k): (*k[:2], scenario.view(k)) for k in scenario.labels()}
        expected = {written[k]: matrix for k, matrix in objects[original]["elements"].items()}
        assert elements.keys() == expected.keys()
        for key, (style, denominator, *parts) in elements.items():
            assert denominator == expected[key]["denominator"]
            for part, found in zip(("re", "im"), parts, strict=True):
                rows = [row.split() for row in expected[key].get(part, [])]
                entries = [[e.split(",") if style == "matrix" else e for e in row] for row in rows]
                assert json.loads(json.dumps(found), parse_int=str) == entries


@pytest.mark.parametrize("name", ["saphs18-breuer-hall", "s26-example-9", "shsa20-instrumental", "ghjw-bipartite"])
def test_every_statement_of_the_claim_is_accounted_for(name):
    given_proof = proof(name)
    result = export(given_proof, judged=True)
    statements = [*result.covered, *(s for s, _ in result.partial), *(s for s, _ in result.missing)]
    assert sorted(map(str, statements)) == sorted(map(str, given_proof.statements))
    head = " ".join(result.text.split("*)")[0].split())
    assert all(" ".join(line.split()) in head for line in result.coverage())


def test_postquantum_without_validity_is_said_to_be_partial():
    """Instrumental data: no realisation, but the validity needs a parent."""
    result = export(proof("shsa20-instrumental"), judged=True)
    assert [statement.rule for statement, _ in result.partial] == ["postquantum"]
    assert "assemblage" in {statement.rule for statement, _ in result.missing}


def test_bounds_up_to_symmetries_are_not_covered():
    result = export(proof("mub4-level-1ab"), judged=True)
    assert {s.rule for s in result.covered} == {"violation"}
    assert any("symmetries" in why for s, why in result.missing if s.rule == "bound")


def test_an_unjudged_proof_is_verified_first():
    given_proof = small()
    (number, step), *_ = ((k, s) for k, s in enumerate(given_proof.steps) if s.statement.rule == "bound")
    higher = replace(step, statement=replace(step.statement, bound=step.statement.bound + 1))
    steps = (*given_proof.steps[:number], higher, *given_proof.steps[number + 1 :])
    with pytest.raises(VerificationError, match=f"step {number}"):
        export(replace(given_proof, steps=steps, statements=()))
    assert export(given_proof) == export(given_proof, judged=True)


def test_sequential_data_are_refused():
    missing = export(proof("shsa20-sequential"), judged=True).missing
    assert ("assemblage", "sequential data are not exported") in {(s.rule, why) for s, why in missing}


def test_a_proof_without_core_rules_is_refused():
    with pytest.raises(InputError, match=r"maximal-events is not exported.*Exported are the rules"):
        coq_text(proof("saphs18-upb-extendible"), judged=True)


def test_names_and_sources_stay_inside_comments(library, tmp_path):
    hostile = '*) Axiom a : False. (* " \x00 \udcff é (*)'
    text = coq_text(replace(small(), name=hostile, source=hostile), judged=True)
    assert accepted(compiled(library, tmp_path, text))


@pytest.mark.parametrize(
    ("name", "module"),
    [("saphs18-choi", "saphs18_choi"), ("forall", "claim_forall"), ("", "claim_"), ("7 é", "claim_7")],
)
def test_the_name_of_the_file_is_a_name_for_a_module(name, module):
    assert export(replace(small(), name=name), judged=True).name == module


# ---- certificates ----------------------------------------------------------------------------------------------------
fields = st.sampled_from([RATIONALS, quadratic(2), CUBIC])


@st.composite
def grams(draw):
    """A positive semidefinite matrix V V*/q, singular ones included."""
    base = draw(fields)
    n, rank = draw(st.integers(1, 4)), draw(st.integers(0, 4))
    part = st.tuples(*[st.integers(-3, 3)] * base.degree)
    entry = st.builds(lambda re_, im: Number(base, re_, im), part, part)
    rows = [[draw(entry) for _ in range(max(rank, 1))] for _ in range(n)]
    v = Matrix.from_numbers(rows, base) if rank else Matrix.zero(n, 1, base)
    return (v @ v.adjoint).scale(Fraction(1, draw(st.integers(1, 6))))


def remainder(matrix, terms):
    """times * den * M - sum of d l l*, from the certificate alone."""
    base, n = matrix.field, matrix.rows

    def entry(rows, i, k):
        row = rows[i] if i < len(rows) else ()
        return (*row[k], *(0,) * (base.degree - len(row[k]))) if k < len(row) else (0,) * base.degree

    rest = matrix.scale(terms.times * matrix.denominator)
    for k, d in enumerate(terms.diagonal):
        weight = Number(base, (*d, *(0,) * (base.degree - len(d))), (0,) * base.degree)
        assert weight.sign() > 0
        column = [[Number(base, entry(terms.re, i, k), entry(terms.im, i, k))] for i in range(n)]
        vector = Matrix.from_numbers(column, base)
        rest = rest - (vector @ vector.adjoint).scale(weight)
    return rest


@settings(max_examples=40, deadline=None)
@given(grams())
def test_elimination_gives_the_matrix_exactly(matrix):
    assert remainder(matrix, positive_terms(matrix)).is_zero


def test_a_factor_leaves_a_dominant_remainder():
    matrix = Matrix.rational([[Fraction(5, 2), 1], [1, 3]])
    factor = Factor(1, 2, (3, 0, 1, 3), (0,) * 4)
    terms = positive_terms(matrix, factor)
    assert factor.verify(matrix) and terms.times == 4 and terms.diagonal == ((2,), (2,))
    assert remainder(matrix, terms) == matrix.scale(8) - Matrix.rational([[9, 3], [3, 10]]).scale(2)


def test_no_certificate_for_a_matrix_that_is_not_positive():
    with pytest.raises(VerificationError, match="not positive semidefinite"):
        positive_terms(Matrix.rational([[1, 2], [2, 1]]))


def product(left, right):
    result = [0] * (len(left) + len(right) - 1)
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            result[i + j] += a * b
    return result


@pytest.mark.parametrize("base", [RATIONALS, quadratic(2), quadratic(7), CUBIC, FALLING])
def test_enclosures_of_theta_satisfy_their_identities(base):
    """u p - c = line * s with c <= 0, at both ends; and a sign that needs many bits is seen."""
    tiny = (
        [(1,)]
        if base.degree == 1
        else [
            base.reduce([1 - 10**9, 10**9])
            if base.sign(base.reduce([-1, 1])) > 0
            else base.reduce([10**9 + 1, -(10**9)])
        ]
    )
    theta = theta_enclosure(base, tiny)
    assert theta.low <= theta.high and theta.is_positive(tiny[0])
    for line, (u, c, s) in (((-theta.low, theta.scale), theta.above), ((theta.high, -theta.scale), theta.below)):
        left = [u * x for x in base.minimal_polynomial]
        left[0] -= c
        assert left == product(line, s) and c <= 0
        ends = [base.interval[0], sum(base.interval) / 2, base.interval[1]]
        assert all(sum(k * x**n for n, k in enumerate(s)) > 0 for x in ends)


# ---- the command -----------------------------------------------------------------------------------------------------
def test_the_command_writes_the_library_and_the_file(tmp_path):
    out = tmp_path / "new" / "folder"
    result = CliRunner().invoke(main, ["export", "--coq", str(PROOFS / "shsa20-pr.json"), "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert sorted(p.name for p in out.iterdir()) == sorted([*library_files(), "shsa20_pr.v"])
    assert (out / "shsa20_pr.v").read_text() == coq_text(proof("shsa20-pr"), judged=True)
    assert "proved: postquantum assemblage=sigma" in result.stdout
    commands = [line.strip() for line in result.stdout.splitlines() if "coqc" in line]
    assert len(commands) == 2 and commands[-1] == "coqc -Q . Steeralg shsa20_pr.v"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--coq", "missing.json"], 2),
        (["--coq", str(PROOFS / "saphs18-upb-extendible.json")], 2),
        ([str(PROOFS / "shsa20-pr.json")], 2),
        (["--coq", "forged.json"], 1),
        (["--coq", str(PROOFS / "shsa20-pr.json"), "--out", "forged.json/folder"], 2),
    ],
)
def test_what_cannot_be_exported_is_one_line_and_no_file(tmp_path, monkeypatch, arguments, code):
    monkeypatch.chdir(tmp_path)
    value = json.loads((PROOFS / "shsa20-pr.json").read_bytes())
    value["proof"]["steps"][1]["blocks"][0]["gram"]["denominator"] = "3"
    Path("forged.json").write_text(json.dumps(value))
    result = CliRunner().invoke(main, ["export", *arguments])
    assert result.exit_code == code and len(result.stderr.splitlines()) == 1, result.output
    assert not result.stdout and [p.name for p in tmp_path.iterdir()] == ["forged.json"]


def test_the_readme_names_the_library_in_the_order_of_compilation():
    text = (PROOFS / "coq" / "README.md").read_text(encoding="utf-8")
    assert f"for f in {' '.join(LIBRARY)}; do" in text
    requires = {
        name: re.findall(r"From Steeralg Require Import ([^.]*)\.", data.decode())
        for name, data in ((name, library_files()[f"{name}.v"]) for name in LIBRARY)
    }
    for earlier, later in pairwise(LIBRARY):
        assert later not in " ".join(requires[earlier]).split()

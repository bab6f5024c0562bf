"""The attacks on the checker: mutants can be made again, none is accepted wrongly, an error of the checker is found.

Laws: mutant k is a function of the seed and k; a small campaign finds nothing; with a check taken out of the checker it
finds accepted mutants that are false; all rules have originals; the README is that of the recorded results; a run that
was stopped ends like one that was not; exact helpers agree with the library.
"""

import ast
import json
import random
from fractions import Fraction

import pytest

from proofs.attack import forms, kinds, mutate, report
from steeralg.certificates.encode import matrix_from_json
from steeralg.exact.field import RATIONALS
from steeralg.exact.psd import decide_psd
from steeralg.verdict import Proved

SOURCE = (mutate.PROOFS / "check.py").read_text(encoding="utf-8")
CORPUS = mutate.Corpus.load()
DRAWS = CORPUS.table()
SMALL = {name: data for name, data in CORPUS.files.items() if len(data) < 5000}


class Blind(ast.NodeTransformer):
    """Takes all that can refuse out of one function."""

    def __init__(self, name):
        self.name, self.inside = name, False

    def visit_FunctionDef(self, node):
        outer, self.inside = self.inside, self.inside or node.name == self.name
        node = self.generic_visit(node)
        self.inside = outer
        return node

    def visit_Expr(self, node):
        called = getattr(node.value, "func", None)
        return ast.Pass() if self.inside and getattr(called, "id", "") == "require" else node

    def visit_Raise(self, node):
        return ast.Pass() if self.inside else node


def checker(blind=""):
    tree = ast.parse(SOURCE)
    assert not blind or blind in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return mutate.load_checker(ast.unparse(ast.fix_missing_locations(Blind(blind).visit(tree))))


def with_rule(rule):
    return mutate.Corpus({name: data for name, data in SMALL.items() if rule in DRAWS.rules[name]})


def test_a_small_campaign_finds_nothing():
    results = list(mutate.campaign(checker(), 7, range(320), mutate.Corpus(SMALL)))
    assert not [r for r in results if mutate.is_found(r)]
    found = mutate.summary([{key: value for key, value in r.items() if key != "data"} for r in results])
    assert set(found["outcomes"]) == {"accepted", "rejected", "unreadable"}
    assert found["outcomes"]["accepted"] == found["same_claim"] + found["other_claim"] > 30
    assert found["same_claim"] > 10 and found["other_claim"] > 10 and found["sites"] > 30


@pytest.mark.parametrize(
    ("blind", "rule"),
    [
        ("eliminate", "state"),
        ("vanish", "bound"),
        ("prove_violation", "nonlocal"),
        ("prove_local", "local"),
        ("prove_assemblage", "nonlocal"),
        ("prove_born", "born"),
        ("prove_not_decomposable", "not-decomposable"),
        ("prove_symmetric", "bound"),
        ("prove_projective_local", "projective-local"),
    ],
)
def test_an_error_of_the_checker_is_found(blind, rule):
    corpus = with_rule(rule)
    assert any(mutate.is_found(r) for r in mutate.campaign(checker(blind), 4, range(600), corpus))


def test_mutants_can_be_made_again():
    first = [DRAWS.mutant(5, k) for k in range(40)]
    again = mutate.Corpus.load().table()
    assert first == [again.mutant(5, k) for k in range(40)]
    assert first != [DRAWS.mutant(6, k) for k in range(40)]
    assert all(data != CORPUS.files[name] for name, _, _, data in first)


def test_every_rule_has_originals():
    module = checker()
    assert {rule for rules in DRAWS.rules.values() for rule in rules} == set(module.RULES)
    evidence = {key for data in CORPUS.files.values() for step in json.loads(data)["proof"]["steps"] for key in step}
    assert evidence == {"statement", *(key for _, carries, _ in module.RULES.values() for key in carries)}
    for name, data in CORPUS.files.items():
        if name.startswith("seed "):
            assert module.check_bytes(data).proved


def test_kinds_apply():
    """Every kind of mutation changes some original."""
    draws = mutate.Corpus(SMALL).table()
    assert {draws.mutant(11, k)[2] for k in range(1200)} == set(kinds.KINDS)


def test_readme_is_current():
    recorded = json.loads((report.HERE / "mutants.json").read_text())
    assert (report.HERE / "README.md").read_text() == report.current()
    assert recorded["count"] >= 100_000 and sum(recorded["outcomes"].values()) == recorded["count"]
    assert not recorded["found"] and recorded["disagreements"] == recorded["refuted"] == 0


def test_a_run_takes_up_where_it_was_stopped(tmp_path, monkeypatch):
    small = mutate.Corpus({name: SMALL[name] for name in ("seed swap", "seed toy", "seed local")})
    monkeypatch.setattr(mutate.Corpus, "load", classmethod(lambda cls: small))
    whole, cut = tmp_path / "whole.jsonl", tmp_path / "cut.jsonl"
    expected = mutate.run(whole, 2, 30, 1)
    mutate.run(cut, 2, 12, 1)
    cut.write_text(cut.read_text()[:-20])  # the last line is lost
    assert mutate.run(cut, 2, 30, 2) | {"cpu_seconds": 0} == expected | {"cpu_seconds": 0}
    with pytest.raises(ValueError, match="another seed"):
        mutate.run(cut, 3, 30, 1)


@pytest.mark.parametrize("seed", range(30))
def test_exact_helpers_agree_with_the_library(seed):
    rng = random.Random(seed)
    n = rng.randrange(1, 4)
    low = [[complex(rng.randrange(-1, 2), rng.randrange(-1, 2) * (i != j)) for j in range(i + 1)] for i in range(n)]
    found = {"denominator": str(rng.randrange(1, 5))}
    found["re"] = [" ".join(str(int(z.real) + (i == j)) for j, z in enumerate(row)) for i, row in enumerate(low)]
    found["im"] = [" ".join(str(int(z.imag)) for z in row[:-1]) for row in low]
    exact = matrix_from_json(found, n, RATIONALS)
    assert forms.is_positive(found) == isinstance(decide_psd(exact), Proved)
    places = rng.sample(range(n), n)
    turned = matrix_from_json(forms.permuted(found, places), n, RATIONALS)
    assert all(turned.entry(i, j) == exact.entry(p, q) for i, p in enumerate(places) for j, q in enumerate(places))
    total = matrix_from_json(forms.combine((Fraction(1, 3), found), (-2, forms.conjugated(found))), n, RATIONALS)
    assert (total - exact.scale(Fraction(1, 3)) + exact.conjugate.scale(2)).is_zero

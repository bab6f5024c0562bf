"""Coq is the judge, the exporter is not: whatever is changed in a file, data or certificate, Coq rejects it.

Changes are made in the text, one at a time, each of them to a file that Coq accepts as it is. Where the identity of a
sum of squares is kept, and only positivity is lost, Coq finds that, too.
"""

import re
from dataclasses import replace

import pytest

from steeralg.coq import coq_text
from steeralg.exact.matrix import Matrix
from tests.coq_compiler import accepted, compiled, library, require_coqc
from tests.test_coq import small

__all__ = ["library"]
TEXT = coq_text(small(), judged=True)


def substitute(pattern, replacement, text=TEXT):
    """Replace the first occurrence, which must be there and change something."""
    result, count = re.subn(pattern, replacement, text, count=1, flags=re.DOTALL)
    assert count == 1 and result != text
    return result


def add(amount):
    """Add an integer to the number that is matched."""
    return lambda match: match[1] + str(int(match[2]) + amount)


BOUND = "step_1_bound"
FORGERIES = {
    "an entry of the Gram matrix": substitute(
        rf"({BOUND}_block_0_gram : Matrix :=\s+rational \d+\s+\[\[)(-?\d+)", add(1)
    ),
    "an entry of the factor": substitute(rf"({BOUND}_block_0_factor .*?\]%Z\s+\[\[)(-?\d+)", add(10**6)),
    "a weight of the factor": substitute(
        rf"({BOUND}_block_0_factor : Factor :=\s+rational_factor \d+\s+\[)(\d+)", r"\1-\2"
    ),
    "the multiple of the matrix": substitute(
        rf"({BOUND}_block_0_factor : Factor :=\s+rational_factor )(\d+)", r"\g<1>1"
    ),
    "a word": substitute(rf"({BOUND}_block_0_words.*?E )0( 0)", r"\g<1>1\2"),
    "a higher bound": substitute(rf"({BOUND}_value : Number := number )\[[^\]]*\]%Z \d+", r"\1[1]%Z 1000000"),
    "the functional": substitute(r"(functional_\w+ : Family :=.*?rational \d+\s+\[\[)(-?\d+)", add(1)),
    "a denominator of the functional": substitute(r"(functional_\w+ : Family :=.*?rational )(\d+)", add(1)),
    "an element that is not positive": substitute(
        r"(assemblage_sigma : Family :=.*?rational \d+\s+\[\[)(-?\d+)", r"\1-\2"
    ),
    "an element that signals": substitute(r"(assemblage_sigma : Family :=.*?rational \d+\s+\[\[)(-?\d+)", add(1)),
    "an element with another key": substitute(r"(assemblage_sigma : Family :=\s+\[\(key \[)0", r"\g<1>1"),
    "the common multiple of the denominators": substitute(
        rf"({BOUND}_squares : Certificate :=\s+certificate )\d+", r"\g<1>7"
    ),
    "the number of outcomes": substitute(r"(scenario_0 : Scenario := scenario \[\[)2", r"\g<1>3"),
    "the dimension": substitute(r"(scenario_0 : Scenario := scenario \[\[.*?\]\] \[)2", r"\g<1>3"),
    "a theorem on something else": substitute(
        "~ quantum theta scenario_0 data_assemblage_sigma", "quantum theta scenario_0 data_assemblage_sigma"
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FORGERIES)
def test_coq_rejects_a_changed_file(library, tmp_path, name):
    done = compiled(library, tmp_path, FORGERIES[name])
    assert done.returncode == 1 and "The term" in done.stderr and "Syntax error" not in done.stderr
    assert not accepted(done)


def test_coq_accepts_the_file_as_it_is(library, tmp_path):
    assert accepted(compiled(library, tmp_path, TEXT))


def test_an_enclosure_without_theta_is_rejected(library, tmp_path):
    """A proved enclosure of the root 0, moved off it."""
    forged = substitute(
        r"theta_enclosure : Enclosure :=\s+enclosure 0 0 1", "theta_enclosure : Enclosure :=\n  enclosure 1 2 1"
    )
    assert compiled(library, tmp_path, forged).returncode == 1


def test_an_identity_without_positivity_is_rejected(library, tmp_path):
    """The bound is higher by 1, and the first word's block lower by 1: f - bound still is the sum over the words."""
    proof = small()
    number, step = next((k, s) for k, s in enumerate(proof.steps) if s.blocks and s.blocks[0].factor is not None)
    block, dim = step.blocks[0], proof.scenario.dim
    assert not any(block.words[0])
    one = Matrix.rational([[int(i == j < dim) for j in range(block.gram.rows)] for i in range(block.gram.rows)])
    statement = replace(step.statement, bound=step.statement.bound + 1)
    forged = replace(step, statement=statement, blocks=(replace(block, gram=block.gram - one),))
    text = coq_text(replace(proof, steps=(*proof.steps[:number], forged), statements=()), judged=True)
    name = f"step_{number}_bound"
    done = compiled(library, tmp_path, text)
    assert done.returncode == 1 and f"{name}_value" in done.stderr and "bound_check" in done.stderr
    parts = re.search(rf"Lemma {name}_check.*", text, re.DOTALL)
    identity = (
        f"Goal is_zero scenario_0 (functional_terms scenario_0 (common {name}_squares)\n"
        f"  data_functional_{statement.functional} ++\n"
        f"  bound_terms scenario_0 (common {name}_squares) {name}_value ++\n"
        f"  gram_terms (Zpos (common {name}_squares) / Zpos (den {name}_block_0_gram)) {name}_block_0_gram\n"
        f"  (rows scenario_0 {name}_block_0_words)) = true.\nProof. vm_compute. reflexivity. Qed.\n"
    )
    (tmp_path / "kept").mkdir()
    assert compiled(library, tmp_path / "kept", text[: parts.start()] + identity).returncode == 0


def test_without_coqc_tests_are_skipped_but_not_in_continuous_integration(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception):
        require_coqc()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception):
        require_coqc()

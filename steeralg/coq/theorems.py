"""One theorem of Coq for each step of a core rule, with the definitions and the certificates that it needs.

Above: exports. Below: syntax, evidence, steps. A theorem quantifies over every ordered field with the root theta;
bounds over every *-algebra, realisation of the scenario in it, and positive functional, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from math import lcm
from typing import Any, TypeVar

from steeralg.certificates.certificate import Block
from steeralg.certificates.encode import matrix_to_json
from steeralg.certificates.proof import Proof
from steeralg.certificates.steps import Step
from steeralg.coq import syntax
from steeralg.coq.evidence import PositiveTerms, positive_terms
from steeralg.errors import VerificationError
from steeralg.exact.field import Vector
from steeralg.exact.number import Number, as_number
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.devices import Operator
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Scenario

Kind = TypeVar("Kind", Assemblage, Functional, Operator)

_FOR_ALL = "forall (K : OrderedField) (theta : K), is_root theta number_field ->"


@dataclass
class Ledger:
    """What the theorems of one file have in common: definitions by name, scenarios by name, and the elements of the
    field that have to be seen to be positive.
    """

    proof: Proof
    definitions: dict[str, str] = field(default_factory=dict)
    scenarios: dict[Scenario, str] = field(default_factory=dict)
    signs: list[Vector] = field(default_factory=list)

    @cached_property
    def _json(self) -> dict[str, Any]:
        value = self.proof.json()
        return {**value["proof"]["objects"], **value["claim"]["objects"]}

    def find(self, kind: type[Kind], name: str | None) -> Kind:
        """Return an object of a step. Raises VerificationError if there is no such object, or a sequential scenario."""
        return self.proof.context.find(kind, name)

    def scenario(self, scenario: Scenario) -> str:
        """Return the name of a scenario in the file; an instrumental one is that of its parent."""
        plain = scenario.parent if scenario.instrumental else scenario
        return self.scenarios.setdefault(plain, f"scenario_{len(self.scenarios)}")

    def data(self, name: str | None) -> str:
        """Define an object, if that has not been done, and return its name in the file."""
        written = self._json[name or ""]
        label = f"data_{written['type']}_{name}"
        if label not in self.definitions:
            value = self.proof.context.objects[name or ""]
            if isinstance(value, Assemblage | Functional):
                term = f"Family :=\n  {syntax.family(value.scenario, written['elements'])}"
            else:
                term = f"Matrix :=\n  {syntax.matrix(written['matrix'])}"
            self.definitions[label] = f"Definition {label} : {term}."
        return label

    def certificate(self, terms: PositiveTerms) -> str:
        """Write a certificate of positivity, and remember its signs."""
        self.signs += terms.diagonal
        return terms.text


def _assemblage(ledger: Ledger, name: str, step: Step) -> str:
    sigma = ledger.find(Assemblage, step.statement.assemblage)
    arguments = f"{ledger.scenario(sigma.scenario)} {ledger.data(step.statement.assemblage)}"
    factors = [ledger.certificate(positive_terms(sigma.elements[label])) for label in sigma.scenario.labels()]
    common = lcm(*(matrix.denominator for matrix in sigma.elements.values()))
    return (
        f"Definition {name}_factors : list Factor :=\n  {syntax.lines(factors)}.\n"
        + _check(name, f"assemblage_check number_field theta_enclosure {arguments} {common} {name}_factors")
        + f"Theorem {name} : {_FOR_ALL}\n  valid theta {arguments}.\n"
        + f"Proof. intros K x root. exact (assemblage_sound _ _ x _ _ _ _ root {name}_check). Qed."
    )


def _bound(ledger: Ledger, name: str, step: Step) -> str:
    functional, bound = ledger.find(Functional, step.statement.functional), _number(step)
    data, scenario = ledger.data(step.statement.functional), ledger.scenario(functional.scenario)
    matrices = [*functional.elements.values(), *(block.gram for block in step.blocks)]
    common = lcm(bound.denominator, *(matrix.denominator for matrix in matrices))
    names = [f"{name}_block_{k}" for k in range(len(step.blocks))]
    blocks = [_block(ledger, b, functional.scenario, block) for b, block in zip(names, step.blocks, strict=True)]
    return (
        f"Definition {name}_value : Number := {syntax.number(bound)}.\n"
        + "".join(blocks)
        + f"Definition {name}_squares : Certificate :=\n  certificate {common} {syntax.filled(names, 4)}.\n"
        + _check(name, f"bound_check number_field theta_enclosure {scenario} {data} {name}_value {name}_squares")
        + f"Theorem {name} : {_FOR_ALL}\n"
        f"  forall (A : StarAlgebra K) (R : Realisation {scenario} A) (f : PositiveFunctional A),\n"
        f"  (nval theta {name}_value * re (f 1%A) <= re (f (observed theta {scenario} R {data})))%K.\n"
        f"Proof. intros K x root A R f. exact (bound_sound _ _ x root _ R f _ _ _ {name}_check). Qed."
    )


def _block(ledger: Ledger, name: str, scenario: Scenario, block: Block) -> str:
    words = syntax.filled([syntax.word(scenario, w) for w in block.words], 2)
    factor = ledger.certificate(positive_terms(block.gram, block.factor))
    return (
        f"Definition {name}_words : list word :=\n  {words}.\n"
        f"Definition {name}_gram : Matrix :=\n  {syntax.matrix(matrix_to_json(block.gram))}.\n"
        f"Definition {name}_factor : Factor :=\n  {factor}.\n"
        f"Definition {name} : Block := block {name}_words {name}_gram {name}_factor.\n"
    )


def _violation(ledger: Ledger, name: str, step: Step) -> str:
    statement, bound = step.statement, _number(step)
    functional, sigma = ledger.find(Functional, statement.functional), ledger.find(Assemblage, statement.assemblage)
    data = f"{ledger.data(statement.functional)} {ledger.data(statement.assemblage)}"
    arguments = f"{ledger.scenario(sigma.scenario)} {data}"
    pairs = [(m.denominator, sigma.elements[label].denominator) for label, m in functional.elements.items()]
    common = lcm(bound.denominator, *(p * q for p, q in pairs))
    ledger.signs.append((bound - functional.value(sigma)).re)
    return (
        f"Definition {name}_value : Number := {syntax.number(bound)}.\n"
        + _check(name, f"violation_check number_field theta_enclosure {arguments} {name}_value {common}")
        + f"Theorem {name} : {_FOR_ALL}\n"
        f"  (re (value theta {arguments}) < nval theta {name}_value)%K.\n"
        f"Proof. intros K x root. exact (violation_sound _ _ x root _ _ _ _ _ {name}_check). Qed."
    )


def _postquantum(ledger: Ledger, name: str, step: Step) -> str:
    sigma = ledger.find(Assemblage, step.statement.assemblage)
    checks = " ".join(f"{theorem_name(ledger.proof, k)}_check" for k in step.premises[1:])
    return (
        f"Theorem {name} : {_FOR_ALL}\n"
        f"  ~ quantum theta {ledger.scenario(sigma.scenario)} {ledger.data(step.statement.assemblage)}.\n"
        f"Proof. intros K x root. exact (postquantum_sound _ _ x root _ _ _ _ _ _ {checks}). Qed."
    )


def _state(ledger: Ledger, name: str, step: Step) -> str:
    operator = ledger.find(Operator, step.statement.operator)
    arguments = f"{operator.matrix.rows} {ledger.data(step.statement.operator)}"
    return (
        f"Definition {name}_factor : Factor :=\n  {ledger.certificate(positive_terms(operator.matrix))}.\n"
        + _check(name, f"state_check number_field theta_enclosure {arguments} {name}_factor")
        + f"Theorem {name} : {_FOR_ALL}\n  is_state theta {arguments}.\n"
        f"Proof. intros K x root. exact (state_sound K _ _ x root _ _ _ {name}_check). Qed."
    )


WRITERS: dict[str, Callable[[Ledger, str, Step], str]] = {
    "assemblage": _assemblage,
    "bound": _bound,
    "violation": _violation,
    "postquantum": _postquantum,
    "state": _state,
}
"""The rules that are exported: the definitions, the check and the theorem of a step, in the syntax of Coq."""


def theorem_name(proof: Proof, number: int) -> str:
    """Return the name of the theorem of a step."""
    return f"step_{number}_{proof.steps[number].statement.rule}"


def _check(name: str, test: str) -> str:
    """The lemma that a check succeeds, by computation."""
    return f"Lemma {name}_check :\n  {test} = true.\nProof. vm_cast_no_check (eq_refl true). Qed.\n"


def _number(step: Step) -> Number:
    if step.statement.bound is None:
        raise VerificationError(f"a step of the rule {step.statement.rule} has no bound")
    return as_number(step.statement.bound)

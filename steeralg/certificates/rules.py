"""The rules by which steps are verified with the library's exact layer: one function for each rule of FORMAT.md.

Above: proofs. Below: rules on maps and operators, steps, certificates, objects. Every function raises a typed
SteeralgError unless the step holds.
"""

from __future__ import annotations

from collections.abc import Callable

from steeralg.certificates import map_rules, model_rules
from steeralg.certificates.certificate import BoundCertificate
from steeralg.certificates.context import Context
from steeralg.certificates.model_rules import bound_of
from steeralg.certificates.set_bounds import NoSignallingCertificate
from steeralg.certificates.steps import Statement, Step
from steeralg.certificates.symmetric import SymmetricBound
from steeralg.errors import VerificationError
from steeralg.exact.number import Number, as_number
from steeralg.exact.psd import decide_psd
from steeralg.objects.assemblage import Assemblage, observe
from steeralg.objects.devices import Devices, Operator, born
from steeralg.objects.functional import Functional
from steeralg.objects.sequential import SequentialDevices, sequential_born
from steeralg.verdict import Refuted


def verify_assemblage(context: Context, step: Step) -> None:
    """Assemblage objects are validated on construction; instrumental ones need a parent besides."""
    name = step.statement.assemblage
    sigma = context.find(Assemblage, name, sequential=True)
    if sigma.scenario.instrumental and not any(s.rule == "parent" and s.assemblage == name for s in context.earlier):
        raise VerificationError(f"no earlier step gives a no-signalling parent of the instrumental data {name!r}")


def verify_parent(context: Context, step: Step) -> None:
    """The assemblage is what its scenario observes of a valid parent."""
    (valid,) = context.premises(step, 1)
    parent = context.find(Assemblage, step.statement.parent)
    if valid != Statement("assemblage", assemblage=step.statement.parent):
        raise VerificationError("the premise is not that the parent is an assemblage")
    sigma = context.find(Assemblage, step.statement.assemblage)
    if not sigma.agrees_with(observe(sigma.scenario, parent)):
        raise VerificationError("the assemblage is not what its scenario observes of the parent")


def verify_bound(context: Context, step: Step) -> None:
    """A sum of squares, in words or up to symmetries."""
    functional = context.find(Functional, step.statement.functional)
    if step.symmetric is None:
        BoundCertificate.verified(functional, bound_of(step.statement), step.blocks)
    elif step.blocks:
        raise VerificationError("the step carries two sums of squares")
    else:
        SymmetricBound.verified(functional, bound_of(step.statement), step.symmetric)


def verify_no_signalling_bound(context: Context, step: Step) -> None:
    """A positive dual family."""
    functional = context.find(Functional, step.statement.functional)
    NoSignallingCertificate(functional, bound_of(step.statement), step.dual).verify()


def verify_violation(context: Context, step: Step) -> None:
    """A strict inequality of exact numbers."""
    if not violation_value(context, step.statement) < as_number(bound_of(step.statement)):
        raise VerificationError("the value is not below the bound")


def violation_value(context: Context, statement: Statement) -> Number:
    """Return the exact value <F, sigma> of a violation."""
    functional = context.find(Functional, statement.functional)
    return functional.value(context.find(Assemblage, statement.assemblage))


def verify_born(context: Context, step: Step) -> None:
    """The Born rule gives the assemblage."""
    statement = step.statement
    sigma = context.find(Assemblage, statement.assemblage, sequential=True)
    operator = context.find(Operator, statement.operator)
    if sigma.scenario.sequential:
        found = sequential_born(sigma.scenario, operator, context.find(SequentialDevices, statement.devices))
    else:
        found = born(sigma.scenario, operator, context.find(Devices, statement.devices))
    if not sigma.agrees_with(found):
        raise VerificationError("the assemblage is not what the Born rule gives")


def verify_state(context: Context, step: Step) -> None:
    """Trace 1 and positivity."""
    operator = context.find(Operator, step.statement.operator)
    if operator.matrix.trace() != Number.of(1, operator.field) or isinstance(decide_psd(operator.matrix), Refuted):
        raise VerificationError(f"{step.statement.operator!r} is not a state")


def verify_quantum(context: Context, step: Step) -> None:
    """The Born rule with a state; or a parent, where there is one black box (S26 Thm 6)."""
    sigma = context.find(Assemblage, step.statement.assemblage, sequential=True)
    if len(step.premises) == 1:
        (parent,) = context.premises(step, 1)
        scenario = sigma.scenario
        if parent.rule != "parent" or parent.assemblage != step.statement.assemblage:
            raise VerificationError("the premise is not a parent of the assemblage")
        if len(scenario.black_boxes) != 1 or scenario.has_input:
            raise VerificationError("a parent proves a realisation for one black box and no input only")
        return
    rule, state = context.premises(step, 2)
    if rule.rule != "born" or rule.assemblage != step.statement.assemblage:
        raise VerificationError("premise 0 is not that the Born rule gives the assemblage")
    if state != Statement("state", operator=rule.operator):
        raise VerificationError("premise 1 is not that the operator of premise 0 is a state")


def verify_mixture(context: Context, step: Step) -> None:
    """The assemblage is weight * noise + (1 - weight) * data."""
    statement = step.statement
    mixture, noise, data = (
        context.find(Assemblage, name, sequential=True)
        for name in (statement.assemblage, statement.noise, statement.data)
    )
    if statement.weight is None or not mixture.agrees_with(data.mix(noise, statement.weight)):
        raise VerificationError("the assemblage is another mixture")


def _verify_exclusion(context: Context, step: Step, bound: str, validity: bool) -> None:
    sigma = step.statement.assemblage
    premises = context.premises(step, 2 + validity)
    limit, violation = premises[-2:]
    expected = (
        Statement(bound, functional=violation.functional, bound=violation.bound),
        Statement("violation", assemblage=sigma, functional=violation.functional, bound=violation.bound),
    )
    if (limit, violation) != expected or (validity and premises[0] != Statement("assemblage", assemblage=sigma)):
        raise VerificationError(f"the premises are not the assemblage, a {bound}, and its violation")


def verify_postquantum(context: Context, step: Step) -> None:
    """Valid, and below a bound on all quantum assemblages."""
    _verify_exclusion(context, step, "bound", validity=True)


def verify_nonlocal(context: Context, step: Step) -> None:
    """Valid, and below a bound on all local hidden state models."""
    _verify_exclusion(context, step, "local-bound", validity=True)


def verify_signalling(context: Context, step: Step) -> None:
    """Below a bound on all no-signalling assemblages."""
    _verify_exclusion(context, step, "no-signalling-bound", validity=False)


_CITING = (
    "parent",
    "postquantum",
    "quantum",
    "nonlocal",
    "signalling",
    "quantum-correlations",
    "local-threshold",
    "povm-local",
    "negativity-at-least",
)
_WITNESSED = (
    "block-positive",
    "not-block-positive",
    "decomposable",
    "not-decomposable",
    "extendible-events",
    "projective-local",
)
EVIDENCE: dict[str, frozenset[str]] = {
    "bound": frozenset({"blocks", "symmetric"}),
    "no-signalling-bound": frozenset({"dual"}),
    "local-bound": frozenset({"shares"}),
    "negativity-at-most": frozenset({"premises", "witness"}),
}
EVIDENCE |= dict.fromkeys(_CITING, frozenset({"premises"})) | dict.fromkeys(_WITNESSED, frozenset({"witness"}))
EVIDENCE |= dict.fromkeys(("local", "pseudo-local", "affine-local"), frozenset({"model"}))
"""What the steps of each rule may carry; of the others, nothing."""

RULES: dict[str, Callable[[Context, Step], None]] = {
    "assemblage": verify_assemblage,
    "parent": verify_parent,
    "bound": verify_bound,
    "violation": verify_violation,
    "postquantum": verify_postquantum,
    "born": verify_born,
    "state": verify_state,
    "quantum": verify_quantum,
    "mixture": verify_mixture,
    "local": model_rules.verify_local,
    "pseudo-local": model_rules.verify_pseudo_local,
    "affine-local": model_rules.verify_affine_local,
    "projective-local": model_rules.verify_projective_local,
    "povm-local": model_rules.verify_povm_local,
    "local-bound": model_rules.verify_local_bound,
    "local-threshold": model_rules.verify_local_threshold,
    "negativity-at-most": model_rules.verify_negativity_at_most,
    "negativity-at-least": model_rules.verify_negativity_at_least,
    "nonlocal": verify_nonlocal,
    "no-signalling-bound": verify_no_signalling_bound,
    "signalling": verify_signalling,
    "block-positive": map_rules.verify_block_positive,
    "not-block-positive": map_rules.verify_not_block_positive,
    "decomposable": map_rules.verify_decomposable,
    "not-decomposable": map_rules.verify_not_decomposable,
    "trace-preserving": map_rules.verify_trace_preserving,
    "image": map_rules.verify_image,
    "quantum-correlations": map_rules.verify_quantum_correlations,
    "product-basis": map_rules.verify_product_basis,
    "unextendible": map_rules.verify_unextendible,
    "witness": map_rules.verify_witness,
    "maximal-events": map_rules.verify_maximal_events,
    "extendible-events": map_rules.verify_extendible_events,
}

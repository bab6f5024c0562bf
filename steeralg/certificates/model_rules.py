"""The rules on models of assemblages, their thresholds and their negativity: one function for each of FORMAT.md.

Above: the list of all rules. Below: contexts, models, objects. Every function raises a typed SteeralgError unless the
step holds.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TypeVar

from steeralg.certificates.context import Context
from steeralg.certificates.steps import Statement, Step
from steeralg.errors import VerificationError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_number
from steeralg.exact.psd import decide_psd
from steeralg.models.lhs import SteeringInequality
from steeralg.models.projective import ProjectiveModel
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.devices import Devices, Operator
from steeralg.objects.functional import Functional
from steeralg.objects.local_model import HiddenStateModel, LocalModel, PseudoModel
from steeralg.objects.qutrit import qutrit_extension
from steeralg.verdict import Refuted


def bound_of(statement: Statement) -> Fraction | Number:
    """Return the bound of a statement. Raises VerificationError if it has none."""
    if statement.bound is None:
        raise VerificationError(f"malformed statement {statement.json()}")
    return statement.bound


def verify_local_bound(context: Context, step: Step) -> None:
    """Every deterministic strategy, with its shares."""
    functional = context.find(Functional, step.statement.functional)
    if step.shares and len(functional.scenario.views) == 1:
        raise VerificationError("the share of a single view is the bound itself, and is not given")
    SteeringInequality(functional, bound_of(step.statement), step.shares)


Model = TypeVar("Model", bound=HiddenStateModel)


def _verified(context: Context, step: Step, kind: type[Model]) -> Model:
    """The model with its hidden states checked again, as in a file, whatever it was found as."""
    sigma = context.find(Assemblage, step.statement.assemblage)
    if step.model is None:
        raise VerificationError(f"{step.statement.rule} needs a model")
    model = kind(step.model.entries)
    if not sigma.agrees_with(model.assemblage(sigma.scenario)):
        raise VerificationError("the model gives another assemblage")
    return model


def verify_local(context: Context, step: Step) -> None:
    """An explicit local hidden state model."""
    _verified(context, step, LocalModel)


def verify_pseudo_local(context: Context, step: Step) -> None:
    """Hermitian hidden states (SAPHS18 Def. 2)."""
    _verified(context, step, PseudoModel)


def verify_affine_local(context: Context, step: Step) -> None:
    """Hidden states of either sign (SAPHS18 Lemma 3)."""
    if not _verified(context, step, PseudoModel).is_affine:
        raise VerificationError("the states of an entry are neither positive nor negative semidefinite")


def verify_local_threshold(context: Context, step: Step) -> None:
    """The mixture and the noise are local, and a bound on all local models lies between: tight at the mixture."""
    mixing, local, limit, local_noise = context.premises(step, 4)
    statement = step.statement
    expected = Statement(
        "mixture", mixing.assemblage, noise=statement.noise, data=statement.data, weight=statement.weight
    )
    if mixing != expected or local != Statement("local", assemblage=mixing.assemblage):
        raise VerificationError("the premises are not the mixture and that it is local")
    if limit.rule != "local-bound" or local_noise != Statement("local", assemblage=statement.noise):
        raise VerificationError("the premises are not a local bound and that the noise is local")
    functional, bound = context.find(Functional, limit.functional), as_number(bound_of(limit))
    if bound < functional.value(context.find(Assemblage, mixing.assemblage)):
        raise VerificationError("the mixture is above the bound")
    if not bound < functional.value(context.find(Assemblage, statement.noise)):
        raise VerificationError("the noise is not above the bound")


def verify_projective_local(context: Context, step: Step) -> None:
    """Responses to finitely many directions whose hull contains the unit ball (SBCSV15 App. B)."""
    sigma = context.find(Assemblage, step.statement.assemblage)
    if not isinstance(step.witness, ProjectiveModel):
        raise VerificationError("projective-local needs a model of the responses")
    step.witness.verify(sigma)


def verify_povm_local(context: Context, step: Step) -> None:
    """The qutrit extension of a qubit assemblage (SBCSV15 App. C)."""
    (premise,) = context.premises(step, 1)
    if premise != Statement("projective-local", assemblage=step.statement.data):
        raise VerificationError("the premise is not that the data are local for all projective measurements")
    data = context.find(Assemblage, step.statement.data)
    if not context.find(Assemblage, step.statement.assemblage).agrees_with(qutrit_extension(data)):
        raise VerificationError("the assemblage is not the qutrit extension of the data")


def _one_view(context: Context, step: Step) -> Assemblage:
    sigma = context.find(Assemblage, step.statement.assemblage)
    if len(sigma.scenario.views) > 1 or sigma.scenario.sequential:
        raise VerificationError(f"the negativity is defined for one trusted party without input, not {sigma.scenario}")
    return sigma


def verify_negativity_at_most(context: Context, step: Step) -> None:
    """A negative part of the operator that the Born rule gives the assemblage for (SAPHS18 eq. (34))."""
    _one_view(context, step)
    (rule,) = context.premises(step, 1)
    if rule.rule != "born" or rule.assemblage != step.statement.assemblage:
        raise VerificationError("the premise is not that the Born rule gives the assemblage")
    if context.find(Devices, rule.devices).channels:
        raise VerificationError("the devices of a negativity have no channels")
    operator, negative = context.find(Operator, rule.operator), step.witness
    if not isinstance(negative, Matrix) or negative.rows != operator.matrix.rows:
        raise VerificationError("negativity-at-most needs a negative part, of the order of the operator")
    negative.require_hermitian("the negative part")
    if isinstance(decide_psd(negative), Refuted) or isinstance(decide_psd(operator.matrix + negative), Refuted):
        raise VerificationError("the negative part, or what it leaves, is not positive semidefinite")
    if as_number(bound_of(step.statement)) < negative.trace():
        raise VerificationError("the negative part has a larger trace")


def verify_negativity_at_least(context: Context, step: Step) -> None:
    """A functional that is bounded from both sides on all quantum assemblages, and its value."""
    sigma = _one_view(context, step)
    valid, below, above = context.premises(step, 3)
    if valid != Statement("assemblage", assemblage=step.statement.assemblage):
        raise VerificationError("premise 0 is not that the assemblage is valid")
    if below.rule != "bound" or above.rule != "bound":
        raise VerificationError("premises 1 and 2 are not bounds on quantum assemblages")
    functional, opposite = (context.find(Functional, p.functional) for p in (below, above))
    if functional.scenario != sigma.scenario or opposite != functional.scale(-1):
        raise VerificationError("the functionals of the two bounds are not opposite ones")
    low, high = as_number(bound_of(below)), -as_number(bound_of(above))
    if not low < high:
        # A functional that is constant on all assemblages would prove anything.
        raise VerificationError("the two bounds leave no room between them")
    if low - functional.value(sigma) < as_number(bound_of(step.statement)) * (high - low):
        raise VerificationError("the two bounds and the value prove less")

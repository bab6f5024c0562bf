"""Proofs about models, thresholds and negativity, composed: functions append steps to a draft and return a number.

Above: classification, claims, the command line. Below: drafts, models, negativity.
"""

from __future__ import annotations

from fractions import Fraction

from steeralg.arguments import checked
from steeralg.certificates.compose import Draft
from steeralg.certificates.negativity import NegativityBracket
from steeralg.certificates.proof import Proof
from steeralg.certificates.steps import Statement, Step
from steeralg.errors import InputError, UndecidedError
from steeralg.exact.number import Number, as_bound, as_number
from steeralg.models.lhs import SteeringInequality
from steeralg.models.local import decide_local
from steeralg.models.projective import ProjectiveModel
from steeralg.models.threshold import ThresholdBracket
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.local_model import LocalModel, PseudoModel
from steeralg.objects.realisation import Realisation
from steeralg.objects.sequential import SequentialRealisation
from steeralg.verdict import Proved

Quantum = Realisation | SequentialRealisation
"""An explicit quantum realisation, of rounds of measurements or of separate black boxes."""


def pseudo_local(draft: Draft, name: str, model: PseudoModel, claimed: bool = True) -> int:
    """State that an assemblage has a model with Hermitian hidden states; an affine combination, where it is one."""
    rule = "affine-local" if model.is_affine else "pseudo-local"
    return draft.step(Step(Statement(rule, assemblage=name), model=model), claimed)


def realised(draft: Draft, name: str, by: Quantum, claimed: bool = True) -> int:
    """State that an assemblage is quantum, by a realisation that is added as `name_rho` and `name_devices`."""
    draft.auxiliary |= {f"{name}_rho": by.operator, f"{name}_devices": by.devices}
    return draft.quantum_by_model(name, f"{name}_rho", f"{name}_devices", claimed)


def projective_local(draft: Draft, name: str, model: ProjectiveModel, claimed: bool = True) -> int:
    """State that a qubit assemblage gives local correlations for all projective measurements."""
    return draft.step(Step(Statement("projective-local", assemblage=name), witness=model), claimed)


def povm_local(draft: Draft, name: str, data: str, model: ProjectiveModel) -> int:
    """State that the qutrit extension of a qubit assemblage gives local correlations for all POVMs."""
    premise = projective_local(draft, data, model)
    return draft.step(Step(Statement("povm-local", assemblage=name, data=data), premises=(premise,)), True)


def negativity_between(
    draft: Draft, name: str, bracket: NegativityBracket, ends: tuple[Fraction | None, Fraction | None] = (None, None)
) -> None:
    """State the ends of a bracket of the negativity; what they need is added as `name_G`, `name_W` and so on.

    `ends` are stated instead if given, and have to be outside of the bracket. Raises InputError if they are not, and
    for an upper end with channels: they have to be applied to its operator first.
    """
    least, most = ends
    if (least is not None and bracket.lower < Number.of(least)) or (
        most is not None and (bracket.upper is None or Number.of(most) < bracket.upper)
    ):
        raise InputError(f"the negativity is in {bracket}, which does not prove that it is between {least} and {most}")
    if bracket.below is not None and bracket.lower.sign() > 0:
        valid = draft.valid(name)
        low = draft.bound(f"{name}_G", bracket.below.low)
        high = draft.bound(f"{name}_minus_G", bracket.below.high)
        end = as_bound(bracket.lower if least is None else least)
        statement = Statement("negativity-at-least", assemblage=name, bound=end)
        draft.step(Step(statement, premises=(valid, low, high)), True)
    if bracket.above is not None:
        if bracket.above.devices.channels:
            raise InputError("the upper end has channels; apply them to the operator and its negative part first")
        operator, devices = f"{name}_W", f"{name}_W_devices"
        draft.auxiliary |= {operator: bracket.above.operator, devices: bracket.above.devices}
        born = draft.born(name, operator, devices)
        end = as_bound(bracket.above.value if most is None else most)
        statement = Statement("negativity-at-most", assemblage=name, bound=end)
        draft.step(Step(statement, premises=(born,), witness=bracket.above.negative), True)


@checked
def local_threshold_proof(name: str, source: str, bracket: ThresholdBracket) -> Proof:
    """Return the proof of how much "noise" makes "sigma" local: the least weight, where it is known exactly.

    Otherwise "high" is a local mixture, and "low" one with less noise that is not local. Raises UndecidedError if no
    local model of the noise is found.
    """
    draft = Draft(name, source, bracket.data.scenario, {"sigma": bracket.data})
    if bracket.below is None and bracket.upper == 0:
        draft.local("sigma", bracket.above)
        return draft.proof()
    draft.objects["noise"] = bracket.noise
    # Noise that meets the bound itself, with weight 1, does not show that less of it is too little.
    exact = bracket.is_closed and bracket.below is not None and bracket.upper != 1
    home = draft.auxiliary if exact else draft.objects
    home["high"] = bracket.data.mix(bracket.noise, bracket.upper)
    mixing = draft.mixture("high", "noise", "sigma", bracket.upper, claimed=not exact)
    local = draft.local("high", bracket.above, claimed=not exact)
    if bracket.below is None:
        return draft.proof()
    if exact:
        limit = draft.local_bound("F", bracket.below)
        statement = Statement("local-threshold", noise="noise", data="sigma", weight=bracket.upper)
        premises = (mixing, local, limit, draft.local("noise", _local(bracket.noise), claimed=False))
        draft.step(Step(statement, premises=premises), True)
        return draft.proof()
    weight = _less(bracket, bracket.below)
    draft.objects["low"] = bracket.data.mix(bracket.noise, weight)
    draft.mixture("low", "noise", "sigma", weight)
    draft.nonlocal_by("low", "F", bracket.below)
    return draft.proof()


def _local(noise: Assemblage) -> LocalModel:
    verdict = decide_local(noise)
    if not isinstance(verdict, Proved):
        raise UndecidedError("no local hidden state model of the noise was found")
    return verdict.witness


def _less(bracket: ThresholdBracket, below: SteeringInequality) -> Fraction | Number:
    """The lower end, or if the inequality is only just met there a slightly smaller rational number."""
    value = below.functional.value(bracket.data.mix(bracket.noise, bracket.lower))
    if value < as_number(below.bound):
        return bracket.lower
    return max(as_number(bracket.lower).enclosure(64)[0] - Fraction(1, 1 << 40), Fraction(0))

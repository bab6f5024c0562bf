"""Proofs about maps, operators and images, composed: functions append steps to a draft and return a step's number.

Above: claims, the command line. Below: drafts, verdicts of positivity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from steeralg.arguments import checked
from steeralg.certificates.compose import Draft
from steeralg.certificates.map_rules import image
from steeralg.certificates.proof import Proof
from steeralg.certificates.steps import Statement, Step, Witness
from steeralg.errors import InputError, UndecidedError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.maps.linear import LinearMap
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.devices import Operator
from steeralg.objects.events import EventSet, always_extendible, letters
from steeralg.objects.realisation import Realisation
from steeralg.objects.scenario import Scenario
from steeralg.positivity.decomposable import Decomposition, PPTOperator
from steeralg.positivity.maps import choi_operator, decide_positive
from steeralg.positivity.squares import BlockPositivity
from steeralg.positivity.values import NegativeProduct
from steeralg.verdict import Proved, Refuted

_RULES: dict[type, str] = {
    BlockPositivity: "block-positive",
    NegativeProduct: "not-block-positive",
    Decomposition: "decomposable",
    PPTOperator: "not-decomposable",
}


def witnessed(draft: Draft, operator: str, witness: Witness, claimed: bool = False) -> int:
    """State what a witness proves of an operator; the operator is added if it is not there."""
    if not isinstance(witness, BlockPositivity | NegativeProduct | Decomposition | PPTOperator):
        raise InputError(f"a witness of type {type(witness).__name__} is not about an operator")
    if operator not in draft.objects:
        draft.auxiliary.setdefault(operator, witness.operator)
    return draft.step(Step(Statement(_RULES[type(witness)], operator=operator), witness=witness), claimed)


def trace_preserving(draft: Draft, operator: str, claimed: bool = False) -> int:
    """State that the map with a Choi matrix preserves the trace."""
    return draft.step(Step(Statement("trace-preserving", operator=operator)), claimed)


@checked
def operator_proof(name: str, source: str, operator: Operator, witnesses: Sequence[Witness]) -> Proof:
    """Return the proof of what some witnesses say of an operator, "C" in the claim.

    If it is the Choi matrix of a trace-preserving map, that is stated, too. Raises InputError for a witness that is not
    about an operator.
    """
    draft = Draft(name, source, Scenario.of([(1,)], 1), {"C": operator})
    for witness in witnesses:
        witnessed(draft, "C", witness, claimed=True)
    if len(operator.dims) == 2 and LinearMap(*operator.dims, operator.matrix).is_trace_preserving:
        trace_preserving(draft, "C", claimed=True)
    return draft.proof()


@checked
def map_proof(name: str, source: str, linear_map: LinearMap, witnesses: Sequence[Witness]) -> Proof:
    """Return the proof of what some witnesses say of a map, whose Choi matrix is the operator "C" of the claim.

    Raises InputError for a witness that is not about an operator.
    """
    return operator_proof(name, source, choi_operator(linear_map), witnesses)


def quantum_correlations(
    draft: Draft,
    name: str,
    data: Assemblage,
    realisation: Realisation,
    maps: Mapping[str, LinearMap],
    views: Sequence[str],
    positivity: Mapping[str, BlockPositivity] | None = None,
) -> int:
    """State that an assemblage gives only quantum correlations: it is the image of quantum data under positive maps.

    `maps` are positive, trace-preserving maps by name, `views` the name of the map of every view; `data` is given by
    the realisation. Certificates of positivity that are at hand are in `positivity`, others are looked for. Raises
    InputError for a map that is not positive, UndecidedError if none is found.
    """
    before = f"{name}_before"
    draft.objects.setdefault(before, data)
    draft.auxiliary |= {f"{before}_rho": realisation.operator, f"{before}_devices": realisation.devices}
    premises = [draft.quantum_by_model(before, f"{before}_rho", f"{before}_devices", claimed=False)]
    premises.append(image_step(draft, name, before, views, maps))
    for key in sorted(set(views)):
        certificate = (positivity or {}).get(key) or positive(maps[key])
        premises += [witnessed(draft, key, certificate, claimed=True), trace_preserving(draft, key, claimed=True)]
    return draft.step(Step(Statement("quantum-correlations", assemblage=name), premises=tuple(premises)), True)


def image_step(
    draft: Draft, name: str, data: str, views: Sequence[str], maps: Mapping[str, LinearMap], claimed: bool = True
) -> int:
    """State that an assemblage is the image of another one; the Choi matrices of the maps belong to the claim."""
    for key in views:
        draft.objects.setdefault(key, choi_operator(maps[key]))
    statement = Statement("image", assemblage=name, data=data, maps=" ".join(views))
    return draft.step(Step(statement), claimed)


def positive(linear_map: LinearMap) -> BlockPositivity:
    """Return a certificate that a map is positive. Raises InputError if it is not, UndecidedError."""
    verdict = decide_positive(linear_map)
    if isinstance(verdict, Refuted):
        raise InputError(f"the map is not positive: a product vector has the value {verdict.witness.value}")
    if not isinstance(verdict, Proved):
        raise UndecidedError(verdict.reason)
    return verdict.witness


def product_basis(draft: Draft, vectors: str) -> int:
    """State that a product basis of the claim is one, and unextendible."""
    draft.step(Step(Statement("product-basis", vectors=vectors)), True)
    return draft.step(Step(Statement("unextendible", vectors=vectors)), True)


def basis_witness(draft: Draft, operator: str, vectors: str, eps: Number) -> int:
    """State that an operator is (Pi - eps)/(n - D eps) for a product basis."""
    bound = eps.fraction() if eps.is_rational else eps
    return draft.step(Step(Statement("witness", operator=operator, vectors=vectors, bound=bound)), True)


def traced_out(draft: Draft, name: str, data: str, realisation: Realisation) -> int:
    """State that the black boxes of an assemblage alone, the behaviour `name`, are quantum."""
    sigma = draft.objects[data]
    if not isinstance(sigma, Assemblage):
        raise InputError(f"{data} is no assemblage")
    trace = LinearMap(sigma.scenario.dim, 1, Matrix.identity(sigma.scenario.dim))
    draft.objects.setdefault(name, image(sigma, [trace], sigma))
    image_step(draft, name, data, ["trace"], {"trace": trace})
    draft.auxiliary |= {f"{name}_rho": realisation.operator, f"{name}_devices": realisation.devices}
    return draft.quantum_by_model(name, f"{name}_rho", f"{name}_devices")


def extendible_events(draft: Draft, events: str) -> int:
    """State that events of the claim are a maximal orthogonal set, and extendible for every choice of bases."""
    found = draft.objects[events]
    if not isinstance(found, EventSet):
        raise InputError(f"{events} is no set of events")
    verdict = always_extendible(found.outcomes, found.events)
    if not isinstance(verdict, Proved):
        raise InputError("almost every choice of bases gives an unextendible basis")
    boxes = tuple(
        next(k for k, chosen in enumerate(verdict.witness) if letters(event)[k] in chosen) for event in found.events
    )
    draft.step(Step(Statement("maximal-events", events=events)), True)
    return draft.step(Step(Statement("extendible-events", events=events), witness=boxes), True)

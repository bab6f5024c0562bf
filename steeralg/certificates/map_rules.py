"""The rules on operators, maps, product bases and events: one function for each rule of FORMAT.md.

Above: the list of all rules. Below: contexts, positivity, objects. Every function raises a typed SteeralgError unless
the step holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from steeralg.certificates.context import Context
from steeralg.certificates.steps import Statement, Step
from steeralg.errors import VerificationError
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import Number, as_number
from steeralg.exact.tensor import kron
from steeralg.maps.linear import LinearMap
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.devices import Operator
from steeralg.objects.events import EventSet, is_maximal, letters, require_orthogonal
from steeralg.objects.product_basis import ProductBasis, decide_unextendible, ray_projector
from steeralg.objects.scenario import Label, Scenario
from steeralg.positivity.decomposable import Decomposition, PPTOperator
from steeralg.positivity.squares import BlockPositivity
from steeralg.positivity.values import NegativeProduct
from steeralg.verdict import Refuted

OnOperator = TypeVar("OnOperator", BlockPositivity, NegativeProduct, Decomposition, PPTOperator)


def _witness(context: Context, step: Step, kind: type[OnOperator]) -> tuple[Operator, OnOperator]:
    """The operator of the step, and its evidence: as in a file, no matter which operator it was found for."""
    operator = context.find(Operator, step.statement.operator)
    if not isinstance(step.witness, kind):
        raise VerificationError(f"{step.statement.rule} needs a witness of type {kind.__name__}")
    return operator, step.witness


def verify_block_positive(context: Context, step: Step) -> None:
    """A sum of squared moduli."""
    operator, found = _witness(context, step, BlockPositivity)
    if not found.blocks:
        raise VerificationError("a sum of squares has at least one block")
    BlockPositivity.verified(operator, found.copies, found.blocks)


def verify_not_block_positive(context: Context, step: Step) -> None:
    """A product vector with a negative value."""
    operator, found = _witness(context, step, NegativeProduct)
    NegativeProduct.verified(operator, found.vectors)


def verify_decomposable(context: Context, step: Step) -> None:
    """A sum of partial transposes of positive operators."""
    operator, found = _witness(context, step, Decomposition)
    if not found.parts:
        raise VerificationError("a decomposition has at least one part")
    Decomposition.verified(operator, found.parts)


def verify_not_decomposable(context: Context, step: Step) -> None:
    """A PPT operator with a negative trace."""
    operator, found = _witness(context, step, PPTOperator)
    PPTOperator.verified(operator, found.matrix)


def _map(context: Context, name: str | None) -> LinearMap:
    operator = context.find(Operator, name)
    if len(operator.dims) != 2:
        raise VerificationError(f"{name!r} is no Choi matrix: it has {len(operator.dims)} factors")
    return LinearMap(*operator.dims, operator.matrix)


def verify_trace_preserving(context: Context, step: Step) -> None:
    """The map with this Choi matrix preserves the trace."""
    if not _map(context, step.statement.operator).is_trace_preserving:
        raise VerificationError(f"the map {step.statement.operator!r} does not preserve the trace")


def verify_image(context: Context, step: Step) -> None:
    """Each view is the image of the same view of the data, or of the only one."""
    sigma = context.find(Assemblage, step.statement.assemblage)
    data = context.find(Assemblage, step.statement.data)
    maps = [_map(context, name) for name in (step.statement.maps or "").split(" ")]
    if not sigma.agrees_with(image(data, maps, sigma)):
        raise VerificationError("the assemblage is not the image of the data under the maps")


def image(data: Assemblage, maps: Sequence[LinearMap], like: Assemblage) -> Assemblage:
    """Return the image of some data under one map for each view that another assemblage has, observed as that one is.

    Data of one view are taken for every input. What is not observed need not be an assemblage. Raises VerificationError
    where parties and maps do not fit.
    """
    given, seen = data.scenario, like.scenario
    same = given.black_boxes == seen.black_boxes and len(given.trusted) == len(seen.trusted)
    views = given.views if given.has_input or not seen.has_input else given.views * len(seen.views)
    fitting = [m.dim_in for m in maps] == list(views) and len(maps) == len(seen.views)
    dims = [m.dim_out for m in maps]
    if given.instrumental or not same or not fitting or (seen.has_input and len(set(dims)) > 1):
        raise VerificationError("the data are instrumental, or their parties are not those of the maps and the image")
    trusted = tuple(replace(party, dim=dim) for party, dim in zip(seen.trusted, dims, strict=False))
    scenario = Scenario(given.black_boxes, trusted, seen.instrumental)
    elements: dict[Label, Matrix] = {}
    for label in scenario.labels():
        view = scenario.view(label)
        elements[label] = maps[view](data.elements[given.label(label[0], label[1], view)])
    return Assemblage(scenario, elements)


def verify_quantum_correlations(context: Context, step: Step) -> None:
    """The image of quantum data under positive trace-preserving maps."""
    name = step.statement.assemblage
    origin, found, *others = context.premises(step, max(4, len(step.premises)))
    if found.rule != "image" or found.assemblage != name:
        raise VerificationError("premise 1 is not that the assemblage is an image")
    if origin != Statement("quantum", assemblage=found.data):
        raise VerificationError("premise 0 is not that the data of premise 1 are quantum")
    needed = {
        Statement(rule, operator=operator)
        for operator in (found.maps or "").split(" ")
        for rule in ("block-positive", "trace-preserving")
    }
    if set(others) != needed or len(others) != len(needed):
        raise VerificationError("the other premises are not that every map is positive and preserves the trace")


def verify_product_basis(context: Context, step: Step) -> None:
    """Orthogonal product vectors, fewer than dimensions."""
    basis = context.find(ProductBasis, step.statement.vectors)
    if not basis.is_orthogonal or len(basis) >= basis.dim:
        raise VerificationError(f"{step.statement.vectors!r} are not orthogonal, or as many as there are dimensions")


def verify_unextendible(context: Context, step: Step) -> None:
    """No product vector is orthogonal to all."""
    if isinstance(decide_unextendible(context.find(ProductBasis, step.statement.vectors)), Refuted):
        raise VerificationError(f"some product vector is orthogonal to all of {step.statement.vectors!r}")


def verify_witness(context: Context, step: Step) -> None:
    """(n - D e) W = sum of the projectors on the members - e 1."""
    statement = step.statement
    operator = context.find(Operator, statement.operator)
    basis = context.find(ProductBasis, statement.vectors)
    if statement.bound is None or operator.dims != basis.dims:
        raise VerificationError(f"{statement.operator!r} and {statement.vectors!r} do not fit")
    e = as_number(statement.bound)
    factor = Number.of(len(basis)) - e * Number.of(basis.dim)
    if factor.sign() <= 0:
        raise VerificationError("n - D e is not positive")
    projectors = total(kron(*map(ray_projector, member)) for member in basis.vectors)
    right = projectors - Matrix.identity(basis.dim).scale(e)
    if not (operator.matrix.scale(factor) - right).is_zero:
        raise VerificationError(f"{statement.operator!r} is another operator")


def verify_maximal_events(context: Context, step: Step) -> None:
    """Orthogonal events, and no further one is orthogonal to all."""
    found = context.find(EventSet, step.statement.events)
    require_orthogonal(found.events)
    if not is_maximal(found.outcomes, found.events):
        raise VerificationError(f"a further event is orthogonal to all of {step.statement.events!r}")


def verify_extendible_events(context: Context, step: Step) -> None:
    """At every box fewer letters than dimensions."""
    found, boxes = context.find(EventSet, step.statement.events), step.witness
    if not isinstance(boxes, tuple) or len(boxes) != len(found.events):
        raise VerificationError("extendible-events needs a box for each event")
    for k, outcomes in enumerate(found.outcomes):
        shown = {letters(event)[k] for event, box in zip(found.events, boxes, strict=True) if box == k}
        if len(set(outcomes)) != 1 or len(shown) >= outcomes[0]:
            raise VerificationError(f"box {k}: {len(shown)} different letters may span the space")
    if not set(boxes) <= set(range(len(found.outcomes))):
        raise VerificationError("an event is given to a box that there is not")

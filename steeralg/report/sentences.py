"""One English sentence for each statement and each witness: the one source of all formats.

Above: the formats. Below: the document model, proofs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from steeralg.certificates.proof import Proof
from steeralg.certificates.steps import Object, Statement, Step, Witness
from steeralg.exact.field import Field
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_number
from steeralg.models.projective import ProjectiveModel
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.devices import Devices, Operator
from steeralg.objects.events import EventSet
from steeralg.objects.functional import Functional
from steeralg.objects.product_basis import ProductBasis
from steeralg.objects.sequential import SequentialDevices
from steeralg.positivity.decomposable import Decomposition, PPTOperator
from steeralg.positivity.squares import BlockPositivity
from steeralg.positivity.values import NegativeProduct, square_norm
from steeralg.report.document import (
    DIGITS,
    Atom,
    Document,
    File,
    Formula,
    Item,
    Power,
    Quantity,
    Sentence,
    Sign,
    Symbol,
    compose,
    visible,
)

_SENTENCES = {
    "assemblage": "{assemblage} is a valid no-signalling assemblage.",
    "parent": "{assemblage} is what its scenario observes of the no-signalling assemblage {parent}.",
    "bound": "$<<{functional}, {any}>> >= {bound}$ for every quantum assemblage ${any}$.",
    "local-bound": "$<<{functional}, {any}>> >= {bound}$ for every assemblage ${any}$ with a local hidden state model.",
    "no-signalling-bound": "$<<{functional}, {any}>> >= {bound}$ for every no-signalling assemblage ${any}$.",
    "violation": "$<<{functional}, {assemblage}>> = {value} < {bound}$.",
    "postquantum": "{assemblage} is postquantum: it has no quantum realisation.",
    "born": "{assemblage} is what the Born rule gives for {operator} and {devices}.",
    "state": "{operator} is a quantum state.",
    "mixture": "{assemblage} is {weight} of {noise} and the rest of {data}.",
    "quantum": "{assemblage} has a quantum realisation.",
    "local": "{assemblage} has a local hidden state model.",
    "pseudo-local": "{assemblage} has a model with hidden states that need not be positive (pseudo-LHS).",
    "affine-local": "{assemblage} is an affine combination of what local hidden states give (pseudo-LHS).",
    "projective-local": "{assemblage} gives local correlations for all projective measurements of the trusted qubit.",
    "povm-local": "{assemblage}, {data} in one dimension more, gives local correlations for all POVMs.",
    "local-threshold": "{weight} is the least weight of {noise} with which {data} has a local hidden state model.",
    "negativity-at-most": "The steering negativity of {assemblage} is at most {bound}.",
    "negativity-at-least": "The steering negativity of {assemblage} is at least {bound}.",
    "nonlocal": "{assemblage} has no local hidden state model.",
    "signalling": "{assemblage} is not what any no-signalling assemblage shows.",
    "block-positive": "{operator} is non-negative on all product vectors.",
    "not-block-positive": "{operator} is negative on some product vector.",
    "decomposable": "{operator} is decomposable: a sum of partial transposes of positive operators.",
    "not-decomposable": "{operator} is not decomposable.",
    "trace-preserving": "The map with the Choi matrix {operator} preserves the trace.",
    "image": "{assemblage} is the image of {data} under {maps}.",
    "quantum-correlations": "{assemblage} gives only quantum correlations, whatever each trusted party measures.",
    "product-basis": "{vectors} are orthogonal product vectors, fewer than dimensions.",
    "unextendible": "No product vector is orthogonal to all of {vectors}.",
    "witness": "$(n - D*e)*{operator} = Pi - e$, where $Pi$ is the sum of the projectors on the $n$ vectors {vectors}, "
    "$D$ the dimension and $e = {bound}$.",
    "maximal-events": "{events} are orthogonal events, and no further event is orthogonal to all of them.",
    "extendible-events": "Whatever bases the settings are, the product basis of {events} is extendible.",
}
_INSTRUMENTAL = {
    "assemblage": "{assemblage} is a valid general instrumental assemblage.",
    "signalling": "{assemblage} is not what any general instrumental assemblage shows.",
}
_CHOI = {
    "block-positive": "; a map with this Choi matrix is positive.",
    "not-block-positive": "; a map with this Choi matrix is not positive.",
}
"""What is added for two factors."""
_LETTERS = ("sigma", "tau", "omega", "x")
"""A letter for any assemblage, one that no object has for its name."""


def sentence(proof: Proof, statement: Statement) -> Sentence:
    """Return a statement as one sentence."""
    objects = proof.context.objects
    values: dict[str, Formula] = {key: _row(text) for key, text in statement.names.items()}
    values["any"] = (Sign(next(letter for letter in _LETTERS if letter not in objects)),)
    if statement.bound is not None:
        values["bound"] = (Quantity(as_number(statement.bound)),)
    if statement.weight is not None:
        values["weight"] = (Quantity(as_number(statement.weight), 0),)
    if statement.rule == "violation":
        bound, value = as_number(statement.bound or Fraction(0)), proof.value(statement)
        values["value"], values["bound"] = ((q,) for q in _apart(value, bound))
    return compose(_template(statement, objects), values)


def _row(names: str) -> Formula:
    """Return one name, or several with commas between."""
    atoms: list[Atom] = []
    for name in names.split(" "):
        atoms += [Sign(","), Symbol(name)] if atoms else [Symbol(name)]
    return tuple(atoms)


def _apart(value: Number, bound: Number) -> tuple[Quantity, Quantity]:
    """Return two different numbers with as many decimals as it takes to see the difference."""
    digits = DIGITS
    while value.decimal(digits) == bound.decimal(digits) and value != bound:
        digits += DIGITS
    return Quantity(value, digits), Quantity(bound, digits)


def _template(statement: Statement, objects: Mapping[str, Object]) -> str:
    sigma, operator = objects.get(statement.assemblage or ""), objects.get(statement.operator or "")
    template = _SENTENCES[statement.rule]
    if isinstance(sigma, Assemblage):
        if sigma.scenario.instrumental and statement.rule in _INSTRUMENTAL:
            return _INSTRUMENTAL[statement.rule]
        if sigma.scenario.sequential and statement.rule == "assemblage":
            return "{assemblage} is a valid assemblage of successive rounds."
    if statement.rule in _CHOI and isinstance(operator, Operator) and len(operator.dims) == 2:
        return template[:-1] + _CHOI[statement.rule]
    return template


# ---- what the statements rest on -------------------------------------------------------------------------------------
def reasons(proof: Proof) -> Iterator[Sentence]:
    """Yield what the theorem rests on: statements that are not in the claim, and certificates."""
    shown = set(proof.statements)
    for step in proof.steps:
        if step.statement not in shown:
            yield sentence(proof, step.statement)
            shown.add(step.statement)
        yield from _evidence(step)


def _evidence(step: Step) -> Iterator[Sentence]:
    functional, about = step.statement.functional, step.statement.assemblage
    if step.blocks or step.symmetric is not None:
        parts: list[str | Formula] = []
        for k, certificate in enumerate(_certificates(step)):
            parts += [*(("; ",) if k else ()), *certificate]
        yield ((Symbol(functional or ""),), ": ", *parts, ".")
    if step.model is not None:
        yield _of(about, f"{len(step.model.entries)} hidden states")
    if step.shares:
        yield _of(functional, f"shares of the bound for {len(step.shares)} strategies")
    if step.witness is not None:
        yield _of(step.statement.operator or step.statement.events or about, _witness(step.witness))


def _of(name: str | None, what: str) -> Sentence:
    return ((Symbol(name or ""),), f": {what}.")


def _certificates(step: Step) -> Iterator[Sentence]:
    for block in step.blocks:
        count, bits = len(block.words), block.gram.denominator.bit_length() - 1
        head = f"sum of squares over {count} word{'s' * (count > 1)}, Gram matrix of order {block.gram.rows}, "
        if bits and block.gram.denominator == 1 << bits:
            yield head + "grid ", (Power(2, -bits),)
        else:
            yield (f"{head}denominator {block.gram.denominator}",)
    if step.symmetric is not None:
        orders = ", ".join(str(len(block.words)) for block in step.symmetric.blocks)
        count = len(step.symmetric.generators)
        yield (f"sum of squares up to a group of symmetries ({count} generators), Gram matrices of orders {orders}",)


def _witness(witness: Witness) -> str:
    if isinstance(witness, BlockPositivity):
        orders = ", ".join(str(len(block.words)) for block in witness.blocks)
        return f"sum of squared moduli, copies {witness.copies}, Gram matrices of orders {orders}"
    if isinstance(witness, NegativeProduct):
        value = witness.value / square_norm(witness.vectors)
        return f"value {_seen(value)} at a normalised product vector"
    if isinstance(witness, Decomposition):
        cuts = ", ".join("none" if not cut else " and ".join(map(str, cut)) for cut in witness.parts)
        return f"positive parts, transposed on the factors {cuts}"
    if isinstance(witness, PPTOperator):
        value = witness.value / witness.matrix.trace()
        return f"trace {_seen(value)} with a state that has positive partial transposes"
    if isinstance(witness, ProjectiveModel):
        return f"{len(witness.entries)} hidden values, responses to {len(witness.directions)} directions"
    if isinstance(witness, Matrix):
        return f"a negative part of trace {_seen(witness.trace())}"
    return f"each event is left to one box, in their order {', '.join(map(str, witness))}"


def _seen(number: Number) -> str:
    """A non-zero number in decimals, as many as it takes to see a digit of it."""
    digits = DIGITS
    while not number.decimal(digits).strip("-0."):
        digits += DIGITS
    return number.decimal(digits)


# ---- the document ----------------------------------------------------------------------------------------------------
def document(proof: Proof, file: File | None = None) -> Document:
    """Return the document of a proof; that of its file, too, says how to check it."""
    objects = {**proof.objects, **proof.auxiliary}
    about = any(isinstance(value, Assemblage | Functional | EventSet | Devices) for value in objects.values())
    return Document(
        visible(proof.name),
        visible(proof.source),
        str(proof.scenario) if about else None,
        _field(proof.field),
        tuple(sentence(proof, statement) for statement in proof.statements),
        tuple(reasons(proof)),
        tuple(Item(name, kind(value), value, name in proof.objects) for name, value in objects.items()),
        file,
    )


def _field(field: Field) -> Formula:
    """Return the field of all entries, its generator spelt out."""
    if field.is_rational:
        return Sign("Q"), Sign("("), Sign("i"), Sign(")")
    theta = Number(field, (0, 1, *(0,) * (field.degree - 2)), field.embed(0))
    return Sign("Q"), Sign("("), Quantity(theta, 0), Sign(","), Sign("i"), Sign(")")


def kind(value: Object) -> str:
    """Return what an object is, in words."""
    if isinstance(value, Operator):
        return f"an operator on factors of dimensions {', '.join(map(str, value.dims))}"
    if isinstance(value, SequentialDevices):
        return "instruments (Choi matrices by round, setting and outcome), and the effects of the last round"
    if isinstance(value, Devices):
        return "measurements (effects by box, setting and outcome) and channels (Choi matrices by view)"
    if isinstance(value, ProductBasis):
        return f"product vectors of dimensions {', '.join(map(str, value.dims))}"
    if isinstance(value, EventSet):
        return f"events of {value.scenario}: " + "; ".join(value.scenario.key(event) for event in value.events)
    return f"{'an assemblage' if isinstance(value, Assemblage) else 'a functional'} for {value.scenario}"

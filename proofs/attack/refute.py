"""Second judgements of what the checker has accepted: the library's own exact layer, and refutations by example.

Above: the campaign. Below: steeralg, which is used for nothing but this; check.py is not. `proved` re-proves every step
with python-flint and the library's own rules. `refutation` does not look at certificates at all: it tests what a
statement says at things that are easily made, all exactly. A statement that fails is false.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cached_property
from itertools import combinations, islice, product
from random import Random
from typing import Any

from proofs.attack.known import Known
from proofs.attack.library import VALIDATE, library
from steeralg.certificates.proof import Proof
from steeralg.certificates.steps import Step
from steeralg.errors import SteeralgError
from steeralg.exact.convert import unify
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_number
from steeralg.exact.psd import decide_psd
from steeralg.exact.tensor import kron, partial_trace, partial_transpose
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.deterministic import strategy_operators
from steeralg.objects.devices import Operator
from steeralg.objects.events import are_orthogonal
from steeralg.positivity.values import value_on
from steeralg.verdict import Refuted

ORDER, SOME = 40, 12  # of matrices that are tested for positivity; of vectors and strategies that are tried


# ---- refutations -----------------------------------------------------------------------------------------------------
class Facts:
    """A statement with the objects it is about, what is known, and random numbers."""

    def __init__(self, proof: Proof, step: Step, known: Known, rng: Random) -> None:
        self.objects, self.step, self.statement, self.known, self.rng = (
            proof.context.objects,
            step,
            step.statement,
            known,
            rng,
        )

    def named(self, part: str) -> Any:
        """The object that plays a part."""
        return self.objects[getattr(self.statement, part)]

    @cached_property
    def bound(self) -> Number:
        """The bound."""
        return as_number(self.statement.bound)  # type: ignore[arg-type]

    def column(self, dim: int) -> Matrix:
        """A vector of small Gaussian integers, not 0."""
        re, im = ([self.rng.choice((-2, -1, 0, 0, 1, 2)) for _ in range(dim)] for _ in range(2))
        if not any(re + im):
            re[self.rng.randrange(dim)] = 1
        return Matrix.from_numbers([[_gaussian(a, b)] for a, b in zip(re, im, strict=True)], _gaussian(0, 0).field)

    def below(self, matrix: Matrix, bound: Number) -> bool:
        """Whether some state is found to be below a bound: always if the order is small and there is one."""
        n = matrix.rows
        over = unify([matrix, Matrix.from_numbers([[bound]], bound.field)])
        rest = over[0] - Matrix.identity(n, over[0].field).scale(over[1].entry(0, 0))
        if n <= ORDER:
            return isinstance(decide_psd(rest), Refuted)
        return any(value_on(Operator((n,), rest), [self.column(n)]).sign() < 0 for _ in range(SOME))

    def exceeds(self, assemblages: list[Assemblage]) -> bool:
        """Whether some assemblage of the scenario is below the bound of the functional."""
        functional = self.named("functional")
        same = [a for a in assemblages if a.scenario == functional.scenario and _fit(a, functional)]
        return any(functional.value(a) < self.bound for a in same)


def _gaussian(a: int, b: int) -> Number:
    zero = Number.of(0)
    return Number(zero.field, (a,), (b,), 1)


def _fit(one: Any, other: Any) -> bool:
    """Whether two objects can be calculated with together."""
    return bool(one.field == other.field or one.field.is_rational or other.field.is_rational)


def local_bound(facts: Facts) -> str:
    """Deterministic strategies of the boxes, with states of every view."""
    functional = facts.named("functional")
    every = list(islice(strategy_operators(functional), 4096))
    for operators in facts.rng.sample(every, min(len(every), SOME)):
        if len(operators) == 1:
            if facts.below(operators[0], facts.bound):
                return "a deterministic strategy is below the bound"
            continue
        values = []
        for operator in operators:
            trials = [facts.column(operator.rows) for _ in range(4)]
            pairs = [(value_on(Operator((v.rows,), operator), [v]), (v.adjoint @ v).entry(0, 0)) for v in trials]
            values.append(min((_quotient(x, norm) for x, norm in pairs), key=_Ordered))
        if sum(values[1:], values[0]) < facts.bound:
            return "a deterministic strategy with pure states is below the bound"
    return "a local assemblage is below the bound" if facts.exceeds(facts.known.assemblages.get("local", [])) else ""


class _Ordered:
    """Numbers as keys."""

    def __init__(self, value: Number) -> None:
        self.value = value

    def __lt__(self, other: _Ordered) -> bool:
        return self.value < other.value


def _quotient(x: Number, norm: Number) -> Number:
    return x * Number.of(1 / norm.fraction(), x.field)


def quantum_bound(facts: Facts) -> str:
    """What local strategies give, and explicit quantum assemblages; random projectors as black boxes."""
    functional = facts.named("functional")
    if reason := local_bound(facts):
        return reason
    if facts.exceeds(facts.known.assemblages.get("quantum", [])):
        return "a quantum assemblage is below the bound"
    scenario = functional.scenario
    if len(scenario.views) > 1 or not functional.elements:
        return ""
    d = max(d for box in scenario.black_boxes for d in box.outcomes)
    boxes = [[_projectors(facts.rng, d, n) for n in box.outcomes] for box in scenario.black_boxes]
    if d ** len(boxes) * scenario.dim > 81:
        return ""
    total: Matrix | None = None
    for (a, x), matrix in functional.elements.items():
        effects = [box[k][j] for box, k, j in zip(boxes, x, a, strict=True)]
        term = kron(*unify([*effects, matrix]))
        total = term if total is None else total + term
    assert total is not None
    return "random projectors give a value below the bound" if facts.below(total, facts.bound) else ""


def _projectors(rng: Random, dim: int, outcomes: int) -> list[Matrix]:
    """Rational orthogonal projectors with sum 1: those on coordinate axes, reflected."""
    v = [Fraction(rng.choice((-1, 1)) * rng.randrange(1, 5)) for _ in range(dim)]
    norm = sum(x * x for x in v)
    turn = Matrix.rational([[(i == j) - 2 * v[i] * v[j] / norm for j in range(dim)] for i in range(dim)])
    of = rng.sample([i % outcomes for i in range(dim)], dim)
    flat = [
        Matrix.rational([[int(i == j and of[i] == a) for j in range(dim)] for i in range(dim)]) for a in range(outcomes)
    ]
    return [turn @ m @ turn for m in flat]


def no_signalling_bound(facts: Facts) -> str:
    """Local strategies, and valid assemblages."""
    found = facts.exceeds(facts.known.assemblages.get("assemblage", []))
    return local_bound(facts) or ("a valid assemblage is below the bound" if found else "")


def valid(facts: Facts) -> str:
    """Every statement that gives an assemblage some realisation says that it is valid."""
    try:
        VALIDATE(facts.named("assemblage"))
    except SteeralgError as error:
        return f"the assemblage is not valid: {error}"[:200]
    return ""


def obeys(*kinds: str) -> Callable[[Facts], str]:
    """An assemblage of a set obeys the bounds of that set that the original files prove."""

    def refute(facts: Facts) -> str:
        sigma = facts.named("assemblage")
        for kind in kinds:
            for functional, bound in facts.known.bounds.get(kind, []):
                if (
                    functional.scenario == sigma.scenario
                    and _fit(sigma, functional)
                    and functional.value(sigma) < bound
                ):
                    return f"the assemblage violates a {kind}"
        return valid(facts)

    return refute


def postquantum(facts: Facts) -> str:
    """One box without input always has a realisation (Gisin; Hughston, Jozsa and Wootters); so have rounds."""
    scenario = facts.named("assemblage").scenario
    trivial = scenario.sequential or (len(scenario.black_boxes) == 1 and len(scenario.views) == 1)
    return "there are no postquantum assemblages in this scenario" if trivial else valid(facts)


def nonlocal_(facts: Facts) -> str:
    """With one setting for each box everything is local."""
    scenario = facts.named("assemblage").scenario
    single = all(len(box.outcomes) == 1 for box in scenario.black_boxes) and not scenario.instrumental
    return "one setting for each box" if single and len(scenario.views) == 1 else valid(facts)


def signalling(facts: Facts) -> str:
    """Valid assemblages are what no-signalling ones show."""
    scenario = facts.named("assemblage").scenario
    alone = not scenario.instrumental and len(scenario.trusted) == 1
    return "the assemblage is valid" if alone and not valid(facts) else ""


def violation(facts: Facts) -> str:
    """The value again, entry by entry: a sum over all pairs of entries."""
    functional, sigma = facts.named("functional"), facts.named("assemblage")
    value = Number.of(0)
    for label, matrix in functional.elements.items():
        one, other = unify([matrix, sigma.elements[label]])
        for i, j in product(range(one.rows), repeat=2):
            value = value + one.entry(i, j) * other.entry(j, i)
    return "" if value < facts.bound else "the value is not below the bound"


def block_positive(facts: Facts) -> str:
    """Product vectors."""
    operator = facts.named("operator")
    trials = ([facts.column(d) for d in operator.dims] for _ in range(2 * SOME))
    return "a product vector has a negative value" if any(value_on(operator, t).sign() < 0 for t in trials) else ""


def decomposable(facts: Facts) -> str:
    """Product vectors, and operators with positive partial transposes."""
    operator = facts.named("operator")
    for dims, matrix in facts.known.ppt:
        if dims == operator.dims and _fit(operator, matrix) and operator.matrix.inner(matrix).sign() < 0:
            return "a PPT operator has a negative value"
    return block_positive(facts)


def transposes(operator: Operator) -> Iterator[Matrix]:
    """All partial transposes."""
    k = len(operator.dims)
    for size in range(k):
        for factors in combinations(range(k), size):
            yield partial_transpose(operator.matrix, operator.dims, factors)


def not_decomposable(facts: Facts) -> str:
    """No partial transpose is positive."""
    operator = facts.named("operator")
    if operator.matrix.rows <= ORDER and not all(isinstance(decide_psd(m), Refuted) for m in transposes(operator)):
        return "a partial transpose is positive semidefinite"
    return ""


def state(facts: Facts) -> str:
    """Values and the trace."""
    operator = facts.named("operator")
    trials = [facts.column(operator.matrix.rows) for _ in range(SOME)]
    whole = Operator((operator.matrix.rows,), operator.matrix)
    positive = all(value_on(whole, [v]).sign() >= 0 for v in trials)
    return "" if positive and operator.matrix.trace() == Number.of(1, operator.field) else "not a state"


def trace_preserving(facts: Facts) -> str:
    """The partial trace, by the library."""
    operator = facts.named("operator")
    found = partial_trace(operator.matrix, operator.dims, [1])
    return "" if (found - Matrix.identity(found.rows, found.field)).is_zero else "the trace is not preserved"


def witness(facts: Facts) -> str:
    """The trace of (sum of projectors - e 1)/(n - D e) is 1."""
    operator = facts.named("operator")
    return "" if operator.matrix.trace() == Number.of(1, operator.field) else "the trace is not 1"


def product_basis(facts: Facts) -> str:
    """Inner products of the whole vectors."""
    basis = facts.named("vectors")
    whole = [kron(*unify(list(member))) for member in basis.vectors]
    overlaps = (v.adjoint @ w for v, w in combinations(whole, 2))
    return "" if len(whole) < basis.dim and all(m.is_zero for m in overlaps) else "not orthogonal, or a basis"


def unextendible(facts: Facts) -> str:
    """Each factor can take d - 1 members."""
    basis = facts.named("vectors")
    few = len(basis.vectors) <= sum(d - 1 for d in basis.dims)
    return "so few product vectors always are extendible" if few else ""


def maximal(facts: Facts) -> str:
    """By the definition."""
    found = facts.named("events")
    if not all(are_orthogonal(v, w) for v, w in combinations(found.events, 2)):
        return "two events are not orthogonal"
    others = (label for label in found.scenario.labels() if label not in found.events)
    more = any(all(are_orthogonal(label, event) for event in found.events) for label in others)
    return "a further event is orthogonal to all" if more else ""


def negativity(facts: Facts) -> str:
    """A negativity is not negative; that of a known quantum assemblage is 0."""
    sigma, most = facts.named("assemblage"), facts.statement.rule == "negativity-at-most"
    if most:
        return "a negative negativity" if facts.bound.sign() < 0 else valid(facts)
    quantum = any(
        sigma.scenario == a.scenario and sigma.agrees_with(a)
        for a in facts.known.assemblages.get("quantum", [])
        if _fit(sigma, a)
    )
    return "a quantum assemblage" if quantum and facts.bound.sign() > 0 else valid(facts)


REFUTERS: dict[str, Callable[[Facts], str]] = {
    "assemblage": valid,
    "bound": quantum_bound,
    "local-bound": local_bound,
    "no-signalling-bound": no_signalling_bound,
    "violation": violation,
    "postquantum": postquantum,
    "nonlocal": nonlocal_,
    "signalling": signalling,
    "quantum": obeys("bound", "no-signalling-bound"),
    "local": obeys("local-bound", "bound", "no-signalling-bound"),
    "quantum-correlations": valid,
    "projective-local": valid,
    "povm-local": valid,
    "negativity-at-most": negativity,
    "negativity-at-least": negativity,
    "state": state,
    "block-positive": block_positive,
    "decomposable": decomposable,
    "not-decomposable": not_decomposable,
    "trace-preserving": trace_preserving,
    "witness": witness,
    "product-basis": product_basis,
    "unextendible": unextendible,
    "maximal-events": maximal,
}
"""By rule; of the others only the library judges, and statements that exclude each other are looked for."""


def refutation(proof: Proof, known: Known, rng: Random) -> str:
    """Why some statement of the steps is false, or ''. What goes wrong on the way counts as well."""
    with library():
        for number, step in enumerate(proof.steps):
            refuter = REFUTERS.get(step.statement.rule)
            try:
                reason = refuter(Facts(proof, step, known, rng)) if refuter else ""
            except Exception as error:
                reason = f"crash: {type(error).__name__}: {error}"[:200]
            if reason:
                return f"step {number} ({step.statement.rule}): {reason}"
        return known.contradiction(proof)

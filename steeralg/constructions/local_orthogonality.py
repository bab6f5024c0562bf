"""Local-orthogonality inequalities, their sums of squares by hand, and the product bases of their events.

Above: Gleason assemblages, claims. Below: events, product bases, certificates. For mutually orthogonal events the
projectors P_e are mutually orthogonal in every quantum model, so 1 - sum P_e is a projector, its own square: the
certificate needs no solver (Fritz et al., Nat. Commun. 4, 2263 (2013); SAPHS18 Sec. 6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import prod

from steeralg.algebra.word import element_word, projector_algebra
from steeralg.arguments import checked
from steeralg.certificates.certificate import Block, BoundCertificate
from steeralg.errors import InputError, ScenarioError
from steeralg.exact.blocks import side_by_side
from steeralg.exact.convert import unify
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.tensor import kron
from steeralg.objects.behaviour import bell_functional
from steeralg.objects.events import require_events
from steeralg.objects.functional import Functional
from steeralg.objects.local_bases import LocalBases
from steeralg.objects.product_basis import ray_projector
from steeralg.objects.scenario import MAX_BOXES, Label, Scenario


@checked
def guess_your_neighbours_input(n: int) -> tuple[Label, ...]:
    """Return the 2^(n-1) events of the n-party inequality of Almeida et al., PRL 104, 230404 (2010), n >= 3.

    Every party outputs the next one's input, a_k = x_(k+1), the last one the first's. The inputs are those of even
    parity: of all parties for odd n, of all but the last for even n, so that no two of them are complementary. The
    events are mutually orthogonal: going round, two inputs that agree at a party and differ at the next one make the
    events orthogonal at the first of the two, and only equal or complementary inputs do that nowhere.
    """
    if not 3 <= n <= MAX_BOXES:
        raise InputError(f"the game needs 3 to {MAX_BOXES} parties, not {n}")
    checked = n if n % 2 else n - 1
    return tuple(((*x[1:], x[0]), x) for x in product((0, 1), repeat=n) if sum(x[:checked]) % 2 == 0)


@checked
def local_orthogonality(outcomes: Sequence[Sequence[int]], events: Sequence[Label]) -> Functional:
    """Return minus the sum of the probabilities of mutually orthogonal events: at least -1 on quantum behaviours.

    Raises ScenarioError for what is no event, InputError for events that are not orthogonal, naming a pair.
    """
    require_events(outcomes, events)
    return bell_functional(outcomes, dict.fromkeys(events, -1))


@checked
def local_orthogonality_bound(outcomes: Sequence[Sequence[int]], events: Sequence[Label]) -> BoundCertificate:
    """Return the certificate 1 - sum P_e = (1 - sum P_e)^2, of the bound -1: the Gram matrix is v v*, v = (1, -1, ...).

    Raises what `local_orthogonality` raises.
    """
    functional = local_orthogonality(outcomes, events)
    return _own_square(functional, {event: Matrix.identity(1) for event in events})


@checked
def steered_local_orthogonality(
    outcomes: Sequence[Sequence[int]], events: Sequence[Label], trusted: LocalBases
) -> BoundCertificate:
    """Return the same for steering: the last parties, as many as `trusted` has bases for, are one trusted party.

    The functional is minus the sum over the events of E[a|x] (x) |phi><phi|, phi the trusted party's normalised ray;
    black boxes are the other parties. Its value on an assemblage is that of `local_orthogonality` on the correlations
    that the trusted party gets by measuring its bases. The Gram matrix is V V* with the block column V = (1, -F_1,
    -F_2, ...), F_k the sum of the projectors |phi><phi| that belong to one label of the boxes.

    Raises what `local_orthogonality` raises, and ScenarioError for bases of other outcomes.
    """
    require_events(outcomes, events)
    boxes = len(outcomes) - len(trusted.rays)
    if boxes < 1 or [tuple(party) for party in outcomes[boxes:]] != list(trusted.outcomes):
        raise ScenarioError(f"trusted bases of outcomes {trusted.outcomes} are not those of the last of {outcomes}")
    terms: dict[Label, list[Matrix]] = {}
    for a, x, *_ in events:
        rays = [trusted.rays[k][y][b] for k, (b, y) in enumerate(zip(a[boxes:], x[boxes:], strict=True))]
        terms.setdefault((a[:boxes], x[:boxes]), []).append(kron(*map(ray_projector, rays)))
    operators = dict(zip(terms, unify([total(projectors) for projectors in terms.values()]), strict=True))
    scenario = Scenario.of(outcomes[:boxes], prod(trusted.dims))
    functional = Functional(scenario, {label: -operator for label, operator in operators.items()})
    return _own_square(functional, operators)


def _own_square(functional: Functional, operators: Mapping[Label, Matrix]) -> BoundCertificate:
    """Return the certificate of f + 1 = Y = Y*Y for a projector Y = 1 - sum E[a|x] (x) P[a|x]."""
    scenario, words = functional.scenario, [projector_algebra(functional.scenario).one]
    coefficients = [Matrix.identity(scenario.dim)]
    for label, operator in operators.items():
        words.append(element_word(label))
        coefficients.append(-operator)
    row = side_by_side(coefficients)
    return BoundCertificate.verified(functional, Fraction(-1), [Block(tuple(words), row.adjoint @ row, None)])

"""Small proofs that use every rule on models, thresholds, negativity and sequences; and their evidence, changed.

Of one view and several, of qubits and behaviours, over Q and over Q(sqrt2). No semidefinite solver but for the
inequalities of several views, and the bounds of CHSH.
"""

from dataclasses import replace
from fractions import Fraction

import sympy

from steeralg.certificates.compose import Draft
from steeralg.certificates.compose_models import (
    local_threshold_proof,
    negativity_between,
    povm_local,
    projective_local,
    pseudo_local,
    realised,
)
from steeralg.certificates.exact_bound import exact_minimum
from steeralg.certificates.negativity import NegativityBracket
from steeralg.certificates.negativity_lower import NegativityAtLeast
from steeralg.certificates.negativity_upper import NegativityAtMost, negative_part
from steeralg.certificates.steps import Statement, Step
from steeralg.constructions import shsa20
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_bound
from steeralg.exact.tensor import kron, partial_transpose
from steeralg.maps.channels import kraus_map
from steeralg.maps.library import identity, transpose
from steeralg.models.lhs import SteeringInequality
from steeralg.models.local import decide_local
from steeralg.models.projective import ProjectiveEntry, ProjectiveModel
from steeralg.models.threshold import local_threshold
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.devices import Devices, Operator, born
from steeralg.objects.directions import response
from steeralg.objects.functional import Functional
from steeralg.objects.instrument import Instrument
from steeralg.objects.local_model import LocalModel
from steeralg.objects.measurement import POVM
from steeralg.objects.pseudo import hermitian_realisation, pseudo_model
from steeralg.objects.qutrit import qutrit_extension
from steeralg.objects.scenario import Scenario
from steeralg.objects.sequential import SequentialDevices, SequentialRealisation, sequential_born
from steeralg.objects.state import State
from tests.map_proofs import ROOT, entry_moved, with_item, without_item
from tests.strategies import pr_boxes
from tests.test_bounds import chsh
from tests.test_families import monogamy

HALF, TINY, IM, SQRT2 = Fraction(1, 2), Fraction(1, 10**9), sympy.I, sympy.sqrt(2)
X, Y, Z = POVM.observable([[0, 1], [1, 0]]), POVM.observable([[0, -IM], [IM, 0]]), POVM.observable([[1, 0], [0, -1]])
TILTED = POVM.observable([[SQRT2 / 2, SQRT2 / 2], [SQRT2 / 2, -SQRT2 / 2]])
PAIR, GHZ = State.pure([1, 0, 0, 1], (2, 2)), State.pure([1, 0, 0, 0, 0, 0, 0, 1], (2, 2, 2))
STEERED = Assemblage.from_state(PAIR, [[X, Z]])
PR = pr_boxes(2, Matrix.identity(1))
LESS = as_bound(ROOT - Number.of(1))
"""sqrt2 - 1, an irrational weight."""


# ---- hidden states that are not positive -----------------------------------------------------------------------------
def pseudo():
    """A steerable assemblage: Hermitian hidden states, and the same split into positive and negative ones."""
    draft = Draft("pseudo", "a test", STEERED.scenario, {"sigma": STEERED})
    model = pseudo_model(STEERED)
    pseudo_local(draft, "sigma", model)
    pseudo_local(draft, "sigma", model.affine())
    return draft.proof()


def pseudo_views():
    """Several trusted parties, an input, and what is seen of it where the outcome is the input."""
    inputs = STEERED.with_input([identity(2), transpose(2)])
    draft = Draft("views", "a test", monogamy().scenario, {"parties": monogamy(), "inputs": inputs})
    pseudo_local(draft, "parties", pseudo_model(monogamy()))
    pseudo_local(draft, "inputs", pseudo_model(inputs).affine())
    draft.objects["seen"] = inputs.instrumental()
    pseudo_local(draft, "seen", pseudo_model(inputs))
    return draft.proof()


def pseudo_irrational():
    """Two boxes and a mixture with an irrational weight; behaviours are affine, whatever they are."""
    data, noise = Assemblage.from_state(GHZ, [[X, Z], [Z, X]]), white_noise(Scenario.of([(2, 2)] * 2, 2))
    sigma = data.mix(noise, LESS)
    objects = {"sigma": sigma, "data": data, "noise": noise, "box": PR.mix(white_noise(PR.scenario), LESS)}
    draft = Draft("irrational", "a test", sigma.scenario, objects)
    draft.mixture("sigma", "noise", "data", LESS)
    pseudo_local(draft, "sigma", pseudo_model(sigma))
    pseudo_local(draft, "box", pseudo_model(objects["box"]))
    return draft.proof()


# ---- responses to directions -----------------------------------------------------------------------------------------
SQUARE = ((Fraction(3, 2), 0, 0), (0, 0, Fraction(3, 2)))
OCTAHEDRON = ((2, 0, 0), (0, 2, 0), (0, 0, 2))


def responding(model, directions):
    """Hidden states near the centre of the ball answer directions longer than 1, too."""
    return ProjectiveModel(
        directions,
        tuple(
            ProjectiveEntry(e.outcomes, e.states[0].trace(), tuple(response(e.states[0], v) for v in directions))
            for e in model.entries
        ),
    )


def state(weight, x=0, y=0, z=0):
    """weight (1 + x X + y Y + z Z)/2."""
    return [[weight * (1 + z) / 2, weight * (x - IM * y) / 2], [weight * (x + IM * y) / 2, weight * (1 - z) / 2]]


THIRD = sympy.Rational(1, 3)
NEAR = LocalModel.of(
    [
        ([(0, 0)], [state(THIRD, z=2 * THIRD)]),
        ([(1, 0)], [state(THIRD, z=-THIRD)]),
        ([(0, 1)], [state(THIRD, x=THIRD)]),
    ]
)
FAR = LocalModel.of(
    [
        ([(0, 0), (1,)], [state(1 - SQRT2 / 2, y=SQRT2 / 4)]),
        ([(1, 0), (0,)], [state(SQRT2 / 4, y=-SQRT2 / 4, z=THIRD)]),
        ([(1, 1), (1,)], [state(SQRT2 / 4, x=sympy.Rational(1, 2))]),
    ]
)


def projective():
    """Real data: a square around the disc; and the qutrit they extend to."""
    sigma = NEAR.assemblage(Scenario.of([(2, 2)], 2))
    draft = Draft("projective", "a test", sigma.scenario, {"data": sigma, "sigma": qutrit_extension(sigma)})
    projective_local(draft, "data", responding(NEAR, SQUARE))
    povm_local(draft, "sigma", "data", responding(NEAR, SQUARE))
    return draft.proof()


def projective_irrational():
    """Two boxes, complex data over Q(sqrt2): an octahedron around the ball."""
    data = FAR.assemblage(Scenario.of([(2, 2), (2,)], 2))
    draft = Draft("ball", "a test", data.scenario, {"data": data, "sigma": qutrit_extension(data)})
    povm_local(draft, "sigma", "data", responding(FAR, OCTAHEDRON))
    return draft.proof()


# ---- local bounds and thresholds -------------------------------------------------------------------------------------
def refuting(name, sigma):
    inequality = decide_local(sigma).witness.inequality
    draft = Draft(name, "a test", sigma.scenario, {"sigma": sigma, "F": inequality.functional})
    draft.valid("sigma", claimed=True)
    draft.nonlocal_by("sigma", "F", inequality)
    return draft.proof()


def shared_parties():
    return refuting("parties", monogamy())


def shared_instrumental():
    """Four outcomes' worth of shares: a strategy counts where its outcome is the input."""
    return refuting("seen", shsa20.instrumental())


def shared_irrational():
    """Steering in both of two views: each share is the least eigenvalue -1 - 1/sqrt2 of minus two projectors."""
    sigma = STEERED.with_input([identity(2), identity(2)])
    functional = Functional(sigma.scenario, {label: m.scale(-2) for label, m in sigma.elements.items()})
    share = as_bound(Number.of(-1) - ROOT * Number.of(HALF))
    bound = as_bound(Number.of(-2) - ROOT)
    inequality = SteeringInequality(functional, bound, ((share, share),) * 4)
    draft = Draft("inputs", "a test", sigma.scenario, {"sigma": sigma, "F": functional})
    draft.nonlocal_by("sigma", "F", inequality)
    return draft.proof()


def threshold_proof(data):
    return local_threshold_proof("threshold", "a test", local_threshold(data, white_noise(data.scenario)))


def threshold():
    """A PR box is local from 1/2 of noise on."""
    return threshold_proof(PR)


def threshold_irrational():
    """Two orthogonal measurements of a maximally entangled pair, from 1 - 1/sqrt2 of noise on."""
    return threshold_proof(STEERED)


def threshold_parties():
    """The same for several trusted parties, by an inequality with shares."""
    return threshold_proof(monogamy())


# ---- negativity ------------------------------------------------------------------------------------------------------
def negativity():
    """A PR box by Thm 6's operator, and from below by CHSH: 1/sqrt2 - 1/2 from CHSH >= -sqrt8 and -CHSH >= -sqrt8."""
    functional = chsh().scale(-1)
    low, high = (exact_minimum(f, 1).witness for f in (functional, functional.scale(-1)))
    operator, devices = hermitian_realisation(PR)
    above = NegativityAtMost.verified(PR, operator, devices, negative_part(operator))
    draft = Draft("negativity", "a test", PR.scenario, {"sigma": PR})
    negativity_between(draft, "sigma", NegativityBracket(PR, NegativityAtLeast.verified(PR, low, high), above))
    return draft.proof()


def negativity_irrational():
    """A partial transposition, of trace norm 2, and a measurement over Q(sqrt2); N is larger than it has to be."""
    turned = Operator((2, 2), partial_transpose(PAIR.matrix, (2, 2), [1]))
    devices, scenario = Devices.of([[Y, TILTED]]), Scenario.of([(2, 2)], 2)
    singlet = State.pure([0, 1, -1, 0], (2, 2)).matrix
    draft = Draft("turned", "a test", scenario, {"sigma": born(scenario, turned, devices), "W": turned, "M": devices})
    born_step = draft.born("sigma", "W", "M", claimed=True)
    statement = Statement("negativity-at-most", assemblage="sigma", bound=as_bound(ROOT * Number.of(HALF)))
    draft.step(Step(statement, premises=(born_step,), witness=singlet.scale(ROOT * Number.of(HALF))), True)
    return draft.proof()


# ---- sequences -------------------------------------------------------------------------------------------------------
def luders(povm):
    """Measured without more disturbance than there has to be: the Kraus operators are the projectors."""
    return Instrument(tuple(kraus_map([effect]) for effect in povm.effects))


ROUNDS = Scenario.of([(2, 2), (2, 2)], 2, sequential=True)
FORTH = Instrument(
    (
        kraus_map([[[1, 0], [0, 0], [0, 0]]]),
        kraus_map([[[0, 0], [0, Fraction(3, 5)], [0, 0]], [[0, 0], [0, 0], [0, 4 * IM / 5]]]),
    )
)
BACK = Instrument((kraus_map([[[1, 0, 0], [0, 1, 0]]]), kraus_map([[[0, 0, IM], [0, 0, 0]]])))
"""A qubit becomes a qutrit and again a qubit."""


def sequential():
    """A projection after a projection; mixed with noise; the operator and the devices are shown."""
    devices = SequentialDevices(((luders(X), luders(Y)),), (Z, Y))
    sigma, noise = sequential_born(ROUNDS, PAIR, devices), white_noise(ROUNDS)
    objects = {"sigma": sigma, "noise": noise, "mixed": sigma.mix(noise, LESS)}
    draft = Draft("sequential", "a test", ROUNDS, objects)
    draft.valid("sigma", claimed=True)
    realised(draft, "sigma", SequentialRealisation(PAIR, devices))
    draft.mixture("mixed", "noise", "sigma", LESS)
    draft.valid("mixed", claimed=True)
    return draft.proof()


def sequential_alone():
    """Three rounds, nobody trusted, over Q(sqrt2), in a claim about something else."""
    scenario = Scenario.of([(2,), (2,), (2, 1)], 1, sequential=True)
    devices = SequentialDevices(((FORTH,), (BACK,)), (TILTED, POVM.of([[[1, 0], [0, 1]]])))
    start = State.pure([SQRT2, IM], (2,))
    sigma = sequential_born(scenario, start, devices)
    draft = Draft("alone", "a test", PR.scenario, {"sigma": sigma, "rho": Operator((2,), start.matrix), "M": devices})
    draft.quantum_by_model("sigma", "rho", "M")
    return draft.proof()


BUILD = [
    pseudo,
    pseudo_views,
    pseudo_irrational,
    projective,
    projective_irrational,
    shared_parties,
    shared_instrumental,
    shared_irrational,
    threshold,
    threshold_irrational,
    threshold_parties,
    negativity,
    negativity_irrational,
    sequential,
    sequential_alone,
]


# ---- evidence, changed -----------------------------------------------------------------------------------------------
def changed_negative(found):
    """Yield (the negative part changed, whether it still proves the same; None where either may be)."""
    n = found.rows
    for other in (-found, Matrix.zero(n, n), Matrix.identity(n), kron(found, found), Matrix.identity(1)):
        yield other, False
    yield entry_moved(found, 0, 0), False
    yield found + Matrix.unit(n, 0, 1), False
    yield entry_moved(found, 0, 1), None
    yield found.scale(1 + TINY), False
    yield found.scale(1 - TINY), None
    yield found.transpose, None


def negated(v):
    x, y, z = v
    return -x, -y, -z


def answered(entries, change):
    """The entries with other responses: `change` of the weight and the responses."""
    return tuple(replace(e, responses=tuple(change(e.weight, e.responses))) for e in entries)


def changed_responses(found):
    """See `changed_negative`; what is no model at all is in the table of files."""
    (first, *rest), entries = found.directions, found.entries
    tiny, zero = Number.of(TINY), (Fraction(0),) * 3
    opposite = answered(entries, lambda w, q: (w - q[0], *q[1:]))
    coin = answered(entries, lambda w, q: (*q, w * Number.of(HALF)))
    in_turn = answered(entries, lambda w, q: (*q[1:], q[0]))
    yield ProjectiveModel((negated(first), *rest), opposite), True
    yield replace(found, entries=opposite), False
    yield ProjectiveModel((*found.directions, zero), coin), True
    yield ProjectiveModel((*rest, first), in_turn), True
    yield ProjectiveModel((*rest, first), entries), None
    yield replace(found, directions=tuple(tuple(2 * c for c in v) for v in found.directions)), False
    yield replace(found, entries=entries[::-1]), True
    for k, entry in enumerate(entries):
        half = Number.of(HALF)
        part = replace(entry, weight=entry.weight * half, responses=tuple(q * half for q in entry.responses))
        flipped = tuple(tuple(1 - a for a in box) for box in entry.outcomes)
        yield replace(found, entries=without_item(entries, k)), False
        yield replace(found, entries=(*entries, entry)), False
        yield replace(found, entries=(*with_item(entries, k, part), part)), True
        yield replace(found, entries=with_item(entries, k, replace(entry, weight=entry.weight + tiny))), False
        yield replace(found, entries=with_item(entries, k, replace(entry, outcomes=flipped))), False
        low = [min((q, entry.weight - q), key=lambda x: x.decimal(9)) for q in entry.responses]
        yield replace(found, entries=with_item(entries, k, replace(entry, responses=tuple(low)))), None


CHANGED = {Matrix: changed_negative, ProjectiveModel: changed_responses}

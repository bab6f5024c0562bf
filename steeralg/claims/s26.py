"""The claims of Sainz, arXiv:2604.07078 (2026): several trusted parties.

Above: the registry. Below: constructions, certificates.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, cast

from steeralg.algebra.level import ALMOST_QUANTUM, Level
from steeralg.certificates.compose import Draft
from steeralg.certificates.compose_maps import basis_witness, product_basis, quantum_correlations, witnessed
from steeralg.certificates.compose_models import realised
from steeralg.certificates.necessary import necessary_conditions
from steeralg.certificates.proof import Proof
from steeralg.claims.claim import Claim, found, minimum, parent, postquantum
from steeralg.constructions import s26
from steeralg.constructions.product_bases import shifts
from steeralg.constructions.saphs18 import breuer_hall_map
from steeralg.errors import UndecidedError
from steeralg.exact.number import Number
from steeralg.maps.library import identity
from steeralg.models.lhs import SteeringInequality
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.devices import Devices, Operator
from steeralg.objects.local_model import LocalModel
from steeralg.objects.realisation import Realisation
from steeralg.objects.state import State
from steeralg.positivity.minimum import product_minimum
from steeralg.progress import Progress
from steeralg.verdict import Proved, Undecided

SOURCE = "Sainz, arXiv:2604.07078 (2026)"

ROBUSTNESS_9 = {
    "white": ("0.0147", "0.01471"),
    "GHZ": ("0.01671", "0.01672"),
    "W": ("0.01385", "0.01386"),
}
"""Example 9: postquantum at the first weight of noise, quantum at the second. Printed: 0.0147, 0.0167, 0.0139."""

ROBUSTNESS_10 = ("0.0591", "0.0592")
ROBUSTNESS_11 = ("0.1221", "2/13")

LAMBDA_9 = ("0.0018645", "0.001866")
"""Example 9: minus lambda is between these; the printed lambda is -0.00185."""


def _example_7(name: str, source: str, level: Level, progress: Progress) -> Proof:
    basis = shifts()
    least = product_minimum(Operator(basis.dims, basis.projector), progress=progress)
    if not isinstance(least, Proved):
        raise UndecidedError(least.reason)
    eps = least.witness.lower
    sigma, correlations = s26.example_7(eps), s26.example_7_correlations(eps)
    operator = Operator((2, 2, 2), s26.witness(eps))
    draft = Draft(name, source, sigma.scenario, {"sigma": sigma, "P": correlations, "W": operator, "S": basis})
    draft.objects |= {"alice": Devices.of(s26.MEASUREMENTS[:1]), "all": Devices.of(s26.MEASUREMENTS)}
    draft.objects["neighbours"] = s26.guess_your_neighbours_input()
    draft.valid("sigma", claimed=True)
    draft.born("sigma", "W", "alice", claimed=True)
    draft.born("P", "W", "all", claimed=True)
    draft.quantum_by_parent("sigma", parent(sigma, progress).parent)
    certificate = minimum(s26.guess_your_neighbours_input(), ALMOST_QUANTUM, progress)
    draft.postquantum("P", "neighbours", certificate, printed=True)
    product_basis(draft, "S")
    basis_witness(draft, "W", "S", eps)
    factor = (Number.of(len(basis)) - eps * Number.of(basis.dim)).inverse()
    witnessed(draft, "W", least.witness.below.scaled(factor), claimed=True)
    return draft.proof()


def _mixed(draft: Draft, noise: str, weight: str, suffix: str) -> Assemblage:
    """Add a mixture of `sigma` with a noise to the claim, and state that it is one."""
    sigma, other = (cast(Assemblage, draft.objects[name]) for name in ("sigma", noise))
    mixture = sigma.mix(other, Fraction(weight))
    draft.objects[f"{noise}_{suffix}"] = mixture
    draft.mixture(f"{noise}_{suffix}", noise, "sigma", Fraction(weight))
    return mixture


def _bracket(draft: Draft, noise: str, weights: tuple[str, str], level: Level, progress: Progress) -> None:
    """State that a mixture is postquantum at one weight of a quantum noise, and another quantum at a larger one."""
    below = _mixed(draft, noise, weights[0], "low")
    draft.postquantum(f"{noise}_low", f"F_{noise}", found(below, level, progress).certificate)
    above = _mixed(draft, noise, weights[1], "high")
    draft.quantum_by_parent(f"{noise}_high", parent(above, progress).parent)


def _with_white_noise(name: str, source: str, sigma: Assemblage) -> Draft:
    """Begin a claim about an assemblage and white noise, which is quantum: it has a parent, white noise again."""
    white = white_noise(sigma.scenario)
    draft = Draft(name, source, sigma.scenario, {"sigma": sigma, "white": white})
    if len(sigma.scenario.black_boxes) == 1:
        draft.quantum_by_parent("white", white_noise(sigma.scenario.parent))
    return draft


def _example_9(name: str, source: str, level: Level, progress: Progress) -> Proof:
    sigma = s26.example_9()
    draft = _with_white_noise(name, source, sigma)
    draft.postquantum("sigma", "F", found(sigma, level, progress).certificate)
    draft.objects["Z_and_X"] = Devices.of(s26.MEASUREMENTS[:1])
    for noise, state in (("GHZ", s26.ghz_state()), ("W", s26.w_state())):
        draft.objects[noise] = s26.ghz_noise() if noise == "GHZ" else s26.w_noise()
        draft.objects[f"{noise}_state"] = Operator(state.dims, state.matrix)
        draft.quantum_by_model(noise, f"{noise}_state", "Z_and_X")
    for noise, weights in ROBUSTNESS_9.items():
        _bracket(draft, noise, weights, level, progress)
    return draft.proof()


def _lambda(name: str, source: str, level: Level, progress: Progress) -> Proof:
    sigma = s26.example_9()
    draft = _with_white_noise(name, source, sigma)
    low, high = (lambda_weight(Fraction(size), 2, 4) for size in LAMBDA_9)
    draft.valid("sigma", claimed=True)
    _bracket(draft, "white", (str(low), str(high)), level, progress)
    return draft.proof()


def lambda_weight(size: Fraction, outcomes: int, dim: int) -> Fraction:
    """Return the weight of white noise that makes up for a least eigenvalue of -size in a parent's elements.

    If sigma[a|x] + size * 1 are the elements of a parent, so are those of the mixture with white noise of weight
    r = size * n * D/(1 + size * n * D), for n outcomes at every setting and joint dimension D, up to normalisation.
    """
    return size * outcomes * dim / (1 + size * outcomes * dim)


def _example_10(name: str, source: str, level: Level, progress: Progress) -> Proof:
    sigma = s26.example_10()
    draft = _with_white_noise(name, source, sigma)
    draft.postquantum("sigma", "F", found(sigma, level, progress).certificate)
    _only_quantum_correlations(draft, s26.EXAMPLE_10)
    _bracket(draft, "white", ROBUSTNESS_10, level, progress)
    return draft.proof()


def _only_quantum_correlations(draft: Draft, amplitudes: Sequence[Any]) -> None:
    """Prop. 8: the assemblage is the image of a quantum one under the identity and the Breuer-Hall map."""
    model = s26.positive_map_model(amplitudes)
    data = Assemblage.from_state(model.state, model.measurements).marginals((2, 4))
    maps = {"identity": identity(2), "breuer_hall": breuer_hall_map()}
    quantum_correlations(draft, "sigma", data, model, maps, ["identity", "breuer_hall"])


def _example_11(name: str, source: str, level: Level, progress: Progress) -> Proof:
    sigma = s26.example_11()
    draft = _with_white_noise(name, source, sigma)
    # As in the paper: there is no parent. With noise there is one, but the level sees further.
    verdict = necessary_conditions(sigma, progress=progress)
    if isinstance(verdict, Undecided):
        verdict.demand()
    draft.postquantum("sigma", "F", verdict.witness.certificate)
    _only_quantum_correlations(draft, s26.EXAMPLE_11)
    below = _mixed(draft, "white", ROBUSTNESS_11[0], "low")
    draft.postquantum("white_low", "F_white", found(below, level, progress).certificate)
    _mixed(draft, "white", ROBUSTNESS_11[1], "high")
    model = s26.example_11_noisy_realisation()
    realised(draft, "white_high", model)
    realised(draft, "white", Realisation(State.maximally_mixed(model.state.dims), model.measurements))
    return draft.proof()


def _prop_16(name: str, source: str, level: Level, progress: Progress) -> Proof:
    sigma, correlations, chsh = s26.prop_16(), s26.prop_16_correlations(), s26.prop_16_chsh()
    state = s26.prop_16_state()
    rho = Operator(state.dims, state.matrix)
    draft = Draft(name, source, sigma.scenario, {"sigma": sigma, "P": correlations, "rho": rho, "chsh": chsh})
    measurements = s26.prop_16_measurements()
    draft.objects |= {"alice": Devices.of(measurements[:1]), "all": Devices.of(measurements)}
    draft.valid("sigma", claimed=True)
    hidden = [([outcomes], states) for outcomes, states in s26.prop_16_hidden_states().items()]
    draft.local("sigma", LocalModel.of(hidden))
    draft.quantum_by_model("sigma", "rho", "alice")
    draft.quantum_by_model("P", "rho", "all")
    draft.nonlocal_by("P", "chsh", SteeringInequality(chsh, Fraction(-2)))
    draft.bound("chsh", minimum(chsh, level, progress), claimed=True)
    return draft.proof()


CLAIMS = (
    Claim(
        "s26-example-5",
        f"{SOURCE}, Example 5, eqs. (9) and (10)",
        "a PR box between two black boxes, two trusted qubits maximally mixed: postquantum",
        ALMOST_QUANTUM,
        postquantum(s26.example_5),
        "nothing else",
    ),
    Claim(
        "s26-example-7",
        f"{SOURCE}, Example 7, eq. (15), with epsilon = 1 - 3 sqrt6/8",
        "the Witworld assemblage is quantum, although the correlations of the same Witworld state, a block-positive "
        "operator, are postquantum",
        1,
        _example_7,
        "that epsilon is exactly the largest one, printed as 0.0814 (`saphs18-shifts` encloses it)",
    ),
    Claim(
        "s26-example-9",
        f"{SOURCE}, Example 9, eqs. (17) and (18), and Sec. 6, eqs. (20)-(25)",
        "Example 9 is postquantum; its robustness to white, GHZ and W noise is in [0.0147, 0.01471], [0.01671, "
        "0.01672] and [0.01385, 0.01386]",
        1,
        _example_9,
        "anything about the unrounded data behind the printed doubles",
        "The printed doubles are no-signalling to 1e-16 only; the nearest exact assemblage is taken, which moves no "
        "entry by more than 2.8e-17 (the printed 0.0147, 0.0167 and 0.0139 agree with the brackets).",
    ),
    Claim(
        "s26-example-10",
        f"{SOURCE}, Prop. 8 and Example 10, eq. (19), with a state of our own",
        "one black box, a qubit, a ququart under the Breuer-Hall map: postquantum, only quantum correlations, "
        "robustness to white noise in [0.0591, 0.0592]",
        1,
        _example_10,
        "anything about the paper's state, not legible in our source; ours is from `steeralg.search` (seed 2026, "
        "state 53)",
    ),
    Claim(
        "s26-example-11",
        f"{SOURCE}, Prop. 8 and Example 11, with a state of our own",
        "the same with two black boxes: postquantum, only quantum correlations, robustness to white noise in [0.1221, "
        "2/13]",
        ALMOST_QUANTUM,
        _example_11,
        "where in the bracket the robustness is; the paper's states, which are not printed (ours: `steeralg.search`, "
        "seed 2026, state 148)",
        "After Def. 13 the intersection of all levels is called the quantum set; that is no theorem (for D = 1 the "
        "levels are those of Bell scenarios, where MIP* = RE), so only explicit realisations are taken for quantum.",
    ),
    Claim(
        "s26-prop-16",
        f"{SOURCE}, App. A, Prop. 16",
        "an assemblage with a local hidden state model, and with a quantum realisation that violates the CHSH "
        "inequality maximally",
        ALMOST_QUANTUM,
        _prop_16,
        "nothing else",
    ),
    Claim(
        "s26-lambda",
        f"{SOURCE}, App. B, table, row ABB_1 (Example 9)",
        "the lambda of Example 9 is in [-0.001866, -0.0018645]: white noise of weight 8s/(1 + 8s) makes up for -s",
        1,
        _lambda,
        "the other rows, whose data are not printed",
        "The table prints lambda = -0.00185 for Example 9, which is outside the bracket [-0.001866, -0.0018645]; "
        "the printed robustness to white noise, 0.0147, corresponds to -0.001865.",
    ),
)

"""The claims of Sainz, Aolita, Piani, Hoban, Skrzypczyk (2018) on pseudo-LHS models and on the negativity.

Above: the claims of the paper. Below: constructions, certificates.
"""

from __future__ import annotations

from fractions import Fraction

from steeralg.algebra.level import Level
from steeralg.certificates.compose import Draft
from steeralg.certificates.compose_models import negativity_between, pseudo_local
from steeralg.certificates.negativity import NegativityBracket, negativity
from steeralg.certificates.proof import Proof
from steeralg.claims.claim import Claim
from steeralg.claims.saphs18_maps import SOURCE
from steeralg.constructions import saphs18
from steeralg.constructions.gleason import upb_assemblage
from steeralg.constructions.negativity import pr_box_negativity, upb_negativity
from steeralg.constructions.product_bases import FOUR_QUBITS, SHIFTS, qubit_bases
from steeralg.maps.library import choi
from steeralg.maps.linear import LinearMap
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.devices import Devices, Operator
from steeralg.objects.pseudo import hermitian_realisation, pseudo_model
from steeralg.objects.state import State
from steeralg.progress import Progress


def three_boxes() -> Assemblage:
    """Return an assemblage of three black boxes and a trusted qubit: steered by the witness of a four-qubit basis."""
    return upb_assemblage(FOUR_QUBITS, qubit_bases(4, ((3, 4), (4, -3)), ((1, 2), (2, -1))), Fraction(1, 1000))


def _pseudo_lhs(name: str, source: str, level: Level, progress: Progress) -> Proof:
    data = {"two_boxes": saphs18.breuer_hall(), "three_boxes": three_boxes()}
    draft = Draft(name, source, data["two_boxes"].scenario, dict(data))
    for key, sigma in data.items():
        progress(f"a pseudo-LHS model of {key}")
        draft.valid(key, claimed=True)
        model = pseudo_model(sigma)
        if not model.is_affine:
            pseudo_local(draft, key, model)
        pseudo_local(draft, key, model.affine())
        operator, devices = hermitian_realisation(sigma)
        draft.objects |= {f"{key}_rho": operator, f"{key}_povms": devices}
        draft.born(key, f"{key}_rho", f"{key}_povms", claimed=True)
    return draft.proof()


def image_negativity(state: State, trusted_map: LinearMap, level: Level, progress: Progress) -> NegativityBracket:
    """Return the negativity of the image of a state under a positive map, with the settings of eq. (32); the image of
    the state itself is an operator that shows the data.
    """
    devices = Devices.of(saphs18.breuer_hall_measurements())
    dims = state.dims
    matrix = trusted_map.on(state.matrix, dims, len(dims) - 1)
    operator = Operator((*dims[:-1], trusted_map.dim_out), matrix)
    sigma = Assemblage.from_state(state, devices.measurements, trusted_map)
    return negativity(sigma, level, digits=4, start=(operator, devices), progress=progress)


_ENDS = {
    "breuer_hall": (Fraction(216, 10_000), Fraction(218, 10_000)),
    "choi": (Fraction(54, 10_000), Fraction(65, 10_000)),
}
"""What is claimed of the brackets that a solver finds."""


def _negativity(name: str, source: str, level: Level, progress: Progress) -> Proof:
    brackets = {
        "pr_box": pr_box_negativity(),
        "shifts": upb_negativity(SHIFTS, qubit_bases(3), Fraction(1, 50)),
        "breuer_hall": image_negativity(saphs18.breuer_hall_state(), saphs18.breuer_hall_map(), level, progress),
        "choi": image_negativity(saphs18.choi_state(), choi(), level, progress),
    }
    data = {key: bracket.assemblage for key, bracket in brackets.items()}
    draft = Draft(name, source, data["breuer_hall"].scenario, dict(data))
    for key, bracket in brackets.items():
        draft.valid(key, claimed=True)
        negativity_between(draft, key, bracket, _ENDS.get(key, (None, None)))
    return draft.proof()


CLAIMS = (
    Claim(
        "saphs18-pseudo-lhs",
        f"{SOURCE}, Sec. 2-4: Lemma 3, Thms 5 and 6",
        "the Breuer-Hall assemblage and one of three black boxes have pseudo-LHS models, Hermitian and affine, and "
        "come of Hermitian operators and POVMs",
        "1+AB",
        _pseudo_lhs,
        "the theorems for all no-signalling assemblages: `sa.pseudo_model` and `sa.hermitian_realisation` prove them "
        "for any given one",
        "After eq. (3), sigma_lambda = rho_lambda/p_lambda is read as p_lambda rho_lambda: the trace has to be "
        "p(lambda). Labels (d, x) of eq. (15) are merged with the dummy one, which has the same responses (16).",
    ),
    Claim(
        "saphs18-negativity",
        f"{SOURCE}, Sec. 7, eq. (34)",
        "steering negativities: (sqrt2 - 1)/2 (PR box), 1/48 (SHIFTS, eps = 1/50), in [0.0216, 0.0218] (Breuer-Hall), "
        "in [0.0054, 0.0065] (Choi)",
        "1+AB",
        _negativity,
        "where in their brackets the negativities of the Breuer-Hall and the Choi assemblage are",
        "In the proof of Thm 9 the POVMs are read as |0><0| (x) M + |1><1| (x) M': with the printed weights q and "
        "1 - q the effects would not add up to 1.",
    ),
)

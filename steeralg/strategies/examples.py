"""Known postquantum assemblages with sums of squares: what postquantum draws are lifted from.

Above: the strategy for postquantum assemblages. Below: constructions, proofs. Certificates with a file in `squares/`
were found by `sa.certify` at the almost-quantum level, and saved by `sa.bound_proof`; `proofs/check.py` checks them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from steeralg.algebra.word import Word
from steeralg.certificates.certificate import Block, BoundCertificate
from steeralg.certificates.proof import read_proof
from steeralg.constructions import gleason, s26, saphs18, sbcsv15, shsa20
from steeralg.constructions.assemblage_families import under
from steeralg.constructions.local_orthogonality import local_orthogonality_bound
from steeralg.constructions.pauli import ONE, X, Z
from steeralg.constructions.product_bases import SHIFTS, qubit_bases
from steeralg.errors import VerificationError
from steeralg.exact.matrix import Matrix, total
from steeralg.maps.library import choi
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Scenario
from steeralg.objects.state import State
from steeralg.strategies.lifting import centred

_CHSH_BOUND = Fraction(-17, 6)


@dataclass(frozen=True)
class Example:
    """An assemblage of a scenario (of instrumental data, their parent), and a functional that it violates, with bound
    0; both are built when they are first asked for.
    """

    scenario: Scenario
    build: Callable[[], Assemblage]
    bound: Callable[[], BoundCertificate]

    @cached_property
    def assemblage(self) -> Assemblage:
        """The assemblage."""
        return self.build()

    @cached_property
    def certificate(self) -> BoundCertificate:
        """The certificate, with bound 0."""
        return centred(self.bound())


def _stored(name: str) -> Callable[[], BoundCertificate]:
    def read() -> BoundCertificate:
        path = Path(__file__).parent / "squares" / f"{name}.json"
        proof = read_proof(path.read_bytes(), path.name)
        functional = proof.objects["F"]
        (step,) = proof.steps
        if not isinstance(functional, Functional) or step.statement.bound is None:
            raise VerificationError(f"{path.name} proves no bound")
        return BoundCertificate(functional, step.statement.bound, step.blocks)

    return read


def chsh_bound(with_input: bool = False) -> BoundCertificate:
    """Return -S >= -17/6 for the CHSH expression S = sum (-1)^(xy) A_x B_y of two boxes; or of one box and a trusted
    qubit with input, B_y being Z at input y.

    17/6 - S = 3/4 (A_0 - 2/3 (B_0 + B_1))^2 + 3/4 (A_1 - 2/3 (B_0 - B_1))^2, near Tsirelson's 2 sqrt2 and rational.
    """
    second = Scenario.of([(2, 2)], 2, 2) if with_input else Scenario.of([(2, 2), (2, 2)])
    elements = {}
    for label in second.labels():
        if with_input:
            (a,), (x,), y = label[0], label[1], second.view(label)
            elements[label] = Matrix.rational([[1, 0], [0, -1]]).scale(-((-1) ** (a + x * y)))
        else:
            (a, b), (x, y) = label[:2]
            elements[label] = Matrix.rational([[-((-1) ** (a + b + x * y))]])
    # Both observables are 2 P - 1, P the letter (x, 0) of outcome 0, or of the matrix unit e_00.
    words: list[Word] = [((), ()), *((((x, 0),), ()) for x in (0, 1)), *(((), ((y, 0),)) for y in (0, 1))]
    third = Fraction(2, 3)
    # 2 P_0 - 1 - 2/3 (2 Q_0 - 1 +- (2 Q_1 - 1)), and so on.
    rows: list[list[int | Fraction]] = [
        [-1 + 2 * third, 2, 0, -2 * third, -2 * third],
        [-1, 0, 2, -2 * third, 2 * third],
    ]
    gram = total(row.adjoint @ row for row in (Matrix.rational([row]) for row in rows)).scale(Fraction(3, 4))
    return BoundCertificate(Functional(second, elements), _CHSH_BOUND, (Block(tuple(words), gram, None),))


def two_bobs() -> Assemblage:
    """Return sigma_k[a|x] = (1 + (-1)^a P_x)/4 for two trusted qubits, P = (X, Z): both in step with one black box.

    That is against the monogamy of entanglement, with noise, too, up to a weight of 1 - 1/sqrt2.
    """
    scenario = Scenario.of([(2, 2)], [2, 2])
    return Assemblage.of(
        scenario, {label: (ONE + (-1) ** label[0][0] * (X, Z)[label[1][0]]) / 4 for label in scenario.labels()}
    )


_TWO = [(2, 2), (2, 2)]

EXAMPLES: tuple[Example, ...] = (
    Example(Scenario.of(_TWO), lambda: sbcsv15.pr_box(State.maximally_mixed((1,))), chsh_bound),
    Example(Scenario.of([(2, 2)], 2, 2), shsa20.pr, lambda: chsh_bound(with_input=True)),
    Example(Scenario.of([(2, 2)], [2, 2]), two_bobs, _stored("two-bobs")),
    Example(Scenario.of(_TWO, 2), lambda: gleason.example_7(), lambda: gleason.upb_bound(SHIFTS, qubit_bases(3))),
    Example(
        Scenario.of([(2, 2)] * 3),
        s26.example_7_correlations,
        lambda: local_orthogonality_bound([(2, 2)] * 3, SHIFTS),
    ),
    Example(Scenario.of(_TWO, 2), sbcsv15.own_example, _stored("sbcsv15-own-example")),
    Example(Scenario.of([(2, 2, 2)], 2, 2), shsa20.transposed, _stored("shsa20-transposed")),
    Example(
        Scenario.of([(2, 2, 2, 2)], 2, 2, True),
        lambda: shsa20.transposed([*shsa20.AXES, (-1, 0, 0)]),
        _stored("shsa20-instrumental"),
    ),
    Example(Scenario.of(_TWO, 3), lambda: under(choi()), _stored("choi")),
    Example(Scenario.of([(2, 2)], [2, 4]), s26.example_10, _stored("s26-example-10")),
    Example(Scenario.of(_TWO, 4), saphs18.breuer_hall, _stored("saphs18-breuer-hall")),
)
"""The simplest first: PR boxes, two Bobs, SHIFTS; what solvers found; images under maps that are not decomposable."""

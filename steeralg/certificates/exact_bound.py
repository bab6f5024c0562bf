"""Bounds at the optimum of a level, where that is rational or quadratic.

Above: claims. Below: certificates, faces, sdp for the suggestions. Gram matrices at the optimum are singular: plain
rounding fails there. The value and the face of the Gram matrix are recognised in Q or a real quadratic field, the Gram
matrix on that face is rounded, the identity restored exactly, and everything verified in the original problem (a method
of Cohn, de Laat and Leijenhorst).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import partial

from steeralg.algebra.level import ALMOST_QUANTUM, Level, check_reach
from steeralg.algebra.observed import expansion
from steeralg.algebra.word import projector_algebra
from steeralg.algebra.word_system import WordSystem
from steeralg.arguments import checked
from steeralg.certificates.certificate import Block, BoundCertificate
from steeralg.errors import SolverError, VerificationError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import as_bound
from steeralg.objects.functional import Functional
from steeralg.positivity.face import whole
from steeralg.positivity.facial import on_faces
from steeralg.progress import Progress, silent
from steeralg.sdp.recognise import fields
from steeralg.sdp.relaxation import Relaxation
from steeralg.sdp.solve import ACCURATE_CHAIN, solutions
from steeralg.sdp.time_limit import time_is_over
from steeralg.verdict import Proved, Undecided

_TOLERANCE = Fraction(1, 10**7)


@checked
def exact_minimum(
    functional: Functional, level: Level = ALMOST_QUANTUM, *, progress: Progress = silent
) -> Proved[BoundCertificate] | Undecided:
    """Prove the rational or quadratic bound that the level's minimum is recognised as.

    What is proved is the bound. That it is the minimum is proved by whatever reaches it: a strategy, as in a closed
    `quantum_bracket`. For small relaxations: up to a few hundred unknowns on the face. Undecided where nothing is
    recognised; `level_bracket` then encloses the minimum. Raises LevelError if the level does not reach the data.
    """
    check_reach(functional.scenario, level)
    constant = _constant(functional)
    if constant is not None:
        return Proved(constant)
    relaxation = Relaxation.build(functional.scenario, level)
    words = relaxation.projector.words
    terms = relaxation.observable_coefficients(relaxation.observation.coefficients(functional))
    real = all(matrix.is_real for matrix in functional.elements.values())
    figure = "no solver returned a usable point"
    try:
        for solution in solutions(relaxation.bound(terms), ACCURATE_CHAIN):
            figure = f"the level's minimum is about {solution.figure(1)}"
            progress(figure)
            for field, _, value in fields(solution.objective, functional.field, _TOLERANCE):
                if time_is_over():
                    return Undecided(f"no exact minimum was proved at level {level}, the time was up: {figure}")
                progress(f"trying the minimum {value}")
                system = WordSystem(functional, tuple(words), value, field, real)
                certificate = on_faces(system, whole(system), partial(_accepted, system), progress)
                if certificate is not None:
                    return Proved(certificate)
    except SolverError as error:
        figure = str(error)
    return Undecided(f"no exact minimum was recognised and proved at level {level}: {figure}")


def _constant(functional: Functional) -> BoundCertificate | None:
    """Return the certificate of a functional that is a number: there is nothing to sum."""
    scenario, terms = functional.scenario, expansion(functional)
    one, zero = projector_algebra(scenario).one, Matrix.zero(scenario.dim, scenario.dim)
    value = terms.get(one, zero).entry(0, 0)
    identity = Matrix.identity(scenario.dim).scale(value)
    rest = [m for word, m in terms.items() if word != one] + [terms.get(one, zero) - identity]
    if not all(m.is_zero for m in rest):
        return None
    return BoundCertificate.verified(functional, as_bound(value), [Block((one,), zero, None)])


def _accepted(system: WordSystem, grams: Sequence[Matrix]) -> BoundCertificate | None:
    """Return the certificate if it is one."""
    try:
        block = Block(system.words, grams[0], None)
        return BoundCertificate.verified(system.functional, as_bound(system.value), [block])
    except VerificationError:
        return None

"""Bounds at the optimum of a level, where that is rational or quadratic.

Above: claims. Below: certificates, sdp for the suggestions. Gram matrices at the optimum are singular: plain rounding
fails there. The value and the range of the Gram matrix are recognised in Q or a real quadratic field, the Gram matrix
on that range is rounded, the identity restored exactly, and everything verified in the original problem (a method of
Cohn, de Laat and Leijenhorst).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from steeralg.algebra.level import ALMOST_QUANTUM, Level, check_reach
from steeralg.algebra.observed import expansion
from steeralg.algebra.word import Word, projector_algebra
from steeralg.certificates.certificate import Block, BoundCertificate, class_sums
from steeralg.certificates.membership import Progress, silent
from steeralg.errors import SolverError, VerificationError
from steeralg.exact.field import Field
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_bound
from steeralg.exact.solve import solve
from steeralg.objects.functional import Functional
from steeralg.sdp.recognise import Face, face, fields, integers
from steeralg.sdp.relaxation import Relaxation
from steeralg.sdp.solve import ACCURATE_CHAIN, solutions
from steeralg.verdict import Proved, Undecided

_TOLERANCE = Fraction(1, 10**7)
_GRIDS = (2, 6, 10, 16, 24, 32)
_MAX_UNKNOWNS = 400


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
            for field, root, value in fields(solution.objective, functional.field, _TOLERANCE):
                progress(f"trying the minimum {value}")
                found = face(relaxation, solution, field, root, real)
                if found is not None and len(found.rows) ** 2 <= _MAX_UNKNOWNS:
                    certificate = _certificate(functional, words, value, found, field, real)
                    if certificate is not None:
                        return Proved(certificate)
    except SolverError as error:
        figure = str(error)
    return Undecided(f"no exact minimum was recognised at level {level}: {figure}")


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


def _certificate(
    functional: Functional, words: Sequence[Word], value: Number, found: Face, field: Field, real: bool
) -> BoundCertificate | None:
    """Solve for the Gram matrix on the face, near the suggested one, and verify."""
    scenario, size = functional.scenario, len(found.rows)
    rows = Matrix.from_numbers(found.rows, field)
    places = [
        (i, j, imaginary)
        for i in range(size)
        for j in range(i + 1)
        for imaginary in ((False,) if real or i == j else (False, True))
    ]
    units = [_unit(size, *place) for place in places]
    columns = [class_sums(scenario, words, rows.adjoint @ unit @ rows) for unit in units]
    one, target = projector_algebra(scenario).one, expansion(functional)
    identity = Matrix.identity(scenario.dim).scale(value)
    target[one] = target[one] - identity if one in target else -identity
    zero = Matrix.zero(scenario.dim, scenario.dim, field)
    equations, wanted = [], []
    for word in columns[0]:
        for k in range(scenario.dim**2):
            i, j = divmod(k, scenario.dim)
            entries = [column[word].entry(i, j) for column in columns]
            right = target.get(word, zero).entry(i, j)
            for part in (_real, _imaginary):
                row, value_of = [part(e) for e in entries], part(right)
                if not (all(e.is_zero for e in row) and value_of.is_zero):
                    equations.append(row)
                    wanted.append(value_of)
    for bits in _GRIDS:
        start = integers(found.inner, bits, real)
        guess = [(_imaginary if imaginary else _real)(start[i][j]) for i, j, imaginary in places]
        missing = []
        for row, right in zip(equations, wanted, strict=True):
            rest = right
            for entry, x in zip(row, guess, strict=True):
                if not entry.is_zero and not x.is_zero:
                    rest = rest - entry * x
            missing.append(rest)
        change = solve(equations, missing, len(places))
        if change is None:
            return None
        inner = Matrix.zero(size, size, field)
        for unit, x, delta in zip(units, guess, change, strict=True):
            inner = inner + unit.over(field).scale(x + delta)
        try:
            gram = rows.adjoint @ inner @ rows
            return BoundCertificate.verified(functional, as_bound(value), [Block(tuple(words), gram, None)])
        except VerificationError:
            continue
    return None


def _unit(size: int, i: int, j: int, imaginary: bool) -> Matrix:
    """Return the Hermitian matrix that a real parameter at (i, j) stands for."""
    if i == j:
        return Matrix.unit(size, i, i)
    upper = Matrix.unit(size, i, j)
    if not imaginary:
        return upper + upper.transpose
    turned = upper.scale(Number(upper.field, (0,), (1,)))
    return turned + turned.adjoint


def _real(x: Number) -> Number:
    return Number(x.field, x.re, x.field.embed(0), x.denominator)


def _imaginary(x: Number) -> Number:
    return Number(x.field, x.im, x.field.embed(0), x.denominator)

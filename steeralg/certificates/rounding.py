"""From suggested integers to verified certificates.

Above: membership, bounds. Below: certificates, and sdp for the suggestions. Two problems share the steps: a
functional that may still be chosen (membership), and a given functional with a given bound.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm

from steeralg.algebra.observed import expansion
from steeralg.algebra.word import Algebra, Word, products, projector_algebra
from steeralg.certificates.certificate import Block, BoundCertificate, class_sums
from steeralg.errors import VerificationError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.exact.psd import Factor
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.functional import Functional
from steeralg.sdp.suggest import Suggestion, suggest_factor


def violated_certificate(
    words: Sequence[Word], suggestion: Suggestion, assemblage: Assemblage
) -> tuple[BoundCertificate, Number] | None:
    """Return the certificate (bound 0) of the functional a Gram matrix defines, and its exact, negative value; or
    None.
    """
    functional = suggestion.functional
    if functional is None:
        return None
    value = functional.value(assemblage)
    if value.sign() >= 0:
        return None
    certificate = _verified(words, suggestion.exact, functional, Fraction(0))
    return None if certificate is None else (certificate, value)


def bound_certificate(
    words: Sequence[Word], suggestion: Suggestion, functional: Functional, bound: Fraction
) -> BoundCertificate | None:
    """Return the certificate of `functional >= bound` after correcting the observed class sums exactly; or None."""
    scenario = functional.scenario
    gram = suggestion.exact
    missing = expansion(functional)
    missing[words[0]] = missing.get(words[0], Matrix.zero(scenario.dim, scenario.dim)) - Matrix.identity(
        scenario.dim
    ).scale(bound)
    for word, matrix in class_sums(scenario, words, gram).items():
        missing[word] = missing[word] - matrix if word in missing else -matrix
    return _verified(words, _corrected(projector_algebra(scenario), words, gram, missing), functional, bound)


def _verified(words: Sequence[Word], gram: Matrix, functional: Functional, bound: Fraction) -> BoundCertificate | None:
    """Attach a positivity witness and verify everything exactly; None if it does not hold."""
    suggested = suggest_factor(gram)
    if suggested is None:
        return None
    exponent, re, im = suggested
    block = Block(tuple(words), gram, Factor(exponent, gram.rows, re, im))
    try:
        return BoundCertificate.verified(functional, bound, [block])
    except VerificationError:
        return None


def _corrected(algebra: Algebra, words: Sequence[Word], gram: Matrix, missing: Mapping[Word, Matrix]) -> Matrix:
    """Add what every class is missing at a position that belongs to it alone: a diagonal one, or halves at a position
    and its mirror image.
    """
    table = products(algebra, tuple(words))
    shared = Counter((v, w) for terms in table.values() for v, w, _ in terms)
    patches = []
    for word, terms in table.items():
        if missing[word].is_zero:
            continue
        places = [(v, w) for v, w, c in terms if c == 1 and shared[v, w] == 1]
        diagonal = next((place for place in places if place[0] == place[1]), None)
        chosen = [diagonal] if diagonal is not None else [places[0], places[0][::-1]]
        share = missing[word].scale(Fraction(1, len(chosen)))
        patches += [(v, w, share) for v, w in chosen]
    return _patched(gram, patches)


def _patched(gram: Matrix, patches: Sequence[tuple[int, int, Matrix]]) -> Matrix:
    """Add D x D matrices to the blocks (v, w) of a matrix."""
    field = next((m.field for *_, m in patches if not m.field.is_rational), gram.field)
    order, whole = gram.rows, gram.over(field)
    common = lcm(gram.denominator, *(m.denominator for *_, m in patches))
    planes = [[x * (common // gram.denominator) for x in plane] for plane in whole.planes]
    for v, w, block in patches:
        dim, factor = block.rows, common // block.denominator
        for plane, part in zip(planes, block.over(field).planes, strict=True):
            for k, x in enumerate(part):
                i, j = divmod(k, dim)
                plane[(v * dim + i) * order + w * dim + j] += factor * x
    return Matrix(field, order, order, tuple(map(tuple, planes)), common)

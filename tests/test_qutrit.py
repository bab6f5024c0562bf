"""One dimension more (SBCSV15 App. C): eq. (41) simulates all POVMs by two-outcome projective measurements of the
smaller system; certificates grow with it, whatever their bound, field and dimension, and Table I stays postquantum.
"""

from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.certificates.bounds import prove_bound
from steeralg.certificates.certificate import Block, BoundCertificate
from steeralg.certificates.membership import certify
from steeralg.constructions.sbcsv15 import qutrit_certificate, qutrit_extension, table_1, table_2
from steeralg.errors import ScenarioError
from steeralg.exact.convert import numbers_from_sympy
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.objects.assemblage import white_noise
from steeralg.objects.scenario import Scenario
from tests.strategies import unitaries

ROOT = sympy.sqrt(2)
TABLE_1 = table_1()


@st.composite
def rank_one_povms(draw):
    """POVMs of a qutrit with effects alpha_a Pi_a: two orthonormal bases with weights, from rational unitaries."""
    share = Fraction(draw(st.integers(1, 3)), 4)
    effects = []
    for weight in (share, 1 - share):
        u = draw(unitaries(3))
        effects += [(weight, u @ Matrix.unit(3, i, i) @ u.adjoint) for i in range(3)]
    return effects


@given(rank_one_povms())
@settings(deadline=None, max_examples=8)
def test_one_dimension_more_simulates_povms(effects):
    """App. C: pick a with probability alpha_a/3, answer a if {Pi_a, 1 - Pi_a} on the qubit says so, else b with
    probability <2|E_b|2>: the probabilities of E_a on eq. (41).
    """
    sigma = TABLE_1
    larger = qutrit_extension(sigma)
    for label, matrix in sigma.elements.items():
        trace = matrix.trace().fraction()
        answered = []
        for _, projector in effects:
            corner = Matrix.from_numbers([[projector.entry(i, j) for j in range(2)] for i in range(2)], projector.field)
            answered.append(corner.inner(matrix).fraction())
        otherwise = sum(alpha / 3 * (trace - p) for (alpha, _), p in zip(effects, answered, strict=True))
        for (alpha, projector), p in zip(effects, answered, strict=True):
            simulated = alpha / 3 * p + otherwise * alpha * projector.entry(2, 2).fraction()
            assert projector.inner(larger.elements[label]).fraction() * alpha == simulated


def test_the_qutrit_of_table_1_is_postquantum():
    """The value is a third of the violation; the Gram matrices gain zeros and stay positive."""
    proof = certify(TABLE_1).witness
    certificate = qutrit_certificate(proof.certificate)
    value = certificate.functional.value(qutrit_extension(TABLE_1))
    assert certificate.bound == 0 and value.sign() < 0
    assert value.fraction() * 3 == proof.exact_value.fraction() - proof.certificate.bound
    assert [b.words for b in certificate.blocks] == [b.words for b in proof.certificate.blocks]


def test_certificates_of_any_bound_and_dimension_grow():
    """Table II with its bound, twice: on the qutrit, and on the ququart of the qutrit."""
    certificate = prove_bound(table_2(), "-0.50843").witness
    sigma = TABLE_1
    gap = certificate.functional.value(sigma).fraction() - certificate.bound
    for dim in (3, 4):
        certificate, sigma = qutrit_certificate(certificate), qutrit_extension(sigma)
        gap /= dim
        assert certificate.functional.scenario == sigma.scenario == Scenario.of([(2, 2), (2, 2)], dim)
        assert certificate.functional.value(sigma).fraction() == gap < 0


def test_a_bound_in_a_number_field_grows():
    """An irrational bound below a rational one, with the difference as one more square, of the word 1."""
    small = prove_bound(table_2(), "-0.52").witness
    root = numbers_from_sympy([-ROOT])[0]
    one = ((), ())
    more = Matrix.identity(2).scale(Number.of(small.bound) - root)
    wide = BoundCertificate.verified(small.functional, root, [*small.blocks, Block((one,), more, None)])
    assert qutrit_certificate(wide).bound == 0


def test_one_dimension_more_needs_one_trusted_party():
    with pytest.raises(ScenarioError):
        qutrit_extension(white_noise(Scenario.of([(2, 2)], [2, 2])))

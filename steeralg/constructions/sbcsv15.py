"""Sainz, Brunner, Cavalcanti, Skrzypczyk, Vertesi, Phys. Rev. Lett. 115, 190403 (2015): PR boxes, Tables I and II, and
one dimension more for all POVMs.

Above: claims. Below: certificates, objects. Decimals are exactly as printed.
"""

from __future__ import annotations

from fractions import Fraction

from steeralg.arguments import checked
from steeralg.certificates.certificate import Block, BoundCertificate
from steeralg.exact.matrix import Matrix
from steeralg.exact.psd import Factor
from steeralg.exact.tensor import kron
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.directions import Direction, as_directions
from steeralg.objects.functional import Functional
from steeralg.objects.qutrit import one_larger, qutrit_extension
from steeralg.objects.scenario import Label, Partial, Scenario
from steeralg.objects.state import State

__all__ = [
    "own_example",
    "pr_box",
    "qutrit_certificate",
    "qutrit_extension",
    "table_1",
    "table_1_directions",
    "table_2",
]

_BOTH = (None, None)


def _symmetric(a: str, b: str, c: str) -> Matrix:
    return Matrix.rational([[Fraction(a), Fraction(b)], [Fraction(b), Fraction(c)]])


@checked
def pr_box(state: State) -> Assemblage:
    """Return the PR box times a state: sigma[ab|xy] = rho/2 if a + b = xy mod 2, else 0."""
    scenario = Scenario.of([(2, 2), (2, 2)], state.matrix.rows)
    half, zero = state.matrix.scale(Fraction(1, 2)), Matrix.zero(state.matrix.rows, state.matrix.rows)
    return Assemblage(
        scenario, {(a, x): half if (a[0] + a[1]) % 2 == x[0] * x[1] else zero for a, x, *_ in scenario.labels()}
    )


def table_1() -> Assemblage:
    """Return the assemblage of Table I: the printed independent elements, completed by symmetry and no-signalling."""
    joint = {
        (0, 0): _symmetric("0.1360", "-0.1257", "0.1360"),
        (1, 0): _symmetric("0.0803", "-0.0523", "0.0982"),
        (1, 1): _symmetric("0.2555", "-0.1192", "0.0709"),
    }
    single = [_symmetric("0.1464", "-0.1114", "0.1600"), _symmetric("0.2851", "-0.0586", "0.2473")]
    reduced = _symmetric("0.3666", "-0.0896", "0.6334")
    return Assemblage.from_marginals(Scenario.of([(2, 2), (2, 2)], 2), _table(reduced, single, joint))


def table_1_directions() -> tuple[Direction, ...]:
    """Return five short directions in the x-z plane that cover the Bloch disc and have local responses for Table I.

    The paper uses four, an octagon. With the printed digits that fails; with these five it works.
    """
    plane = (("0.37", "0.97"), ("0.94", "0.55"), ("1.04", "-0.23"), ("0.65", "-0.84"), ("0.10", "-1.02"))
    return as_directions([(x, 0, z) for x, z in plane])


def own_example() -> Assemblage:
    """Return an example of our own: postquantum and local for all projective measurements like Table I, with two digits
    instead of four, and three times as robust to white noise (at least 0.1266 against 0.0439).

    Candidate 50 of `steeralg.search.FunctionalSearch(2026)`, the search of App. D, rounded to two decimals. When the
    outcome of the first box is 0, that of the second one is 1 for its first setting and 0 for the other.
    """
    first = [_symmetric("0.13", "0.08", "0.06"), _symmetric("0.02", "0", "0.35")]
    second = [_symmetric("0.06", "-0.08", "0.13"), _symmetric("0.15", "0", "0.48")]
    table: dict[Partial, Matrix] = {(_BOTH, _BOTH): _symmetric("0.22", "0.12", "0.78")}
    for x in (0, 1):
        table[(0, None), (x, None)], table[(None, 0), (None, x)] = first[x], second[x]
        table[(0, 0), (x, 0)], table[(0, 0), (x, 1)] = Matrix.zero(2, 2), first[x]
    return Assemblage.from_marginals(Scenario.of([(2, 2), (2, 2)], 2), table)


def table_2() -> Functional:
    """Return the functional of Table II (eq. (45)); quantum assemblages are claimed to have values of at least
    -0.508417.
    """
    joint = {
        (0, 0): _symmetric("-0.1948", "0.5653", "-0.7229"),
        (1, 0): _symmetric("0.5482", "-0.4270", "-0.8690"),
        (1, 1): _symmetric("0.2875", "1.0320", "0.9182"),
    }
    single = [_symmetric("-0.2894", "0.2468", "0.9767"), _symmetric("-1.0943", "-0.4673", "0.0648")]
    reduced = _symmetric("1.4622", "0.1773", "-0.4622")
    return Functional.from_marginals(Scenario.of([(2, 2), (2, 2)], 2), _table(reduced, single, joint))


@checked
def qutrit_certificate(certificate: BoundCertificate) -> BoundCertificate:
    """Return a certificate on one dimension more: from <F, sigma> >= bound, that of P F P - bound P with bound 0.

    P projects onto the first D dimensions; -bound P is added to F[a|x] for all outcomes a of the first joint setting.
    The functional's value is <F, P sigma' P> - bound tr(P sigma' P): the filter P of App. C as a functional. Every
    Gram matrix is the same with zeros around every block, so the level does not change. Raises ScenarioError unless
    there is one trusted party without input.
    """
    functional = certificate.functional
    scenario = functional.scenario
    larger, embedding = one_larger(scenario)
    elements: dict[Label, Matrix] = {
        label: embedding @ m @ embedding.adjoint for label, m in functional.elements.items()
    }
    shift = (embedding @ embedding.adjoint).scale(certificate.bound)
    first = next(scenario.settings())
    for a in scenario.outcomes(first):
        label = scenario.label(a, first)
        elements[label] = elements[label] - shift if label in elements else -shift
    blocks = []
    for block in certificate.blocks:
        wide = kron(Matrix.identity(len(block.words)), embedding)
        factor = None if block.factor is None else _padded(block.factor, scenario.dim)
        blocks.append(Block(block.words, wide @ block.gram @ wide.adjoint, factor))
    return BoundCertificate.verified(Functional(larger, elements), Fraction(0), blocks)


def _padded(factor: Factor, dim: int) -> Factor:
    """Add a zero row and column after every `dim` of a factor: dominance is what it was."""
    order = factor.order + factor.order // dim
    place = [k + k // dim for k in range(factor.order)]

    def padded(plane: tuple[int, ...]) -> tuple[int, ...]:
        result = [0] * (order * order)
        for k, value in enumerate(plane):
            i, j = divmod(k, factor.order)
            result[place[i] * order + place[j]] = value
        return tuple(result)

    return Factor(factor.exponent, order, padded(factor.re), padded(factor.im))


def _table(reduced: Matrix, single: list[Matrix], joint: dict[tuple[int, int], Matrix]) -> dict[Partial, Matrix]:
    """Arrange printed matrices as independent elements, symmetric under exchange of the boxes."""
    table: dict[Partial, Matrix] = {(_BOTH, _BOTH): reduced}
    for y in (0, 1):
        table[(0, None), (y, None)] = single[y]
        table[(None, 0), (None, y)] = single[y]
        for z in (0, 1):
            table[(0, 0), (y, z)] = joint[max(y, z), min(y, z)]
    return table

"""The game of four mutually unbiased bases: the bases are unbiased, its symmetries fix it, the published figures are
met.
"""

from fractions import Fraction

import pytest

from steeralg.algebra.clifford import symmetry_group
from steeralg.algebra.group_basis import GroupBasis
from steeralg.certificates.symmetric_bounds import symmetric_bound
from steeralg.constructions.extended_games import (
    MUB4_SYMMETRIES,
    mub4_game,
    mub4_strategy,
    mutually_unbiased_bases,
    require_mutually_unbiased,
)
from steeralg.errors import InputError
from steeralg.exact.matrix import total
from steeralg.exact.number import Number
from steeralg.objects.symmetry import Symmetry


@pytest.mark.parametrize("dim", [3, 5])
def test_bases_are_complete_and_mutually_unbiased(dim):
    bases = mutually_unbiased_bases(dim)
    assert len(bases) == dim + 1
    require_mutually_unbiased(bases)
    for basis in bases:
        assert len(basis) == dim and total(basis).trace() == Number.of(dim, basis[0].field)
        assert all(p.is_hermitian for p in basis)


def test_other_bases_are_refused():
    bases = mutually_unbiased_bases(3)
    with pytest.raises(InputError, match="do not overlap by 1/3"):
        require_mutually_unbiased([bases[0], bases[1], bases[1]])
    with pytest.raises(InputError, match="projectors 0 of basis 0 and 0 of basis 0"):
        require_mutually_unbiased([[bases[0][0].scale(Fraction(1, 2)), *bases[0][1:]]])
    for dim in (2, 4, 9):
        with pytest.raises(InputError, match="odd prime"):
            mutually_unbiased_bases(dim)


def test_symmetries_fix_the_game_and_others_do_not():
    game = mub4_game()
    basis = GroupBasis.of(game.scenario)
    given = [Symmetry.parse(game.scenario, text) for text in MUB4_SYMMETRIES]
    assert len(symmetry_group(basis, game, given)[1]) == len(given)
    assert all(symmetry.functional(game).elements == game.elements for symmetry in given)
    with pytest.raises(InputError, match="symmetry 0 does not take the functional to itself"):
        symmetric_bound(game, ["A:(0 1); B:(0 1)"])


def test_strategy_reaches_the_published_lower_bound():
    """Johnston et al. report 0.660986; the upper end 2/3 is theirs, too."""
    value = mub4_strategy().value(mub4_game())
    assert Fraction(-2, 3) < -Fraction(660987, 10**6) < value.enclosure(64)[0]
    assert value.enclosure(64)[1] < -Fraction(660986, 10**6)

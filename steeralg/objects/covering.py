"""Can finitely many vectors be shared out among parties so that no party's share spans its space? By exhaustion.

Above: product bases, events. Below: nothing. This is what extending a product basis comes down to (DiVincenzo, Mor,
Shor, Smolin, Terhal, Commun. Math. Phys. 238, 379 (2003), Lemma 1): a product vector is orthogonal to all members iff
every member is orthogonal to it at some party.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Flat = frozenset[int]
"""The members, by number, whose vectors at one party lie in the span of some of them."""

Closure = Callable[[Flat, int], Flat | None]
"""(flat, member) -> all members in the span of both at one party; None if that is the whole space of the party."""

Spans = Callable[[int, Sequence[int]], bool]
"""(party, members) -> whether the vectors of these members span the space of that party."""


@dataclass(frozen=True)
class Split:
    """Witness that there is no such sharing: a case distinction on the party that `member` goes to.

    `cases[k]` goes on with party k; it is None where the members given to party k so far, this one included, span its
    space.
    """

    member: int
    cases: tuple[Split | None, ...]

    @property
    def leaves(self) -> int:
        """The number of cases, each of which ends with a party whose share spans its space."""
        return sum(1 if case is None else case.leaves for case in self.cases)

    def verify(self, size: int, parties: int, spans: Spans) -> bool:
        """Check the end of every case, for `size` members and so many parties."""
        return self._verify(size, spans, ((),) * parties)

    def _verify(self, size: int, spans: Spans, shares: tuple[tuple[int, ...], ...]) -> bool:
        if len(self.cases) != len(shares) or not 0 <= self.member < size:
            return False
        for k, case in enumerate(self.cases):
            enlarged = (*shares[k], self.member)
            if case is None:
                if not spans(k, enlarged):
                    return False
            elif not case._verify(size, spans, (*shares[:k], enlarged, *shares[k + 1 :])):
                return False
        return True


def share_out(size: int, parties: Sequence[Closure]) -> tuple[Flat, ...] | Split:
    """Return one flat per party, none of them spanning, that together hold all members; or the proof by exhaustion.

    A member that lies in the span of a party's share costs that party nothing and is given to it without branching.
    Every branch makes a share's span larger, so that the depth is at most the sum over the parties of d - 1, whatever
    the number of members.
    """
    return _search(size, parties, (frozenset(),) * len(parties))


def _search(size: int, parties: Sequence[Closure], flats: tuple[Flat, ...]) -> tuple[Flat, ...] | Split:
    member = next((m for m in range(size) if not any(m in flat for flat in flats)), None)
    if member is None:
        return flats
    cases: list[Split | None] = []
    for k, closure in enumerate(parties):
        enlarged = closure(flats[k], member)
        if enlarged is None:
            cases.append(None)
            continue
        found = _search(size, parties, (*flats[:k], enlarged, *flats[k + 1 :]))
        if not isinstance(found, Split):
            return found
        cases.append(found)
    return Split(member, tuple(cases))

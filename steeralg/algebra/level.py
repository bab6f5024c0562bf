"""Levels of the hierarchy: which words index the moment matrix.

Above: moment matrices. Below: words. A level is an integer k (all words of at most k letters), or a sum of terms such
as "1+AB", "1+A+B+AB+AAB", "2+ABC": an integer term is that level, a term of party letters (A the first black box; a
trusted party with input comes after the last one) asks for the words with that many letters of each party. Every
level is closed under deleting letters, so "AAB" brings "AA", "AB", ... . "almost quantum" is the level of at most one
letter per party.
"""

from __future__ import annotations

from itertools import product
from math import prod
from typing import Protocol

from steeralg.algebra.party import Letters, count_words, words_of_length
from steeralg.algebra.word import Word, projector_algebra
from steeralg.errors import LevelError
from steeralg.objects.scenario import Scenario

Level = int | str
ALMOST_QUANTUM = "almost quantum"
MAX_WORDS = 5000
_MAX_LENGTH = 12


class Parties(Protocol):
    """Anything with one set of letters for each party: the algebra, in either basis."""

    @property
    def parties(self) -> tuple[Letters, ...]:
        """The parties."""


def lengths(level: Level, parties: int) -> list[tuple[int, ...]]:
    """Return the numbers of letters per party that a level allows, shortest first. Raises LevelError."""
    if isinstance(level, bool) or not isinstance(level, int | str):
        raise LevelError(f"level {level!r} is neither an integer nor a string such as '1+AB'")
    text = str(level).strip()
    if text.lower().replace("-", " ") == ALMOST_QUANTUM:
        return _sorted(set(product((0, 1), repeat=parties)))
    allowed: set[tuple[int, ...]] = {(0,) * parties}
    for spaced in text.split("+"):
        parts = spaced.split()
        # Spaces may separate letters ("A B"), not digits.
        term = "".join(parts) if len(parts) <= 1 or not any(c.isdigit() for c in spaced) else spaced.strip()
        if term.isascii() and term.isdigit():
            if len(term) > 2 or int(term) > _MAX_LENGTH:
                raise LevelError(f"level {term} is too high; at most {_MAX_LENGTH} is supported")
            allowed |= {v for v in product(range(int(term) + 1), repeat=parties) if sum(v) <= int(term)}
            continue
        if not term.isascii():
            raise LevelError(f"term {term!r} of level {text!r} is not made of the letters A, B, ...")
        counts = [term.upper().count(chr(ord("A") + k)) for k in range(parties)]
        if not term or sum(counts) != len(term):
            letters = ", ".join(chr(ord("A") + k) for k in range(parties))
            raise LevelError(
                f"term {term!r} of level {text!r}: use integers and products of the party letters {letters}"
            )
        if sum(counts) > _MAX_LENGTH:
            raise LevelError(f"term {term!r} of level {text!r} is too long; at most {_MAX_LENGTH} letters")
        allowed |= set(product(*(range(c + 1) for c in counts)))
    return _sorted(allowed)


def _sorted(vectors: set[tuple[int, ...]]) -> list[tuple[int, ...]]:
    return sorted(vectors, key=lambda v: (sum(v), tuple(-x for x in v)))


def level_words(algebra: Parties, level: Level) -> list[Word]:
    """Return the words of a level, the empty word first. Raises LevelError for malformed or far too large levels."""
    vectors = lengths(level, len(algebra.parties))
    count = sum(prod(count_words(p, length) for p, length in zip(algebra.parties, v, strict=True)) for v in vectors)
    if count > MAX_WORDS:
        raise LevelError(f"level {level} has {count} words; at most {MAX_WORDS} are supported")
    per_party = [
        {length: words_of_length(party, length) for length in {v[k] for v in vectors}}
        for k, party in enumerate(algebra.parties)
    ]
    return [word for v in vectors for word in product(*(per_party[k][length] for k, length in enumerate(v)))]


def check_reach(scenario: Scenario, level: Level) -> None:
    """Raise LevelError unless every observed element sigma[a|x] is an entry v*w of the level's moment matrix."""
    parties = projector_algebra(scenario).parties
    vectors = set(lengths(level, len(parties)))
    full = tuple(int(max(party.sizes()) > 1) for party in parties)
    reached = any(
        tuple(f - u for f, u in zip(full, v, strict=True)) in vectors for v in vectors if all(map(_le, v, full))
    )
    if not reached:
        count = len(parties)
        raise LevelError(
            f"level {level} does not reach the elements sigma[a|x] of {count} parties with settings; "
            f"use level {(count + 1) // 2} or higher, or 'almost quantum'"
        )


def _le(a: int, b: int) -> bool:
    return a <= b

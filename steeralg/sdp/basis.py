"""From exact data to floats, and from unitary words to certificate words.

Above: conic problems, rounding. Below: moment structures, objects. A_x^k = sum_a w^(k a) E[a|x] for black boxes, and
X^p Z^q = sum_j w^(q j) e_(j+p),j for a trusted party with input.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from steeralg.algebra.party import Letter, PartyAlgebra, PartyWord
from steeralg.algebra.unitary import CyclicGroup, UnitaryParty, WeylGroup
from steeralg.algebra.word import Word, group_algebra, projector_algebra
from steeralg.errors import NumberError
from steeralg.exact.field import Field
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.objects.scenario import Scenario
from steeralg.sdp.moments import Complex


@lru_cache(maxsize=64)
def _theta(field: Field) -> tuple[float, ...]:
    low, high = field.enclosure((0, 1) + (0,) * (field.degree - 2), 200) if field.degree > 1 else (0, 0)
    theta = (low + high) / 2 / (1 << 200) if field.degree > 1 else 0.0
    return tuple(theta**k for k in range(field.degree))


def to_array(matrix: Matrix) -> Complex:
    """Return an exact matrix as a complex array."""
    result: Complex = to_arrays([matrix])[0]
    return result


def to_complex(number: Number) -> complex:
    """Return an exact number as a complex one."""
    return complex(to_array(Matrix.from_numbers([[number]], number.field))[0, 0])


def to_arrays(matrices: Sequence[Matrix]) -> Complex:
    """Return exact matrices of one shape and field as a complex array of shape (count, rows, columns)."""
    first, powers = matrices[0], _theta(matrices[0].field)
    # Division of Python integers rounds correctly however long they are.
    try:
        flat = np.array([x / m.denominator for m in matrices for plane in m.planes for x in plane])
    except OverflowError:
        raise NumberError("an entry is too large for a solver's floats; rescale the data") from None
    parts = flat.reshape(len(matrices), 2, first.field.degree, first.rows, first.columns)
    result = np.zeros((len(matrices), first.rows, first.columns), np.complex128)
    for k, power in enumerate(powers):
        result += power * parts[:, 0, k] + 1j * power * parts[:, 1, k]
    return result


def to_projectors(scenario: Scenario, group_words: Sequence[Word], projector_words: Sequence[Word]) -> Complex:
    """Return T with unitary word u = sum_v T[u, v] (certificate word v); a Gram matrix Z becomes T* Z T."""
    result = np.ones((len(group_words), len(projector_words)), np.complex128)
    parties = zip(group_algebra(scenario).parties, projector_algebra(scenario).parties, strict=True)
    for k, (group, projectors) in enumerate(parties):
        columns = list(dict.fromkeys(word[k] for word in projector_words))
        rows = list(dict.fromkeys(word[k] for word in group_words))
        position = {w: j for j, w in enumerate(columns)}
        table = np.zeros((len(rows), len(columns)), np.complex128)
        for i, u in enumerate(rows):
            for w, c in _expand(group, projectors, u).items():
                table[i, position[w]] = c
        row_index = {w: i for i, w in enumerate(rows)}
        result *= table[
            np.array([row_index[word[k]] for word in group_words])[:, None],
            np.array([position[word[k]] for word in projector_words])[None, :],
        ]
    return result


def _letter(group: UnitaryParty, letter: Letter) -> dict[int, complex]:
    """Write a unitary letter in the basis elements of its setting, the last one included."""
    x, k = letter
    if isinstance(group, CyclicGroup):
        return {a: np.exp(2j * np.pi * k * a / group.outcomes[x]) for a in range(group.outcomes[x])}
    if isinstance(group, WeylGroup):
        p, q = divmod(k, group.dim)
        return {(j + p) % group.dim * group.dim + j: np.exp(2j * np.pi * q * j / group.dim) for j in range(group.dim)}
    raise TypeError(f"no expansion for the letters of {type(group).__name__}")


def _expand(group: UnitaryParty, projectors: PartyAlgebra, word: PartyWord) -> dict[PartyWord, complex]:
    """Multiply out a unitary word in certificate letters."""
    result: dict[PartyWord, complex] = {(): 1.0}
    for letter in word:
        single: dict[PartyWord, complex] = {}
        for index, value in _letter(group, letter).items():
            for w, sign in projectors.element(letter[0], index).items():
                single[w] = single.get(w, 0) + value * sign
        expanded: dict[PartyWord, complex] = {}
        for left, c in result.items():
            for right, e in single.items():
                for w, sign in projectors.product(left, right).items():
                    expanded[w] = expanded.get(w, 0) + c * e * sign
        result = expanded
    return result

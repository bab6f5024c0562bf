"""From exact data to floats in the group basis, and Gram matrices back to projector words.

Above: conic problems, rounding. Below: moment structures, objects. In the group basis `A_x^k = sum_a w^(k a) E[a|x]`,
so moments are discrete Fourier transforms of elements over the outcomes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from math import prod

import numpy as np
from numpy.typing import NDArray

from steeralg.algebra.party import CyclicGroup, PartyWord, Projectors
from steeralg.algebra.word import Word
from steeralg.errors import NumberError
from steeralg.exact.field import Field
from steeralg.exact.matrix import Matrix
from steeralg.objects.scenario import Label, Scenario

Complex = NDArray[np.complex128]


@lru_cache(maxsize=64)
def _theta(field: Field) -> tuple[float, ...]:
    low, high = field.enclosure((0, 1) + (0,) * (field.degree - 2), 200) if field.degree > 1 else (0, 0)
    theta = (low + high) / 2 / (1 << 200) if field.degree > 1 else 0.0
    return tuple(theta**k for k in range(field.degree))


def to_array(matrix: Matrix) -> Complex:
    """Return an exact matrix as a complex array."""
    result: Complex = to_arrays([matrix])[0]
    return result


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


def _group_word(settings: tuple[int, ...], powers: tuple[int, ...]) -> Word:
    return tuple(((x, k),) if k else () for x, k in zip(settings, powers, strict=True))


def _transformed(
    scenario: Scenario, elements: Mapping[Label, Matrix], transform: Callable[..., Complex]
) -> Iterator[tuple[Word, Complex]]:
    """Yield the Fourier transform over the outcomes, setting by setting, with the group word of every power."""
    found = [elements.get(label) for label in scenario.labels()]
    present = next((matrix for matrix in found if matrix is not None), None)
    if present is None:
        return
    zero = Matrix.zero(scenario.dim, scenario.dim, present.field)
    stack = to_arrays([zero if matrix is None else matrix for matrix in found])
    axes, start = tuple(range(len(scenario.black_boxes))), 0
    for settings in scenario.settings():
        shape = tuple(box.outcomes[x] for box, x in zip(scenario.black_boxes, settings, strict=True))
        stop = start + prod(shape)
        values = transform(stack[start:stop].reshape(*shape, scenario.dim, scenario.dim), axes=axes, norm="forward")
        start = stop
        for powers in scenario.outcomes(settings):
            yield _group_word(settings, powers), values[powers]


def moments(scenario: Scenario, elements: Mapping[Label, Matrix]) -> dict[Word, Complex]:
    """Return the moments of an assemblage: for each observed group word m the D x D array L(m (x) e_ij) at [i, j]."""
    result: dict[Word, Complex] = {}
    for word, value in _transformed(scenario, elements, np.fft.ifftn):
        result.setdefault(word, value.T)
    return result


def coefficients(scenario: Scenario, elements: Mapping[Label, Matrix]) -> dict[Word, Complex]:
    """Return a functional's coefficients: f = sum_m m (x) F_m over observed group words, F_m a D x D array."""
    result: dict[Word, Complex] = {}
    for word, value in _transformed(scenario, elements, np.fft.fftn):
        result[word] = result[word] + value if word in result else value
    return result


def to_projectors(scenario: Scenario, group_words: tuple[Word, ...], projector_words: tuple[Word, ...]) -> Complex:
    """Return T with group word u = sum_v T[u, v] (projector word v); a Gram matrix Z becomes T* Z T."""
    result = np.ones((len(group_words), len(projector_words)), np.complex128)
    for k, box in enumerate(scenario.black_boxes):
        columns = list(dict.fromkeys(word[k] for word in projector_words))
        rows = list(dict.fromkeys(word[k] for word in group_words))
        position = {w: j for j, w in enumerate(columns)}
        table = np.zeros((len(rows), len(columns)), np.complex128)
        for i, u in enumerate(rows):
            for w, c in _expand(CyclicGroup(box.outcomes), Projectors(box.outcomes), u).items():
                table[i, position[w]] = c
        row_index = {w: i for i, w in enumerate(rows)}
        result *= table[
            np.array([row_index[word[k]] for word in group_words])[:, None],
            np.array([position[word[k]] for word in projector_words])[None, :],
        ]
    return result


def _expand(group: CyclicGroup, projectors: Projectors, word: PartyWord) -> dict[PartyWord, complex]:
    """Multiply out a group word in projector letters."""
    result: dict[PartyWord, complex] = {(): 1.0}
    for x, k in word:
        d = group.outcomes[x]
        roots = [np.exp(2j * np.pi * k * a / d) for a in range(d)]
        letter: dict[PartyWord, complex] = {(): roots[-1]}
        letter |= {((x, a),): roots[a] - roots[-1] for a in range(d - 1)}
        expanded: dict[PartyWord, complex] = {}
        for left, c in result.items():
            for right, e in letter.items():
                for w, sign in projectors.product(left, right).items():
                    expanded[w] = expanded.get(w, 0) + c * e * sign
        result = expanded
    return result

"""From a float Gram matrix in the group basis to integers in projector words: candidates for exact certificates.

Above: certificates, which verifies everything exactly. Below: moment structures, the group basis. A candidate is a
Hermitian integer matrix on the grid 2^-bits whose sums over every unobserved class vanish exactly; what the observed
classes sum to is the caller's business.

Repair is by the shift lambda * G, G = T* T: in the group basis G is the identity, `sum_u u* u` is the number of
words, so the shift moves every eigenvalue up and the bound down, and touches nothing else, at every level.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from steeralg.algebra.level import Level, level_words
from steeralg.algebra.word import Word, group_algebra, projector_algebra
from steeralg.objects.scenario import Scenario
from steeralg.sdp.basis import Complex, to_projectors
from steeralg.sdp.moments import Integers, MomentStructure, moment_structure


@dataclass(frozen=True, eq=False)
class Candidate:
    """Integers `re + i im` over 2^bits in projector words, with a float estimate of the least eigenvalue (group
    basis).
    """

    bits: int
    re: Integers
    im: Integers
    least: float


@dataclass(frozen=True, eq=False)
class Relaxation:
    """A scenario at a level, in both bases, with everything that does not depend on the data."""

    scenario: Scenario
    level: Level
    group: MomentStructure
    projector: MomentStructure

    @classmethod
    def build(cls, scenario: Scenario, level: Level) -> Relaxation:
        """Build the moment structures of a level in both bases."""
        structures = [
            moment_structure(algebra, level_words(algebra, level), scenario.dim)
            for algebra in (group_algebra(scenario), projector_algebra(scenario))
        ]
        return cls(scenario, level, *structures)

    @cached_property
    def transform(self) -> Complex:
        """T, group words in terms of projector words."""
        return to_projectors(self.scenario, self.group.words, self.projector.words)

    @cached_property
    def inverse_transform(self) -> Complex:
        """The inverse of T."""
        return np.asarray(np.linalg.inv(self.transform), dtype=np.complex128)

    @cached_property
    def shift(self) -> Integers:
        """G = T* T on words, an integer matrix: the identity of the group basis in projector words."""
        return np.rint((self.transform.conj().T @ self.transform).real).astype(np.int64)

    def _congruence(self, gram: Complex, transform: Complex) -> Complex:
        n, d = len(self.group.words), self.scenario.dim
        blocks = gram.reshape(n, d, n, d)
        left = np.tensordot(transform.conj().T, blocks, axes=(1, 0))
        carried = np.moveaxis(np.tensordot(left, transform, axes=(2, 0)), 3, 2)
        return np.asarray(carried.reshape(n * d, n * d), dtype=np.complex128)

    def carry(self, gram: Complex) -> Complex:
        """Carry a Gram matrix from group words to projector words."""
        return self._congruence(gram, self.transform)

    def carry_back(self, gram: Complex) -> Complex:
        """Carry a Gram matrix from projector words to group words."""
        return self._congruence(gram, self.inverse_transform)

    def carry_moments(self, moments: Complex) -> Complex:
        """Carry a moment matrix from group words to projector words."""
        return self._congruence(moments, self.inverse_transform.T)

    @cached_property
    def _group_classes(self) -> tuple[Integers, Integers, Integers]:
        """The class of every position of the group basis, the sizes of the classes, and the element numbers they
        stand for.
        """
        numbers, index, counts = np.unique(self.group.element, return_inverse=True, return_counts=True)
        return index.reshape(self.group.element.shape), counts, numbers

    def _class_values(self, table: Mapping[Word, Complex]) -> Complex:
        """Spread a table over observed words to a vector over classes, zero elsewhere."""
        _, counts, numbers = self._group_classes
        values = np.zeros(len(counts), np.complex128)
        for word in self.group.numbers:
            values[np.searchsorted(numbers, self.group.element_number(word))] = table[word]
        return values

    def _class_sums(self, gram: Complex) -> Complex:
        index, counts, _ = self._group_classes
        flat, size = index.ravel(), len(counts)
        return np.bincount(flat, gram.real.ravel(), size) + 1j * np.bincount(flat, gram.imag.ravel(), size)

    def project(self, gram: Complex, target: Mapping[Word, Complex] | None) -> Complex:
        """Move a Gram matrix to class sums of zero where unobserved and `target` (if given) where observed."""
        index, counts, _ = self._group_classes
        sums = self._class_sums(gram)
        if target is None:
            wanted = np.zeros_like(sums)
            kept = index[self.group.observed]
            wanted[kept] = sums[kept]
        else:
            wanted = self._class_values(target)
        return np.asarray(gram + ((wanted - sums) / counts)[index], dtype=np.complex128)

    def with_bound(self, gram: Complex, terms: Mapping[Word, Complex], bound: float) -> Complex:
        """Move a Gram matrix to the class sums of a functional minus a bound."""
        dim, one = self.scenario.dim, self.group.words[0]
        zero = np.zeros((dim, dim), np.complex128)
        target = {word: terms.get(word, zero) for word in self.group.numbers}
        target[one] = target[one] - bound * np.eye(dim)
        return self.project(gram, target)

    def least(self, gram: Complex) -> float:
        """Estimate the least eigenvalue of a Gram matrix in the group basis."""
        return float(np.linalg.eigvalsh(gram)[0])

    def pairing(self, gram: Complex, moments: Mapping[Word, Complex]) -> float:
        """Return the value sum_{v,w} Z_vw L(v*w) of a Gram matrix whose unobserved class sums vanish."""
        return float((self._class_sums(gram) @ self._class_values(moments)).real)

    @cached_property
    def _unobserved(self) -> tuple[Integers, Integers, Integers, NDArray[np.bool_]]:
        """Unobserved projector classes, one of each adjoint pair: positions, class index, representatives,
        self-adjoint or not.
        """
        element = self.projector.element
        chosen = (element >= 0) & (element <= element.T) & ~self.projector.observed
        positions = np.flatnonzero(chosen)
        numbers, index = np.unique(element.ravel()[positions], return_inverse=True)
        # Prefer a diagonal position as representative: a self-adjoint class may then be corrected there alone.
        rows, columns = np.divmod(positions, self.projector.order)
        order = np.lexsort((rows != columns, index))
        _, first = np.unique(index[order], return_index=True)
        representative = positions[order][first]
        self_adjoint = element.T.ravel()[representative] == numbers
        return positions, index, representative, self_adjoint

    def grid(self, gram: Complex, bits: int, real: bool) -> Candidate:
        """Round a Gram matrix (group basis) to the grid 2^-bits in projector words; unobserved sums exactly zero."""
        carried = self.carry(gram) * float(1 << bits)
        carried = (carried + carried.conj().T) / 2
        re = np.rint(carried.real).astype(np.int64)
        im = np.zeros_like(re) if real else np.rint(carried.imag).astype(np.int64)
        positions, index, representative, self_adjoint = self._unobserved
        if len(positions):
            sum_re, sum_im = np.zeros((2, len(representative)), np.int64)
            np.add.at(sum_re, index, re.ravel()[positions])
            np.add.at(sum_im, index, im.ravel()[positions])
            rows, columns = np.divmod(representative, self.projector.order)
            # A self-adjoint class without a diagonal position has an even sum, half of it for a position and its
            # mirror image.
            off = rows != columns
            amount = np.where(self_adjoint & off, sum_re // 2, sum_re)
            re[rows, columns] -= amount
            re[columns[off], rows[off]] -= amount[off]
            im[rows, columns] -= sum_im
            im[columns, rows] += sum_im
        return Candidate(bits, re, im, self.least_eigenvalue(re, im, bits))

    def least_eigenvalue(self, re: Integers, im: Integers, bits: int) -> float:
        """Estimate the least eigenvalue, in the group basis, of an integer matrix on the grid."""
        gram = np.asarray(re + 1j * im, dtype=np.complex128) / float(1 << bits)
        return self.least(self.carry_back(gram))

    def shifted(self, candidate: Candidate, amount: int) -> Candidate:
        """Add amount/2^bits times G."""
        re = candidate.re + amount * np.kron(self.shift, np.eye(self.scenario.dim, dtype=np.int64))
        return Candidate(candidate.bits, re, candidate.im, candidate.least + amount / float(1 << candidate.bits))

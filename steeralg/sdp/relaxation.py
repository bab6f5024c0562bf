"""A scenario at a level: everything that does not depend on the data, in both bases, and Gram matrices as integers.

Above: suggestions, certificates (which verify everything exactly). Below: moment and product structures, observation.
Relaxations are solved in unitary words; certificates are written in projectors and matrix units. A candidate is a
Hermitian integer matrix on the grid 2^-bits whose class sums are exactly the wanted integers.

Repair is by the shift lambda * G, G = T* T: in the unitary basis G is the identity, `sum_u u* u` is the number of
words, so the shift moves every eigenvalue up and the bound down, and touches nothing else, at every level.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse

from steeralg.algebra.level import Level, level_words
from steeralg.algebra.word import group_algebra, projector_algebra
from steeralg.objects.scenario import Scenario
from steeralg.sdp.basis import to_projectors
from steeralg.sdp.moments import Complex, Integers, MomentStructure, moment_structure
from steeralg.sdp.observation import Observation, observation
from steeralg.sdp.problem import (
    ConicProblem,
    Floats,
    Parameters,
    bound_problem,
    membership_problem,
    parameters,
    robustness_problem,
)
from steeralg.sdp.products import ProductStructure, product_structure


@dataclass(frozen=True, eq=False)
class Candidate:
    """Integers `re + i im` over 2^bits in certificate words, with a float estimate of the least eigenvalue (unitary
    basis).
    """

    bits: int
    re: Integers
    im: Integers
    least: float


@dataclass(frozen=True, eq=False)
class Relaxation:
    """A scenario at a level: the moment structure, the products of certificate words, and what is observed."""

    scenario: Scenario
    level: Level
    group: MomentStructure
    projector: ProductStructure

    @classmethod
    def build(cls, scenario: Scenario, level: Level) -> Relaxation:
        """Build the structures of a level in both bases."""
        unitary, certificate = group_algebra(scenario), projector_algebra(scenario)
        return cls(
            scenario,
            level,
            moment_structure(unitary, level_words(unitary, level), scenario.dim),
            product_structure(certificate, level_words(certificate, level), scenario.dim),
        )

    @cached_property
    def transform(self) -> Complex:
        """T, unitary words in terms of certificate words."""
        return to_projectors(self.scenario, self.group.words, self.projector.words)

    @cached_property
    def inverse_transform(self) -> Complex:
        """The inverse of T."""
        return np.asarray(np.linalg.inv(self.transform), dtype=np.complex128)

    @cached_property
    def shift(self) -> Integers:
        """G = T* T on words, an integer matrix: the identity of the unitary basis in certificate words."""
        return np.rint((self.transform.conj().T @ self.transform).real).astype(np.int64)

    def _congruence(self, gram: Complex, transform: Complex) -> Complex:
        n, d = len(self.group.words), self.scenario.dim
        blocks = gram.reshape(n, d, n, d)
        left = np.tensordot(transform.conj().T, blocks, axes=(1, 0))
        carried = np.moveaxis(np.tensordot(left, transform, axes=(2, 0)), 3, 2)
        return np.asarray(carried.reshape(n * d, n * d), dtype=np.complex128)

    def carry(self, gram: Complex) -> Complex:
        """Carry a Gram matrix from unitary words to certificate words."""
        return self._congruence(gram, self.transform)

    def carry_back(self, gram: Complex) -> Complex:
        """Carry a Gram matrix from certificate words to unitary words."""
        return self._congruence(gram, self.inverse_transform)

    def carry_moments(self, moments: Complex) -> Complex:
        """Carry a moment matrix from unitary words to certificate words."""
        return self._congruence(moments, self.inverse_transform.T)

    # ---- what is observed --------------------------------------------------------------------------------------------
    @cached_property
    def observation(self) -> Observation:
        """The observed elements against the observable certificate monomials."""
        return observation(self.scenario, list(self.projector.numbers))

    @cached_property
    def _observable_transform(self) -> Complex:
        """T on the observable monomials."""
        return to_projectors(self.scenario, list(self.group.numbers), list(self.projector.numbers))

    def observable_moments(self, certificate: Complex) -> Complex:
        """Carry observable moments, flat, from certificate monomials to unitary ones."""
        return np.asarray((self._observable_transform @ certificate.reshape(len(self.group.numbers), -1)).ravel())

    def observable_coefficients(self, certificate: Complex) -> Complex:
        """Carry coefficients of observable monomials, flat, from certificate monomials to unitary ones."""
        table = certificate.reshape(len(self.group.numbers), -1)
        return np.asarray(np.linalg.solve(self._observable_transform.T, table).ravel())

    @cached_property
    def _observed_basis(self) -> scipy.sparse.csr_matrix:
        """Columns that span the observed combinations of the unitary observable monomials."""
        if not self.scenario.has_input:
            # The same combinations of matrix units for every word, so the basis of words does not matter.
            return self.observation.injection
        return scipy.sparse.csr_matrix(
            np.linalg.solve(self._observable_transform.T, self.observation.injection.toarray())
        )

    @cached_property
    def _observed_projector(self) -> scipy.sparse.csr_matrix | None:
        """The orthogonal projector onto the observed combinations; None if all observable moments are observed."""
        if self.observation.is_complete:
            return None
        free = self.observation.orthonormal(self._observed_basis)
        return (free @ free.conj().T).tocsr()

    @cached_property
    def _parameters(self) -> Parameters:
        return parameters(self.group)

    @cached_property
    def _known(self) -> Integers:
        """The parameters of observable moments."""
        return np.unique(self._parameters.observable.indices)

    @cached_property
    def _free(self) -> scipy.sparse.csc_matrix:
        """The directions of observable moments that the data leave free."""
        if self.observation.is_complete:
            return scipy.sparse.csc_matrix((len(self._known), 0))
        link = self._parameters.observable[:, self._known]
        return self.observation.free_directions((self._observed_basis.T @ link).tocsr())

    def _start(self, moments: Complex) -> Floats:
        """The parameters of observable moments."""
        link = self._parameters.observable
        row = np.repeat(np.arange(link.shape[0]), np.diff(link.indptr))
        weights = np.bincount(link.indices, np.abs(link.data) ** 2)
        sums = np.bincount(link.indices, (link.data.conj() * moments[row]).real)
        return np.asarray(sums[self._known] / weights[self._known])

    def membership(self, moments: Complex) -> ConicProblem:
        """Return the membership problem of observable moments (unitary, flat), as far as they are observed."""
        return membership_problem(self.group, self._parameters, self._start(moments), self._free, self._known)

    def robustness(self, moments: Complex, noise: Complex) -> ConicProblem:
        """Return the problem of the least r such that r noise + (1 - r) data are in the level."""
        start, end = self._start(moments), self._start(noise)
        return robustness_problem(self.group, self._parameters, start, end - start, self._free, self._known)

    def bound(self, coefficients: Complex) -> ConicProblem:
        """Return the problem of the least value of a functional (coefficients of unitary observable monomials)."""
        return bound_problem(self.group, self._parameters, coefficients)

    # ---- class sums in the unitary basis -----------------------------------------------------------------------------
    @cached_property
    def _classes(self) -> tuple[Integers, Integers, Integers]:
        """The class of every position, the sizes of the classes, and the classes of the observable elements."""
        numbers, index, counts = np.unique(self.group.element, return_inverse=True, return_counts=True)
        return index.reshape(self.group.element.shape), counts, np.searchsorted(numbers, self.group.observable)

    def _class_sums(self, gram: Complex) -> Complex:
        index, counts, _ = self._classes
        turned = gram if self.group.period == 1 else gram * self.group.phase
        flat, size = index.ravel(), len(counts)
        return np.bincount(flat, turned.real.ravel(), size) + 1j * np.bincount(flat, turned.imag.ravel(), size)

    def project(self, gram: Complex, target: Complex | None) -> Complex:
        """Move a Gram matrix to class sums of zero where unobserved and `target` (if given) on observable monomials."""
        index, counts, observable = self._classes
        sums = self._class_sums(gram)
        wanted = np.zeros_like(sums)
        if target is None:
            kept, onto = sums[observable], self._observed_projector
            target = kept if onto is None else onto @ kept
        wanted[observable] = target
        moved = ((wanted - sums) / counts)[index]
        return np.asarray(gram + (moved if self.group.period == 1 else moved * self.group.phase.conj()))

    def with_bound(self, gram: Complex, coefficients: Complex, bound: float) -> Complex:
        """Move a Gram matrix to the class sums of a functional minus a bound."""
        return self.project(gram, coefficients - bound * self._identity(list(self.group.numbers)))

    def _identity(self, words: list[tuple[tuple[tuple[int, int], ...], ...]]) -> Floats:
        """The coefficients of 1 over some words, flat."""
        dim = self.scenario.dim
        result = np.zeros((len(words), dim, dim))
        result[next(k for k, word in enumerate(words) if not any(word))] = np.eye(dim)
        return result.ravel()

    def least(self, gram: Complex) -> float:
        """Estimate the least eigenvalue of a Gram matrix in the unitary basis."""
        return float(np.linalg.eigvalsh(gram)[0])

    def pairing(self, gram: Complex, moments: Complex) -> float:
        """Return sum_{v,w} Z_vw L(v*w) for a Gram matrix whose class sums are observed combinations."""
        return float((self._class_sums(gram)[self._classes[2]] @ moments).real)

    # ---- integers in certificate words -------------------------------------------------------------------------------
    def grid(self, gram: Complex, bits: int, real: bool, target: Complex | None) -> Candidate:
        """Round a Gram matrix (unitary basis) to the grid 2^-bits in certificate words.

        The class sums become exactly: zero for unobservable monomials; for observable ones, in the grid's units, the
        rounded `target`, or if there is none the nearest rounded observed combination.
        """
        carried = self.carry(gram) * float(1 << bits)
        carried = (carried + carried.conj().T) / 2
        re = np.rint(carried.real).astype(np.int64)
        im = np.zeros_like(re) if real else np.rint(carried.imag).astype(np.int64)
        observable = np.fromiter(self.projector.numbers.values(), np.int64)
        wanted = []
        for plane, part in ((re, None), (im, None)) if target is None else ((re, target.real), (im, target.imag)):
            sums = np.zeros((len(self.projector.monomials), self.scenario.dim, self.scenario.dim), np.int64)
            if part is None:
                found = self.projector.class_sums(plane)[observable]
                flat = self.observation.injection @ self.coordinates(found)
            else:
                flat = np.rint(part * float(1 << bits)).astype(np.int64)
            sums[observable] = flat.reshape(-1, self.scenario.dim, self.scenario.dim)
            wanted.append(sums)
        if real:
            wanted[1][:] = 0
        re, im, factor = self.projector.corrected(re, im, (wanted[0], wanted[1]))
        bits += factor - 1
        return Candidate(bits, re, im, self.least_eigenvalue(re, im, bits))

    def coordinates(self, sums: Integers) -> Integers:
        """Return the nearest integer coordinates of observed elements to class sums of observable monomials."""
        return np.asarray(np.rint(self.observation.fit @ sums.ravel()), dtype=np.int64)

    def observed_coordinates(self, candidate: Candidate) -> tuple[Integers, Integers]:
        """Return the integer coordinates of the functional that a candidate's class sums are."""
        observable = np.fromiter(self.projector.numbers.values(), np.int64)
        re, im = (self.coordinates(self.projector.class_sums(p)[observable]) for p in (candidate.re, candidate.im))
        return re, im

    def least_eigenvalue(self, re: Integers, im: Integers, bits: int) -> float:
        """Estimate the least eigenvalue, in the unitary basis, of an integer matrix on the grid."""
        gram = np.asarray(re + 1j * im, dtype=np.complex128) / float(1 << bits)
        return self.least(self.carry_back(gram))

    def shifted(self, candidate: Candidate, amount: int) -> Candidate:
        """Add amount/2^bits times G."""
        re = candidate.re + amount * np.kron(self.shift, np.eye(self.scenario.dim, dtype=np.int64))
        return Candidate(candidate.bits, re, candidate.im, candidate.least + amount / float(1 << candidate.bits))

    def certificate_target(self, coefficients: Complex, bound: float) -> Complex:
        """Return the class sums of a functional (certificate coefficients, flat) minus a bound."""
        return coefficients - bound * self._identity(list(self.projector.numbers))

"""Matrices for the letters of the algebra, and what words become under them; nothing here reduces a word.

A box's letters are random projective measurements; the matrix units of a trusted party with input are U*(e_ij (x) 1)U
with a random unitary U for every setting. Different parties act on different tensor factors, so their letters commute.
Unitary letters are Fourier transforms of projectors, and Weyl operators made of matrix units.
"""

from fractions import Fraction
from functools import reduce
from itertools import product

import numpy as np

from steeralg.algebra.word import UnitaryAlgebra, group_algebra
from steeralg.exact.matrix import Matrix
from steeralg.exact.tensor import kron
from steeralg.sdp.basis import to_array


def random_unitary(rng, dim):
    unitary, _ = np.linalg.qr(rng.normal(size=(dim, dim)) + 1j * rng.normal(size=(dim, dim)))
    return unitary


def random_measurements(seed, outcomes, dim):
    """One projective measurement of a `dim`-level system per setting, in a random basis, with random ranks."""
    rng = np.random.default_rng(seed)
    measurements = []
    for d in outcomes:
        basis = random_unitary(rng, dim)
        owner = rng.integers(d, size=dim)
        measurements.append([(basis * (owner == a)) @ basis.conj().T for a in range(d)])
    return measurements


def random_matrix_units(seed, dim, settings, copies=2):
    """For every setting U*(e_ij (x) 1)U with a random unitary U, row by row."""
    rng = np.random.default_rng(seed)
    units = []
    for _ in range(settings):
        u = random_unitary(rng, dim * copies)
        flat = np.eye(dim * dim).reshape(dim * dim, dim, dim)
        units.append([u.conj().T @ np.kron(unit, np.eye(copies)) @ u for unit in flat])
    return units


def random_parties(scenario, seed=0, local=3, copies=2):
    """For every party of a scenario that has letters its basis elements, setting by setting."""
    parties = [random_measurements(seed + k, box.outcomes, local) for k, box in enumerate(scenario.black_boxes)]
    if scenario.has_input:
        parties.append(random_matrix_units(seed + 97, scenario.views[0], len(scenario.views), copies))
    return parties


def projector_letters(elements):
    """The operator of every certificate letter (x, k) of a party, last ones included."""
    return {(x, k): element for x, row in enumerate(elements) for k, element in enumerate(row)}


def group_letters(measurements):
    """The operator of every letter (x, k): A_x^k = sum_a w^(ka) E[a|x] with w = exp(2 pi i/d)."""
    table = {}
    for x, effects in enumerate(measurements):
        roots = np.exp(2j * np.pi * np.arange(len(effects)) / len(effects))
        table |= {(x, k): sum(r**k * e for r, e in zip(roots, effects, strict=True)) for k in range(len(effects))}
    return table


def weyl_letters(units):
    """The operator of every letter (y, p D + q): X^p Z^q with X = sum_j e_(j+1),j and Z = sum_j w^j e_jj."""
    table = {}
    for y, row in enumerate(units):
        d = round(len(row) ** 0.5)
        shift = sum(row[(j + 1) % d * d + j] for j in range(d))
        clock = sum(np.exp(2j * np.pi * j / d) * row[j * d + j] for j in range(d))
        for p, q in product(range(d), repeat=2):
            table[y, p * d + q] = np.linalg.matrix_power(shift, p) @ np.linalg.matrix_power(clock, q)
    return table


def letter_tables(scenario, parties, unitary=False):
    """The tables of letters of all parties, in certificate letters or in unitary ones."""
    if not unitary:
        return [projector_letters(party) for party in parties]
    boxes = len(scenario.black_boxes)
    return [group_letters(p) for p in parties[:boxes]] + [weyl_letters(p) for p in parties[boxes:]]


def party_operator(word, letters):
    """The product of a party word's letters, the identity for the empty word."""
    dim = len(next(iter(letters.values())))
    return reduce(np.matmul, (letters[letter] for letter in word), np.eye(dim, dtype=complex))


def word_operator(word, tables):
    """The operator of a scenario's word: one tensor factor for each party."""
    return reduce(np.kron, (party_operator(part, letters) for part, letters in zip(word, tables, strict=True)))


def exact_word(word, effects):
    """The exact operator of a certificate word, for exact basis elements of every party and setting."""
    factors = []
    for part, settings in zip(word, effects, strict=True):
        one = Matrix.identity(settings[0][0].rows)
        factors.append(reduce(lambda left, letter, s=settings: left @ s[letter[0]][letter[1]], part, one))
    return kron(*factors)


def exact_combination(terms, effects):
    """The exact operator sum w (x) Z_w of words with matrix coefficients."""
    return reduce(Matrix.__add__, (kron(exact_word(w, effects), m) for w, m in terms.items()))


def combination(terms, operator):
    """The operator of a linear combination of words; zero for the empty one."""
    return sum((coefficient * operator(word) for word, coefficient in terms.items()), 0.0)


def linear_product(multiply, left, right):
    """Extend a product of words to linear combinations, leaving out what cancels."""
    result = {}
    for (v, a), (w, b) in product(left.items(), right.items()):
        for word, c in multiply(v, w).items():
            result[word] = result.get(word, 0) + a * b * c
    return {word: c for word, c in result.items() if c}


def turned_product(algebra, left, right):
    """Multiply two unitary words party by party: the word, and its phase as a fraction of a full turn."""
    parts = [(p, *p.product(v, w)) for p, v, w in zip(algebra.parties, left, right, strict=True)]
    return tuple(w for _, w, _ in parts), sum((Fraction(t, p.period) for p, _, t in parts), Fraction(0)) % 1


def turned_adjoint(algebra, word):
    """The adjoint of a unitary word party by party, and its phase as a fraction of a full turn."""
    parts = [(p, *p.adjoint(w)) for p, w in zip(algebra.parties, word, strict=True)]
    return tuple(w for _, w, _ in parts), sum((Fraction(t, p.period) for p, _, t in parts), Fraction(0)) % 1


def phase(turn):
    return np.exp(2j * np.pi * float(turn))


def square(algebra, v, w):
    """v*w as a linear combination of words, in either kind of letters."""
    if not isinstance(algebra, UnitaryAlgebra):
        return algebra.product(algebra.adjoint(v), w)
    adjoint, start = turned_adjoint(algebra, v)
    word, turn = turned_product(algebra, adjoint, w)
    return {word: phase(start + turn)}


def class_sums(algebra, words, gram):
    """The coefficients of sum_{v,w} v*w (x) Z_vw in float arithmetic, product by product."""
    dim = len(gram) // len(words)
    sums = {}
    for (i, v), (j, w) in product(enumerate(words), repeat=2):
        block = gram[i * dim : (i + 1) * dim, j * dim : (j + 1) * dim]
        for word, c in square(algebra, v, w).items():
            sums[word] = sums.get(word, 0) + c * block
    return sums


def moment_matrix(relaxation, parties, rho):
    """Gamma[(v,i),(w,j)] = tr[(v*w (x) |i><j|) rho] in unitary words, for explicit letters and an explicit state."""
    tables = letter_tables(relaxation.scenario, parties, unitary=True)
    operators = np.array([word_operator(word, tables) for word in relaxation.group.words])
    size, dim = operators.shape[1], relaxation.scenario.dim
    split = rho.reshape(size, dim, size, dim)
    values = np.einsum("vlk,wlm,mjki->viwj", operators.conj(), operators, split, optimize=True)
    return values.reshape(relaxation.group.order, -1)


def functional_operator(functional, parties):
    """The operator of sum E[a|x] (x) F[a|x]: sum_ij F_ij e^y_ij for an input, 1 (x) F (x) 1 for one of several."""
    scenario, boxes = functional.scenario, len(functional.scenario.black_boxes)
    total = 0.0
    for label, matrix in functional.elements.items():
        effects = [parties[k][x][a] for k, (a, x) in enumerate(zip(*label[:2], strict=True))]
        view, f = scenario.view(label), to_array(matrix)
        if scenario.has_input:
            last = [np.einsum("k,kij->ij", f.ravel(), np.array(parties[boxes][view]))]
        else:
            last = [f if k == view else np.eye(d) for k, d in enumerate(scenario.views)]
        total = total + reduce(np.kron, [*effects, *last])
    return total


def unitary_observables(scenario):
    """Every unitary word with at most one letter per party."""
    parties = group_algebra(scenario).parties
    return set(product(*([(), *((letter,) for letter in p.letters())] for p in parties)))

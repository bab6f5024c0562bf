"""Float stand-ins for the letters of the algebra: random projective measurements and what words become under them.

Different boxes act on different tensor factors, so their letters commute; nothing here reduces a word.
"""

from functools import reduce
from itertools import product

import numpy as np


def random_measurements(seed, outcomes, dim):
    """One projective measurement of a `dim`-level system per setting, in a random basis, with random ranks."""
    rng = np.random.default_rng(seed)
    measurements = []
    for d in outcomes:
        basis, _ = np.linalg.qr(rng.normal(size=(dim, dim)) + 1j * rng.normal(size=(dim, dim)))
        owner = rng.integers(d, size=dim)
        measurements.append([(basis * (owner == a)) @ basis.conj().T for a in range(d)])
    return measurements


def projector_letters(measurements):
    """The operator of every letter (x, a) of a box, last outcomes included."""
    return {(x, a): effect for x, effects in enumerate(measurements) for a, effect in enumerate(effects)}


def group_letters(measurements):
    """The operator of every letter (x, k): A_x^k = sum_a w^(ka) E[a|x] with w = exp(2 pi i/d)."""
    table = {}
    for x, effects in enumerate(measurements):
        roots = np.exp(2j * np.pi * np.arange(len(effects)) / len(effects))
        table |= {(x, k): sum(r**k * e for r, e in zip(roots, effects, strict=True)) for k in range(len(effects))}
    return table


def party_operator(word, letters):
    """The product of a party word's letters, the identity for the empty word."""
    dim = len(next(iter(letters.values())))
    return reduce(np.matmul, (letters[letter] for letter in word), np.eye(dim, dtype=complex))


def word_operator(word, tables):
    """The operator of a scenario's word: one tensor factor for each box."""
    return reduce(np.kron, (party_operator(part, letters) for part, letters in zip(word, tables, strict=True)))


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


def class_sums(algebra, words, gram):
    """The coefficients of sum_{v,w} v*w (x) Z_vw in float arithmetic, product by product."""
    dim = len(gram) // len(words)
    sums = {}
    for (i, v), (j, w) in product(enumerate(words), repeat=2):
        block = gram[i * dim : (i + 1) * dim, j * dim : (j + 1) * dim]
        for word, c in algebra.product(algebra.adjoint(v), w).items():
            sums[word] = sums.get(word, 0) + c * block
    return sums

"""Observed elements: what part of the algebra the data are expectations of.

Above: levels, relaxations, certificates. Below: words, objects. All scenarios are states on one algebra; they differ
only here. An observed element is E[a1|x1] E[a2|x2] ... times an operator F of the element's view: F itself for one
trusted party, 1 (x) F (x) 1 for one of several, sum_ij F_ij e^y_ij for an input y (y = a if instrumental). Its
expectation is tr(F sigma[a|x]).
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from steeralg.algebra.party import PartyWord
from steeralg.algebra.word import Algebra, Word, projector_algebra
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.tensor import kron
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Label, Partial, Scenario


def observed_words(scenario: Scenario, label: Label | Partial) -> list[Mapping[PartyWord, int]]:
    """Write E[a|x] box by box in words, last outcomes expanded; None stands for 1."""
    parties = projector_algebra(scenario).parties
    return [
        {(): 1} if outcome is None or setting is None else party.element(setting, outcome)
        for party, outcome, setting in zip(parties, label[0], label[1], strict=False)
    ]


def observed_element(scenario: Scenario, label: Label | Partial, operator: Matrix) -> dict[Word, Matrix]:
    """Return the observed element of a label and an operator of its view: reduced words with D x D coefficients."""
    boxes = observed_words(scenario, label)
    result: dict[Word, Matrix] = {}
    if not scenario.has_input:
        coefficient = embedded(scenario, scenario.view(label), operator)
        return {word: coefficient.scale(sign) for word, sign in Algebra.combine(boxes).items()}
    party, d = projector_algebra(scenario).parties[-1], operator.rows
    for i in range(d):
        for j in range(d):
            entry = operator.rearrange(1, 1, [i * d + j])
            if entry.is_zero:
                continue
            unit = party.element(scenario.view(label), i * d + j)
            for word, sign in Algebra.combine([*boxes, unit]).items():
                add(result, word, entry.scale(sign))
    return {word: m for word, m in result.items() if not m.is_zero}


def embedded(scenario: Scenario, view: int, operator: Matrix) -> Matrix:
    """Return 1 (x) F (x) 1 for a party's operator."""
    dims = scenario.views
    if len(dims) == 1:
        return operator
    before, after = prod(dims[:view]), prod(dims[view + 1 :])
    return kron(Matrix.identity(before), operator, Matrix.identity(after))


def expansion(functional: Functional) -> dict[Word, Matrix]:
    """Write f = sum E[a|x] (x) F[a|x] in reduced words."""
    result: dict[Word, list[Matrix]] = {}
    for label, matrix in functional.elements.items():
        for word, term in observed_element(functional.scenario, label, matrix).items():
            result.setdefault(word, []).append(term)
    return {word: total(terms) for word, terms in result.items()}


def add(table: dict[Word, Matrix], word: Word, matrix: Matrix) -> None:
    """Add a matrix to the coefficient of a word."""
    table[word] = table[word] + matrix if word in table else matrix

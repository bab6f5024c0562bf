"""Functionals: families of Hermitian operators F[a|x], evaluated as <F, sigma> = sum tr(F[a|x] sigma[a|x]).

The sum runs over all labels: over y, too, for an input, and over the trusted parties, where there are several.

Above: relaxations, certificates. Below: assemblages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from steeralg.arguments import checked
from steeralg.errors import ScenarioError
from steeralg.exact.convert import as_matrices, unify
from steeralg.exact.field import RATIONALS, Field
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.family import check_element, check_labels, completions
from steeralg.objects.scenario import Label, Partial, Scenario
from steeralg.objects.tables import family_display


@checked
@dataclass(frozen=True, repr=False)
class Functional:
    """A linear functional on assemblages; a label that is missing from `elements` stands for zero.

    Raises FormatError, ShapeError or HermitianError, naming the element; ScenarioError for a sequential scenario, where
    there is nothing to bound.
    """

    scenario: Scenario
    elements: Mapping[Label, Matrix]

    def __post_init__(self) -> None:
        self.scenario.require_simultaneous("functionals")
        check_labels(self.scenario, self.elements, complete=False)
        labels = sorted(self.elements, key=lambda label: (label[1], label[0], label[2:]))
        matrices = unify([self.elements[label] for label in labels])
        frozen = {}
        for label, matrix in zip(labels, matrices, strict=True):
            check_element(self.scenario, label, matrix)
            if not matrix.is_zero:
                frozen[label] = matrix
        object.__setattr__(self, "elements", MappingProxyType(frozen))

    @classmethod
    @checked
    def of(cls, scenario: Scenario, elements: Mapping[Label, Any]) -> Functional:
        """Return the functional with the given F[a|x] (exact, sympy or nested sequences of sympy numbers).

        Raises what the constructor raises, and NumberError for entries that are not exact.
        """
        labels = list(elements)
        return cls(scenario, dict(zip(labels, as_matrices([elements[k] for k in labels]), strict=True)))

    @classmethod
    @checked
    def from_marginals(cls, scenario: Scenario, table: Mapping[Partial, Any]) -> Functional:
        """Return the functional sum tr(G[a_S|x_S] sigma[a_S|x_S]) (the form of SBCSV15 Table II and SAPHS18 Table 1).

        None, as outcome and setting, stands for boxes whose outcomes are summed over; their setting is taken to be 0.
        Raises ScenarioError for other labels, and what `of` raises.
        """
        keys = list(table)
        summed: dict[Label, Matrix] = {}
        for key, matrix in zip(keys, as_matrices([table[k] for k in keys]), strict=True):
            for label in completions(scenario, key):
                summed[label] = summed[label] + matrix if label in summed else matrix
        return cls(scenario, summed)

    def __repr__(self) -> str:
        return f"<Functional: {self.scenario}; over {self.field}>"

    def _repr_html_(self) -> str:
        return family_display(self, self.scenario, self.elements, "<mi>F</mi>")

    def matrices(self) -> Iterator[tuple[str, Matrix]]:
        """Yield every element that is not zero with its key."""
        yield from ((self.scenario.key(label), matrix) for label, matrix in self.elements.items())

    @property
    def field(self) -> Field:
        """The real number field of the entries' real and imaginary parts."""
        return next((m.field for m in self.elements.values()), RATIONALS)

    @checked
    def value(self, assemblage: Assemblage) -> Number:
        """Return <F, sigma>, a real number. Raises ScenarioError for another scenario."""
        if assemblage.scenario != self.scenario:
            raise ScenarioError("the functional and the assemblage live in different scenarios")
        pairs = [(matrix, assemblage.elements[label]) for label, matrix in self.elements.items()]
        if not (self.field.is_rational or assemblage.field in (self.field, RATIONALS)):
            common = unify([m for pair in pairs for m in pair])
            pairs = list(zip(common[::2], common[1::2], strict=True))
        return sum((operator.inner(element) for operator, element in pairs), Number.of(0))

    def scale(self, factor: int | Fraction) -> Functional:
        """Return the functional times a rational number. Raises NumberError."""
        return Functional(self.scenario, {label: m.scale(factor) for label, m in self.elements.items()})

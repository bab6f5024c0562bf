"""Liftings of postquantum examples into larger scenarios, with their certificates; local unitaries and isometries.

Above: the strategy for postquantum assemblages. Below: certificates, assemblages. A lifting is a *-homomorphism of the
algebras that takes observed elements to observed ones, so that sums of squares stay sums of squares: E[a|x] becomes the
sum of the outcomes that count as a, an operator Z of the trusted side V Z V* with an isometry V, a matrix unit e_ij of
an input V e_ij V*. V V* need not be 1: so bounds have to be 0 (`centred`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise, product
from math import prod

from steeralg.algebra.party import Letter
from steeralg.algebra.word import Word
from steeralg.certificates.certificate import Block, BoundCertificate
from steeralg.exact.convert import unify
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.exact.tensor import kron
from steeralg.objects.assemblage import Assemblage, observe
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Label, Scenario

Table = tuple[tuple[int, ...], ...]


def centred(certificate: BoundCertificate) -> BoundCertificate:
    """Return the certificate of the functional minus its bound, which is at least 0."""
    functional, bound = certificate.functional, certificate.bound
    scenario, elements = functional.scenario, dict(certificate.functional.elements)
    if bound == 0:
        return certificate
    first = next(scenario.settings())
    for a in scenario.outcomes(first):
        label = scenario.label(a, first)
        shift = Matrix.identity(scenario.order(label)).scale(bound)
        elements[label] = elements[label] - shift if label in elements else -shift
    return BoundCertificate(Functional(scenario, elements), Fraction(0), certificate.blocks)


@dataclass(frozen=True)
class Lifting:
    """Where a scenario is found in another one.

    Box k is box boxes[k], its setting x is settings[k][x]; for outcome a of it outcomes[k][x][a] is answered, and what
    is answered there counts as counts[k][x][..]. All other settings answer answers[box][setting]. View v is view
    views[v], by the isometry isometries[v]; other views show states[view]. `views` is empty for a source without a
    trusted party; an input of the target that the source does not have is not looked at but for one setting.
    """

    source: Scenario
    target: Scenario
    boxes: tuple[int, ...]
    settings: Table
    outcomes: tuple[Table, ...]
    counts: tuple[Table, ...]
    answers: Table
    views: tuple[int, ...]
    isometries: tuple[Matrix, ...]
    states: tuple[Matrix, ...]

    def assemblage(self, assemblage: Assemblage) -> Assemblage:
        """Lift an assemblage; of an instrumental scenario, its parent."""
        whole = replace(self.target, instrumental=False)
        elements: dict[Label, Matrix] = {}
        for label in whole.labels():
            a, x, view = label[0], label[1], whole.view(label)
            partial = self._answered(a, x)
            seen = view in self.views
            if partial is None:
                elements[label] = Matrix.zero(whole.order(label), whole.order(label))
                continue
            here = assemblage.scenario.has_views
            number = self.views.index(view) if seen else 0
            matrix = assemblage.marginal((*partial, number) if here else partial)
            if seen:
                isometry = self.isometries[number]
                elements[label] = isometry @ matrix @ isometry.adjoint
            else:
                elements[label] = self.states[view].scale(matrix.trace())
        result = Assemblage(whole, elements)
        return observe(self.target, result) if self.target.instrumental else result

    def _answered(
        self, a: Sequence[int], x: Sequence[int]
    ) -> tuple[tuple[int | None, ...], tuple[int | None, ...]] | None:
        """Return what the source says to an element, None for a box that is not asked; or None for zero."""
        outcomes: list[int | None] = [None] * len(self.boxes)
        settings: list[int | None] = [None] * len(self.boxes)
        for box, (answer, setting) in enumerate(zip(a, x, strict=True)):
            k = self.boxes.index(box) if box in self.boxes else None
            if k is None or setting not in self.settings[k]:
                if answer != self.answers[box][setting]:
                    return None
                continue
            settings[k] = s = self.settings[k].index(setting)
            if answer not in self.outcomes[k][s]:
                return None
            outcomes[k] = self.outcomes[k][s].index(answer)
        return tuple(outcomes), tuple(settings)

    def certificate(self, certificate: BoundCertificate) -> BoundCertificate:
        """Lift a certificate with bound 0."""
        elements: dict[Label, Matrix] = {}
        for label, matrix in certificate.functional.elements.items():
            view = self.source.view(label)
            if self.views:
                isometry = self.isometries[view]
                image, place = isometry @ matrix @ isometry.adjoint, self.views[view]
            else:
                image, place = Matrix.identity(self.target.views[0]).scale(matrix.entry(0, 0)), 0
            for a, x in self._labels(label):
                elements[self.target.label(a, x, place)] = image
        exact = iter(unify(list(elements.values())))
        functional = Functional(self.target, {label: next(exact) for label in elements})
        return BoundCertificate(functional, Fraction(0), tuple(map(self._block, certificate.blocks)))

    def _labels(self, label: Label) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
        """Yield the elements of the target that sum to one of the source: other boxes have setting 0."""
        chosen: list[list[Letter]] = [[(0, a) for a in range(b.outcomes[0])] for b in self.target.black_boxes]
        for k, (a, x) in enumerate(zip(label[0], label[1], strict=True)):
            chosen[self.boxes[k]] = self._letters(k, x, a)
        for letters in product(*chosen):
            yield tuple(a for _, a in letters), tuple(x for x, _ in letters)

    def _letters(self, box: int, setting: int, outcome: int) -> list[Letter]:
        counted = enumerate(self.counts[box][setting])
        return [(self.settings[box][setting], a) for a, counts_as in counted if counts_as == outcome]

    def _block(self, block: Block) -> Block:
        """Replace the letters of the words, and the coefficients of the Gram matrix along with them."""
        columns: dict[Word, dict[int, Number]] = {}
        for k, word in enumerate(block.words):
            for image, coefficient in self._images(word):
                columns.setdefault(image, {})[k] = coefficient
        words, zero = list(columns), Number.of(0)
        table = [[columns[word].get(k, zero).conjugate() for k in range(len(block.words))] for word in words]
        field = next((x.field for row in table for x in row if not x.field.is_rational), zero.field)
        moved = self._widened(Matrix.from_numbers(table, field), block.gram)
        if self.target.has_input and not self.source.has_input and self.views:
            # sum_ij Z_ij e_ij is a square by e_ij = (e_0i)* e_0j.
            place, dim = self.views[0], self.target.views[0]
            words = [(*word[:-1], ((place, j),)) for word in words for j in range(dim)]
        return Block(tuple(words), moved, None)

    def _images(self, word: Word) -> Iterator[tuple[Word, Number]]:
        """Yield the words of the image of a word, with coefficients."""
        parts: list[list[tuple[Letter, ...]]] = [[()] for _ in self.target.black_boxes]
        for k, letters in enumerate(word[: len(self.boxes)]):
            parts[self.boxes[k]] = list(product(*(self._letters(k, x, a) for x, a in letters)))
        trusted: list[tuple[tuple[Letter, ...], Number]] = [((), Number.of(1))]
        if self.source.has_input and word[-1]:
            ((view, unit),) = word[-1]
            v, d = self.isometries[view], self.source.views[0]
            i, j = divmod(unit, d)
            pairs = product(range(v.rows), repeat=2)
            units = [(r * v.rows + c, v.entry(r, i) * v.entry(c, j).conjugate()) for r, c in pairs]
            trusted = [(((self.views[view], unit),), value) for unit, value in units if not value.is_zero]
        for boxes in product(*parts):
            for letters, value in trusted:
                yield (*boxes, letters) if self.target.has_input else boxes, value

    def _widened(self, table: Matrix, gram: Matrix) -> Matrix:
        """Return K Z K*, K the table of the words times the isometry, with 1 on trusted parties that are new."""
        table, gram, *isometries = unify([table, gram, *self.isometries])
        if self.source.has_input:
            return table @ gram @ table.adjoint
        wide = kron(table, *isometries)
        moved = wide @ gram @ wide.adjoint
        if self.target.has_input:
            return moved
        dims = self.target.views
        new = [k for k in range(len(dims)) if k not in self.views]
        moved = kron(moved, Matrix.identity(prod(dims[k] for k in new)))
        order = [*self.views, *new]
        return reordered(
            moved, (table.rows, *(dims[k] for k in order)), [0, *(order.index(k) + 1 for k in range(len(dims)))]
        )


def reordered(matrix: Matrix, dims: Sequence[int], order: Sequence[int]) -> Matrix:
    """Return an operator on factors of dimensions `dims` with the factors in another order."""
    if all(a < b for a, b in pairwise(order)):
        return matrix
    places, n = [0], matrix.rows
    for k in order:
        stride = prod(dims[k + 1 :])
        places = [place + i * stride for place in places for i in range(dims[k])]
    return matrix.rearrange(n, n, [i * n + j for i in places for j in places])

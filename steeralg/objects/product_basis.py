"""Orthogonal product vectors: their projector, whether a further product vector exists, the witness if none does.

Above: constructions. Below: covering, the exact layer. Local vectors may have any non-zero norm, so that most of the
literature's bases are integer: (1, 1) stands for |+>. Tensor order is the order of the parties.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from math import prod
from typing import Any

from steeralg.arguments import checked
from steeralg.errors import InputError, ShapeError
from steeralg.exact.convert import as_matrices, unify
from steeralg.exact.field import RATIONALS, Field
from steeralg.exact.markup import OfMatrices
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import Number, as_bound, as_number
from steeralg.exact.tensor import kron
from steeralg.objects.covering import Closure, Flat, Split, share_out
from steeralg.verdict import OneLine, Proved, Refuted


@checked
@dataclass(frozen=True, repr=False)
class ProductBasis(OfMatrices):
    """Product vectors: `vectors[k][j]` is the local vector of member k at party j, a non-zero column of `dims[j]` rows.

    That they are orthogonal is not demanded here. Raises ShapeError, or InputError for a zero vector, naming the
    member and the party.
    """

    dims: tuple[int, ...]
    vectors: tuple[tuple[Matrix, ...], ...]

    def __post_init__(self) -> None:
        if not self.dims or any(d < 1 for d in self.dims):
            raise ShapeError(f"dimensions {self.dims}: at least one party, every dimension at least 1")
        if not self.vectors:
            raise ShapeError("a product basis needs at least one member")
        for k, member in enumerate(self.vectors):
            if len(member) != len(self.dims):
                raise ShapeError(f"member {k} has {len(member)} local vectors; there are {len(self.dims)} parties")
            for j, (vector, d) in enumerate(zip(member, self.dims, strict=True)):
                if (vector.rows, vector.columns) != (d, 1):
                    shape = f"{vector.rows} x {vector.columns}"
                    raise ShapeError(f"the vector of member {k} at party {j} is {shape}, not a column of {d} rows")
                if vector.is_zero:
                    raise InputError(f"the vector of member {k} at party {j} is zero")
        common = iter(unify([vector for member in self.vectors for vector in member]))
        object.__setattr__(self, "vectors", tuple(tuple(next(common) for _ in member) for member in self.vectors))

    def matrices(self) -> Iterator[tuple[str, Matrix]]:
        """Yield every local vector with its label."""
        for k, member in enumerate(self.vectors):
            yield from ((f"member {k}, factor {j}", vector) for j, vector in enumerate(member))

    @classmethod
    @checked
    def of(cls, vectors: Sequence[Sequence[Any]]) -> ProductBasis:
        """Return the product basis with the given members, each one local vector per party.

        A local vector is a flat sequence of sympy numbers, or an exact or sympy column. The first member gives the
        dimensions.
        """
        columns = iter(as_matrices([_column(vector) for member in vectors for vector in member]))
        members = tuple(tuple(next(columns) for _ in member) for member in vectors)
        return cls(tuple(v.rows for v in members[0]) if members else (), members)

    def __len__(self) -> int:
        return len(self.vectors)

    @property
    def dim(self) -> int:
        """The dimension of the whole space."""
        return prod(self.dims)

    @property
    def field(self) -> Field:
        """The real number field of the entries' real and imaginary parts."""
        return self.vectors[0][0].field

    def vector(self, k: int) -> Matrix:
        """Return member k as a column of the whole space."""
        return kron(*self.vectors[k])

    @cached_property
    def _overlapping(self) -> tuple[int, int] | None:
        for k, m in combinations(range(len(self)), 2):
            pairs = zip(self.vectors[k], self.vectors[m], strict=True)
            if not any((v.adjoint @ w).is_zero for v, w in pairs):
                return k, m
        return None

    @property
    def is_orthogonal(self) -> bool:
        """Whether any two members are orthogonal, that is, orthogonal at some party."""
        return self._overlapping is None

    @cached_property
    def projector(self) -> Matrix:
        """The projector on the span of the members. Raises InputError, naming a pair, unless they are orthogonal."""
        if self._overlapping is not None:
            raise InputError("members {} and {} are not orthogonal".format(*self._overlapping))
        return total(kron(*map(ray_projector, member)) for member in self.vectors)


def _column(vector: Any) -> Any:
    if isinstance(vector, Matrix) or hasattr(vector, "tolist"):
        return vector
    if not isinstance(vector, list | tuple):
        raise ShapeError(f"{str(vector)[:60]!r} is not a vector: a sequence of numbers is needed")
    return [[x] for x in vector]


def ray_projector(vector: Matrix) -> Matrix:
    """Return the projector on the span of a non-zero column."""
    return (vector @ vector.adjoint).scale((vector.adjoint @ vector).entry(0, 0).inverse())


@dataclass(frozen=True, repr=False)
class ProductVector(OneLine):
    """Witness that a product basis is extendible: a product vector orthogonal to every member, by its local vectors."""

    factors: tuple[Matrix, ...]

    def verify(self, basis: ProductBasis) -> bool:
        """Check that the vector is zero at no party and orthogonal to every member, exactly."""
        if tuple((f.rows, f.columns) for f in self.factors) != tuple((d, 1) for d in basis.dims):
            return False
        return not any(f.is_zero for f in self.factors) and all(
            any((v.adjoint @ f).is_zero for v, f in zip(member, self.factors, strict=True)) for member in basis.vectors
        )


@dataclass(frozen=True, repr=False)
class Exhaustion(OneLine):
    """Witness that a product basis is unextendible: however the members are shared out, some party's share spans."""

    split: Split

    def verify(self, basis: ProductBasis) -> bool:
        """Check every case, exactly."""

        def spans(party: int, members: Sequence[int]) -> bool:
            vectors = [basis.vectors[m][party] for m in members]
            return not orthogonal_complement(vectors, basis.dims[party], basis.field)

        return self.split.verify(len(basis), len(basis.dims), spans)


def orthogonal_complement(vectors: Sequence[Matrix], dim: int, field: Field = RATIONALS) -> tuple[Matrix, ...]:
    """Return a basis of the vectors n with v* n = 0 for all given columns v; a field other than Q is theirs."""
    one = Matrix.identity(dim, field)
    basis = tuple(one.rearrange(dim, 1, range(j, dim * dim, dim)) for j in range(dim))
    for vector in vectors:
        basis = _orthogonal_part(basis, vector)
    return basis


def _orthogonal_part(basis: tuple[Matrix, ...], vector: Matrix) -> tuple[Matrix, ...]:
    """Return a basis of the part of a span that is orthogonal to one more vector: the same one if all of it is."""
    values = [(vector.adjoint @ n).entry(0, 0) for n in basis]
    pivot = next((i for i, value in enumerate(values) if not value.is_zero), None)
    if pivot is None:
        return basis
    rest = []
    for i, (n, value) in enumerate(zip(basis, values, strict=True)):
        if i != pivot:
            rest.append(n if value.is_zero else n - basis[pivot].scale(value / values[pivot]))
    return tuple(rest)


@checked
def decide_unextendible(basis: ProductBasis) -> Proved[Exhaustion] | Refuted[ProductVector]:
    """Decide whether no product vector is orthogonal to all members, by exact ranks.

    A product vector is orthogonal to all iff every member is orthogonal to it at some party; so there is one iff the
    members can be shared out such that no party's share spans its space (DiVincenzo et al. 2003, Lemma 1). The members
    need not be orthogonal to one another.
    """
    complements: list[dict[Flat, tuple[Matrix, ...]]] = [
        {frozenset(): orthogonal_complement((), d, basis.field)} for d in basis.dims
    ]

    def close(party: int, flat: Flat, member: int) -> Flat | None:
        rest = _orthogonal_part(complements[party][flat], basis.vectors[member][party])
        if not rest:
            return None
        locals_ = [m[party] for m in basis.vectors]
        closed = frozenset(m for m, v in enumerate(locals_) if all((v.adjoint @ n).is_zero for n in rest))
        complements[party][closed] = rest
        return closed

    def closure(party: int) -> Closure:
        return lambda flat, member: close(party, flat, member)

    found = share_out(len(basis), [closure(party) for party in range(len(basis.dims))])
    if isinstance(found, Split):
        return Proved(Exhaustion(found))
    return Refuted(ProductVector(tuple(table[flat][0] for table, flat in zip(complements, found, strict=True))))


@checked
def witness_operator(basis: ProductBasis, eps: Fraction | int | str | Number) -> Matrix:
    """Return W = (Pi - eps 1)/(|S| - D eps), Pi the projector on the span of |S| orthogonal members (SAPHS18 Sec. 6).

    Its trace is 1. It is non-negative on product vectors for eps up to the least value of Pi on them, eps*, which is
    positive iff the basis is unextendible; for eps > 0 it has negative eigenvalues. Raises InputError for members that
    are not orthogonal or span the whole space, and unless 0 <= eps < |S|/D.
    """
    exact, size, dim = as_number(as_bound(eps)), len(basis), basis.dim
    if size >= dim:
        raise InputError(
            f"{size} members in dimension {dim}: orthogonal ones span the whole space, a witness needs fewer"
        )
    left = Number.of(size) - exact * Number.of(dim)
    if exact.sign() < 0 or left.sign() <= 0:
        raise InputError(f"eps = {exact} is not in [0, {Fraction(size, dim)})")
    return (basis.projector - Matrix.identity(dim).scale(exact)).scale(left.inverse())

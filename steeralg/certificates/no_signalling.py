"""The least value of a functional on no-signalling assemblages, enclosed with both ends proved.

Above: the command line, claims. Below: families, set bounds. The lower end is a dual certificate, the upper end an
explicit no-signalling assemblage, both exact. This is the outermost set: what it excludes is no assemblage at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from steeralg.arguments import checked, require_between
from steeralg.certificates.bounds import enclosed
from steeralg.certificates.families import family
from steeralg.certificates.set_bounds import NoSignallingCertificate
from steeralg.errors import InputError, SolverError, VerificationError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_number
from steeralg.objects.assemblage import Assemblage, observe
from steeralg.objects.family import noise_elements
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Label, Partial
from steeralg.progress import Progress, silent
from steeralg.sdp.families import Families
from steeralg.sdp.family_suggestions import bound_family_suggestions, slack
from steeralg.verdict import OneLine

_NOISES = (Fraction(0), *(Fraction(1, 1 << k) for k in range(30, 2, -3)))


@dataclass(frozen=True, eq=False, repr=False)
class NoSignallingBracket(OneLine):
    """`certificate` proves the lower end; `assemblage` has the exact value `upper`. Either may be missing."""

    certificate: NoSignallingCertificate | None
    assemblage: Assemblage | None
    upper: Number | None

    def __str__(self) -> str:
        return enclosed("the no-signalling minimum", self.lower, self.upper)

    @property
    def lower(self) -> Fraction | Number | None:
        """The proved bound."""
        return None if self.certificate is None else self.certificate.bound

    @property
    def width(self) -> Number | None:
        """The distance of the two ends."""
        if self.upper is None or self.certificate is None:
            return None
        return self.upper - as_number(self.certificate.bound)


@checked
def no_signalling_bracket(
    functional: Functional, *, digits: int = 6, progress: Progress = silent
) -> NoSignallingBracket:
    """Enclose the least value of a functional on no-signalling assemblages in an interval of about 10^-digits.

    For instrumental data: on general instrumental assemblages (SHSA20 Def. 6). If the solvers are not that accurate
    the bracket is wider: what is returned is what was proved. Raises InputError for digits out of range (0 to 12).
    """
    require_between("digits", digits, 0, 12)
    scenario = functional.scenario
    families = Families(scenario, replace(scenario, instrumental=False))
    real = all(matrix.is_real for matrix in functional.elements.values())
    bracket = NoSignallingBracket(None, None, None)
    try:
        for figure, duals, values in bound_family_suggestions(families, functional, real):
            progress(f"the no-signalling minimum is about {figure}, not proved")
            certificate = _certificate(families, functional, duals[0], duals[1])
            if certificate is not None and (
                bracket.lower is None or as_number(bracket.lower) < as_number(certificate.bound)
            ):
                bracket = replace(bracket, certificate=certificate)
            found = _assemblage(families, values)
            if found is not None:
                value = functional.value(found)
                if bracket.upper is None or value < bracket.upper:
                    bracket = replace(bracket, assemblage=found, upper=value)
            if bracket.width is not None and bracket.width < Number.of(Fraction(1, 10**digits)):
                break
    except SolverError as error:
        progress(str(error))
    return bracket


def _certificate(
    families: Families, functional: Functional, dual: dict[Label, Matrix], bound: Fraction
) -> NoSignallingCertificate | None:
    """Add what the rounded dual operators are missing, and as much of the identity as positivity needs."""
    home, scenario = families.home, functional.scenario
    rest: dict[Label, Matrix] = {label: -matrix for label, matrix in dual.items()}
    for label, matrix in functional.elements.items():
        place = home.label(label[0], label[1], scenario.view(label))
        rest[place] = rest[place] + matrix
    for label in home.labels():
        if not any(label[1]) and not any(label[2:]):
            rest[label] = rest[label] - Matrix.identity(home.order(label)).scale(bound)
    missing = _canonical(families, rest)
    found = {label: m + missing.elements[label] if label in missing.elements else m for label, m in dual.items()}
    shift = slack(list(found.values()))
    lifted = {label: m + Matrix.identity(m.rows).scale(shift) for label, m in found.items()}
    settings = sum(1 for _ in home.settings()) * len(home.views)
    certificate = NoSignallingCertificate(functional, bound - shift * settings, lifted)
    try:
        certificate.verify()
    except VerificationError:
        return None
    return certificate


def _canonical(families: Families, elements: dict[Label, Matrix]) -> Functional:
    """Write a functional of the home scenario in independent elements: zero comes out as zero."""
    coordinates: dict[int, Number] = {}
    rows = iter(families.element_rows)
    for label in families.labels:
        matrix = elements[label]
        for i in range(matrix.rows):
            for j in range(matrix.rows):
                entry = matrix.entry(i, j)
                for c, k in next(rows).items():
                    if not entry.is_zero:
                        coordinates[c] = coordinates.get(c, Number.of(0)) + entry * Number.of(k)
    table: dict[Partial, Matrix] = {}
    for c, value in coordinates.items():
        part, unit = families.whole.parts[c], families.whole.units[c]
        order = families.home.order(part)
        operator = Matrix.identity(order) if unit is None else Matrix.unit(order, *unit)
        term = operator.over(value.field).scale(value)
        table[part] = table[part] + term if part in table else term
    return Functional.from_marginals(families.home, table)


def _assemblage(families: Families, values: Sequence[Number]) -> Assemblage | None:
    """Normalise a family and mix it with as little white noise as positivity needs."""
    home = families.home
    elements = family(families, values)
    trace = sum((m.trace() for label, m in elements.items() if not any(label[1]) and not any(label[2:])), Number.of(0))
    if trace.sign() <= 0:
        return None
    noise, scale = noise_elements(home), trace.inverse()
    for weight in _NOISES:
        mixed = {label: m.scale(scale).scale(1 - weight) + noise[label].scale(weight) for label, m in elements.items()}
        try:
            whole = Assemblage(home, mixed)
        except InputError:
            continue
        return whole if families.scenario == home else observe(families.scenario, whole)
    return None

"""Families of positive operators, exactly: parents and extensions of data.

Above: proofs, robustness, claims. Below: set bounds, sdp for the suggestions. Data of several trusted parties may have
a *parent*, a joint assemblage with these marginals; instrumental data an *extension* to all y. Either is found and
shown exactly, or refuted exactly: by a functional whose dual certificate is positive on every family (S26 Thm 6; SHSA20
Def. 6). For one black box a parent is a quantum realisation (GHJW).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from steeralg.algebra.word import element_word
from steeralg.arguments import checked
from steeralg.certificates.certificate import Block, BoundCertificate
from steeralg.certificates.membership import Postquantum
from steeralg.certificates.restore import observed_data, restored
from steeralg.certificates.set_bounds import NoSignallingCertificate
from steeralg.errors import InputError, ScenarioError, SolverError, VerificationError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.objects.assemblage import Assemblage, observe
from steeralg.objects.family import complete
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Label, Partial
from steeralg.progress import Progress, silent
from steeralg.sdp.families import Families
from steeralg.sdp.family_suggestions import DualSuggestion, parent_suggestions
from steeralg.verdict import OneLine, Proved, Refuted, Undecided


@dataclass(frozen=True, eq=False, repr=False)
class Parent(OneLine):
    """A no-signalling assemblage of the parent scenario, and what is observed of it."""

    assemblage: Assemblage
    parent: Assemblage

    @property
    def proves_quantum(self) -> bool:
        """Whether the parent proves a quantum realisation: for one black box and no input (GHJW; S26 Thm 6)."""
        scenario = self.assemblage.scenario
        return len(scenario.black_boxes) == 1 and not scenario.has_input


@dataclass(frozen=True, eq=False, repr=False)
class NoExtension(OneLine):
    """Instrumental data below a bound on all no-signalling assemblages: its certificate, and the smaller value."""

    assemblage: Assemblage
    certificate: NoSignallingCertificate
    value: Number


ParentVerdict = Proved[Parent] | Refuted[NoExtension] | Refuted[Postquantum] | Undecided


@checked
def find_parent(assemblage: Assemblage, *, progress: Progress = silent) -> ParentVerdict:
    """Decide whether data are observed of a no-signalling assemblage of the parent scenario.

    For several trusted parties: of a joint assemblage (for one black box that decides whether the data are quantum, S26
    Thm 6; for more it is necessary); Refuted then carries a proof that the data are postquantum. For instrumental data:
    of a no-signalling Bob-with-input assemblage (whether they are general, SHSA20 Def. 6). Data on the very boundary
    may stay undecided. With one black box and one trusted party without input, the data are their own parent. Raises
    ScenarioError for other data of which nothing is left out.
    """
    scenario = assemblage.scenario
    if scenario.parent == scenario:
        if len(scenario.black_boxes) == 1 and not scenario.has_input:
            return Proved(Parent(assemblage, assemblage))
        raise ScenarioError(f"a parent shows more than the data; these are complete: {scenario} (see classify)")
    families = Families(scenario, scenario.parent)
    figure = "no solver returned a usable point"
    try:
        for suggestion in parent_suggestions(families, assemblage, assemblage.is_real):
            if figure != suggestion.figure:
                figure = suggestion.figure
                progress(figure)
            if isinstance(suggestion, DualSuggestion):
                refuted = _refuted(families, assemblage, suggestion)
                if refuted is not None:
                    return refuted
            else:
                parent = exact_family(families, assemblage, suggestion.values)
                if parent is not None:
                    return Proved(Parent(assemblage, parent))
    except SolverError as error:
        figure = str(error)
    return Undecided(f"neither a parent nor a refutation was found: {figure}")


@checked
def extend(assemblage: Assemblage, *, progress: Progress = silent) -> ParentVerdict:
    """Decide whether instrumental data are general: y = a of a no-signalling assemblage with input (SHSA20 Def. 6).

    Raises ScenarioError for other data.
    """
    if not assemblage.scenario.instrumental:
        raise ScenarioError("only instrumental data have an extension to all inputs")
    return find_parent(assemblage, progress=progress)


def exact_family(families: Families, assemblage: Assemblage, values: Sequence[Number]) -> Assemblage | None:
    """Change independent elements as little as the data ask for; None if the family then is not positive."""
    columns, groups = families.observed_columns
    found = restored(values, columns, observed_data(families.seen, assemblage), groups)
    if found is None:
        return None
    try:
        parent = Assemblage(families.home, family(families, found))
        return parent if assemblage.agrees_with(observe(assemblage.scenario, parent)) else None
    except InputError:
        return None


def family(families: Families, values: Sequence[Number]) -> dict[Label, Matrix]:
    """Return the family of the home scenario with the given independent elements."""
    home = families.home
    known = dict(zip(zip(families.whole.parts, families.whole.units, strict=True), values, strict=True))
    table: dict[Partial, Matrix] = {}
    for outcomes, settings in dict.fromkeys((part[0], part[1]) for part in families.whole.parts):
        trace: Number | None = None
        for view, order in enumerate(home.views):
            part: Partial = (outcomes, settings, view) if home.has_views else (outcomes, settings)
            trace = known.get((part, None), trace)
            places = product(range(order), repeat=2)
            entries = {(i, j): known[part, (j, i)] for i, j in places if (part, (j, i)) in known}
            end = (order - 1, order - 1)
            rest = sum((entries[i, i] for i in range(order - 1)), Number.of(0))
            # The trace is the same in all views, so it decides the last entry where that is no unknown.
            entries[end] = entries[end] if trace is None else trace - rest
            trace = entries[end] + rest
            rows = [[entries[i, j] for j in range(order)] for i in range(order)]
            table[part] = Matrix.from_numbers(rows, values[0].field)
    return complete(home, table)


def _refuted(
    families: Families, assemblage: Assemblage, suggestion: DualSuggestion
) -> Refuted[NoExtension] | Refuted[Postquantum] | None:
    functional, bound, dual = exact_dual(families, suggestion)
    value = functional.value(assemblage)
    if not value < Number.of(bound):
        return None
    try:
        if assemblage.scenario.instrumental:
            certificate = NoSignallingCertificate(functional, bound, dual)
            certificate.verify()
            return Refuted(NoExtension(assemblage, certificate, value))
        blocks = [Block((element_word(label),), matrix, None) for label, matrix in dual.items()]
        proof = BoundCertificate.verified(functional, bound, blocks)
        return Refuted(Postquantum(assemblage, proof, value, "parent"))
    except VerificationError:
        return None


def exact_dual(families: Families, suggestion: DualSuggestion) -> tuple[Functional, Fraction, dict[Label, Matrix]]:
    """Return F, beta and positive-looking operators that add up to F - beta exactly.

    What is missing is added to the operators. Elements that the data fix have none: what falls on them is moved to F.
    A multiple of the identity on every element restores positivity; together it is that multiple, once per setting.
    """
    home, shift = families.home, suggestion.shift
    dual: dict[Label, Matrix] = {}
    moved: dict[Label, Matrix] = {}
    for label in home.labels():
        found = Matrix.identity(home.order(label)).scale(shift)
        if label in suggestion.rest.elements:
            found = found + suggestion.rest.elements[label]
        if label in suggestion.dual:
            dual[label] = found + suggestion.dual[label]
        else:
            moved[label[:2]] = found
    settings = sum(1 for _ in home.settings()) * len(home.views)
    seen = suggestion.seen
    if moved:
        table = {label: seen.elements.get(label) for label in moved}
        seen = Functional(
            seen.scenario,
            {**seen.elements} | {k: -moved[k] if m is None else m - moved[k] for k, m in table.items()},
        )
    return seen, -shift * settings, dual

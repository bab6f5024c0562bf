"""Proofs composed from verified results: drafts collect objects and steps; the usual theorems in one call.

Above: claims, the command line. Below: proofs, membership, families.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from steeralg.arguments import checked
from steeralg.certificates.certificate import BoundCertificate
from steeralg.certificates.families import NoExtension, Parent, extend
from steeralg.certificates.membership import Postquantum
from steeralg.certificates.proof import Proof
from steeralg.certificates.robustness import RobustnessBracket
from steeralg.certificates.set_bounds import NoSignallingCertificate
from steeralg.certificates.steps import Object, Statement, Step
from steeralg.certificates.symmetric import SymmetricBound
from steeralg.errors import InputError
from steeralg.exact.number import Number
from steeralg.models.lhs import SteeringInequality
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.local_model import HiddenStateModel
from steeralg.objects.realisation import Realisation
from steeralg.objects.scenario import Scenario
from steeralg.objects.sequential import SequentialRealisation
from steeralg.verdict import Proved, Undecided


@dataclass
class Draft:
    """A proof in the making. Methods append steps, and what they need, and return the step's number.

    Objects of the claim are put into `objects`, the statements of the claim into `statements`; objects that only the
    proof needs are added by the methods, under the names given.
    """

    name: str
    source: str
    scenario: Scenario
    objects: dict[str, Object] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)
    auxiliary: dict[str, Object] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    def step(self, step: Step, claimed: bool = False) -> int:
        """Append a step, once; if claimed, its statement belongs to the claim."""
        if claimed and step.statement not in self.statements:
            self.statements.append(step.statement)
        known = [s.statement for s in self.steps]
        if step.statement in known:
            return known.index(step.statement)
        self.steps.append(step)
        return len(self.steps) - 1

    def _object(self, name: str) -> Object:
        return self.objects[name] if name in self.objects else self.auxiliary[name]

    def valid(self, name: str, claimed: bool = False, parent: Assemblage | None = None) -> int:
        """State that an assemblage is valid. Instrumental data need a parent: one is looked for if none is given."""
        sigma = self._object(name)
        known = f"{name}_parent" in self.auxiliary and parent is None
        if isinstance(sigma, Assemblage) and sigma.scenario.instrumental and not known:
            self.parent(name, _extension(sigma) if parent is None else parent)
        return self.step(Step(Statement("assemblage", assemblage=name)), claimed)

    def parent(self, name: str, parent: Assemblage) -> int:
        """State that an assemblage is observed of a parent, which is added as `name_parent`."""
        other = f"{name}_parent"
        self.auxiliary.setdefault(other, parent)
        first = self.step(Step(Statement("assemblage", assemblage=other)))
        return self.step(Step(Statement("parent", assemblage=name, parent=other), premises=(first,)))

    def quantum_by_parent(self, name: str, parent: Assemblage, claimed: bool = True) -> int:
        """State that data of one black box and several trusted parties are quantum (S26 Thm 6)."""
        premise = self.parent(name, parent)
        return self.step(Step(Statement("quantum", assemblage=name), premises=(premise,)), claimed)

    def born(self, name: str, operator: str, devices: str, claimed: bool = False) -> int:
        """State that an assemblage is what the Born rule gives."""
        return self.step(Step(Statement("born", assemblage=name, operator=operator, devices=devices)), claimed)

    def quantum_by_model(self, name: str, operator: str, devices: str, claimed: bool = True) -> int:
        """State that an assemblage is quantum: the operator is a state, and the Born rule gives the assemblage."""
        born = self.born(name, operator, devices)
        state = self.step(Step(Statement("state", operator=operator)))
        return self.step(Step(Statement("quantum", assemblage=name), premises=(born, state)), claimed)

    def mixture(self, name: str, noise: str, data: str, weight: Fraction | Number, claimed: bool = True) -> int:
        """State that an assemblage is weight * noise + (1 - weight) * data."""
        return self.step(Step(Statement("mixture", assemblage=name, noise=noise, data=data, weight=weight)), claimed)

    def local(self, name: str, model: HiddenStateModel, claimed: bool = True) -> int:
        """State that an assemblage has a local hidden state model."""
        return self.step(Step(Statement("local", assemblage=name), model=model), claimed)

    def bound(self, functional: str, certificate: BoundCertificate | SymmetricBound, claimed: bool = False) -> int:
        """State a bound on quantum assemblages; the functional is added if it is not there."""
        if functional not in self.objects:
            self.auxiliary.setdefault(functional, certificate.functional)
        statement = Statement("bound", functional=functional, bound=certificate.bound)
        if isinstance(certificate, SymmetricBound):
            return self.step(Step(statement, symmetric=certificate.squares), claimed)
        return self.step(Step(statement, certificate.blocks), claimed)

    def violation(self, name: str, functional: str, bound: Fraction | Number, claimed: bool = False) -> int:
        """State that an assemblage is strictly below a bound."""
        return self.step(Step(Statement("violation", name, functional, bound)), claimed)

    def postquantum(
        self, name: str, functional: str, certificate: BoundCertificate, claimed: bool = True, printed: bool = False
    ) -> int:
        """State that an assemblage is postquantum; a printed functional's bound and violation are claimed, too."""
        valid = self.valid(name, claimed)
        limit = self.bound(functional, certificate, printed)
        below = self.violation(name, functional, certificate.bound, printed)
        statement = Statement("postquantum", assemblage=name)
        return self.step(Step(statement, premises=(valid, limit, below)), claimed)

    def local_bound(self, functional: str, inequality: SteeringInequality, claimed: bool = False) -> int:
        """State a bound on all local hidden state models; the functional is added if it is not there."""
        if functional not in self.objects:
            self.auxiliary.setdefault(functional, inequality.functional)
        statement = Statement("local-bound", functional=functional, bound=inequality.bound)
        return self.step(Step(statement, shares=inequality.shares), claimed)

    def nonlocal_by(self, name: str, functional: str, inequality: SteeringInequality, claimed: bool = True) -> int:
        """State that an assemblage has no local hidden state model: it violates a steering (or Bell) inequality."""
        valid = self.valid(name, claimed)
        limit = self.local_bound(functional, inequality)
        below = self.violation(name, functional, inequality.bound)
        return self.step(Step(Statement("nonlocal", assemblage=name), premises=(valid, limit, below)), claimed)

    def signalling(self, name: str, functional: str, certificate: NoSignallingCertificate) -> int:
        """State that data are not what any no-signalling assemblage shows."""
        self.auxiliary.setdefault(functional, certificate.functional)
        statement = Statement("no-signalling-bound", functional=functional, bound=certificate.bound)
        limit = self.step(Step(statement, dual=certificate.dual))
        below = self.violation(name, functional, certificate.bound)
        return self.step(Step(Statement("signalling", assemblage=name), premises=(limit, below)), True)

    def proof(self) -> Proof:
        """Return the proof."""
        return Proof(
            self.name,
            self.source,
            self.scenario,
            dict(self.objects),
            tuple(self.statements),
            dict(self.auxiliary),
            tuple(self.steps),
        )


def _extension(sigma: Assemblage) -> Assemblage:
    verdict = extend(sigma)
    if isinstance(verdict, Proved):
        return verdict.witness.parent
    if isinstance(verdict, Undecided):
        verdict.demand()
    raise InputError("these are not general instrumental data: no no-signalling assemblage shows them (see extend)")


@checked
def postquantum_proof(
    name: str,
    source: str,
    assemblage: Assemblage,
    found: Postquantum | None,
    printed: Mapping[str, BoundCertificate] | None = None,
) -> Proof:
    """Return the proof that an assemblage (named "sigma") is postquantum.

    `found` is a functional of our own (named "F", in the proof); `printed` are certificates for functionals that
    belong to the claim, by name: their bounds and violations are claimed, too. Raises InputError unless there is one.
    """
    certificates = dict(printed or {})
    if found is None and not certificates:
        raise InputError("a postquantum proof needs at least one violated bound")
    draft = Draft(name, source, assemblage.scenario, {"sigma": assemblage})
    draft.objects |= {key: certificate.functional for key, certificate in certificates.items()}
    draft.valid("sigma", claimed=True)
    draft.statements.append(Statement("postquantum", assemblage="sigma"))
    ours = [] if found is None else [("F", found.certificate, False)]
    # Even where a printed functional has that name already: the proof then is refused, not another one proved.
    draft.auxiliary |= {name: certificate.functional for name, certificate, _ in ours}
    violated = [*ours, *((name, certificate, True) for name, certificate in certificates.items())]
    for functional, certificate, printed_one in violated:
        draft.bound(functional, certificate, printed_one)
        draft.violation("sigma", functional, certificate.bound, printed_one)
    functional, certificate, printed_one = violated[0]
    draft.postquantum("sigma", functional, certificate, printed=printed_one)
    return draft.proof()


@checked
def bound_proof(name: str, source: str, certificate: BoundCertificate | SymmetricBound) -> Proof:
    """Return the proof of a bound: the functional, named "F", belongs to the claim."""
    draft = Draft(name, source, certificate.functional.scenario, {"F": certificate.functional})
    draft.bound("F", certificate, claimed=True)
    return draft.proof()


@checked
def quantum_proof(
    name: str, source: str, assemblage: Assemblage, by: Parent | Realisation | SequentialRealisation
) -> Proof:
    """Return the proof that an assemblage (named "sigma") is quantum: by a parent, or by an explicit realisation.

    Raises InputError for a parent or a realisation that does not prove it.
    """
    draft = Draft(name, source, assemblage.scenario, {"sigma": assemblage})
    if isinstance(by, Parent):
        if not by.proves_quantum or not assemblage.agrees_with(by.assemblage):
            raise InputError(
                "this parent does not prove that the assemblage is quantum: it needs one black box, no input"
            )
        draft.valid("sigma", claimed=True)
        draft.quantum_by_parent("sigma", by.parent)
    else:
        if not assemblage.agrees_with(by.assemblage(assemblage.scenario)):
            raise InputError("the realisation gives another assemblage")
        draft.auxiliary |= {"rho": by.operator, "devices": by.devices}
        draft.valid("sigma", claimed=True, parent=_parent_of(assemblage.scenario, by))
        draft.quantum_by_model("sigma", "rho", "devices")
    return draft.proof()


def _parent_of(scenario: Scenario, realisation: Realisation | SequentialRealisation) -> Assemblage | None:
    """The realisation's own parent for instrumental data: the same devices, all inputs."""
    return realisation.assemblage(scenario.parent) if scenario.instrumental else None


@checked
def no_signalling_proof(name: str, source: str, certificate: NoSignallingCertificate) -> Proof:
    """Return the proof of a bound on all no-signalling assemblages: the functional "F" belongs to the claim."""
    draft = Draft(name, source, certificate.functional.scenario, {"F": certificate.functional})
    statement = Statement("no-signalling-bound", functional="F", bound=certificate.bound)
    draft.step(Step(statement, dual=certificate.dual), claimed=True)
    return draft.proof()


@checked
def not_general_proof(name: str, source: str, found: NoExtension) -> Proof:
    """Return the proof that instrumental data (named "sigma") are not general (SHSA20 Def. 6)."""
    draft = Draft(name, source, found.assemblage.scenario, {"sigma": found.assemblage})
    draft.signalling("sigma", "F", found.certificate)
    return draft.proof()


@checked
def robustness_proof(
    name: str, source: str, assemblage: Assemblage, noise: Assemblage, bracket: RobustnessBracket
) -> Proof:
    """Return the proof of a robustness bracket: "low" and "high" are mixtures of "sigma" with "noise".

    The upper end is stated only where the mixture is proved quantum: a level's moment matrix proves nothing of that
    kind. Raises InputError if there is nothing to state.
    """
    draft = Draft(name, source, assemblage.scenario, {"sigma": assemblage})
    robust_between(draft, noise, bracket)
    if not draft.statements:
        raise InputError("a robustness bracket without any end has no proof")
    return draft.proof()


def robust_between(draft: Draft, noise: Assemblage, bracket: RobustnessBracket, functional: str = "F") -> None:
    """State the proved ends of a robustness bracket of "sigma"; the functional that proves the lower one is added."""
    if bracket.below is not None and bracket.lower is not None:
        draft.objects |= {"noise": noise, "low": bracket.below.assemblage}
        draft.mixture("low", "noise", "sigma", bracket.lower)
        draft.postquantum("low", functional, bracket.below.certificate)
    if isinstance(bracket.above, Parent) and bracket.above.proves_quantum and bracket.upper is not None:
        draft.objects |= {"noise": noise, "high": bracket.above.assemblage}
        draft.mixture("high", "noise", "sigma", bracket.upper)
        draft.quantum_by_parent("high", bracket.above.parent)

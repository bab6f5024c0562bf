from . import errors, maps, strategies
from .certificates.bounds import Bracket, best_bound, level_bracket, prove_bound
from .certificates.certificate import Block, BoundCertificate
from .certificates.classify import Classification, Kind, classify
from .certificates.compose import bound_proof, no_signalling_proof, postquantum_proof, quantum_proof, robustness_proof
from .certificates.compose_classify import classification_proof
from .certificates.compose_maps import map_proof
from .certificates.compose_models import local_threshold_proof
from .certificates.curves import CurvePoint, curve, evenly_spaced
from .certificates.exact_bound import exact_minimum
from .certificates.families import NoExtension, Parent, extend, find_parent
from .certificates.membership import Postquantum, certify
from .certificates.moment_matrix import MomentMatrix
from .certificates.necessary import necessary_conditions
from .certificates.negativity import NegativityBracket, negativity
from .certificates.no_signalling import NoSignallingBracket, no_signalling_bracket
from .certificates.proof import Proof, read_proof
from .certificates.quantities import Negativity, Robustness
from .certificates.robustness import InLevel, RobustnessBracket, in_level, robustness
from .certificates.set_bounds import NoSignallingCertificate
from .certificates.strategy import Strategy, best_strategy
from .certificates.symmetric import SymmetricBound
from .certificates.symmetric_bounds import symmetric_bound, symmetric_minimum
from .certificates.two_sided import QuantumBracket, bracket_proof, quantum_bracket
from .constructions import extended_games, local_orthogonality, product_bases, s26, saphs18, sbcsv15, shsa20
from .constructions.assemblage_families import FAMILIES, Family
from .constructions.gleason import boxes_alone, gleason_assemblage, upb_assemblage
from .constructions.s26 import ghz_noise, w_noise
from .constructions.sbcsv15 import qutrit_certificate
from .maps.channels import channel, unitary_channel
from .maps.linear import LinearMap
from .models.bell import decide_behaviour
from .models.lhs import SteeringInequality, SteeringViolation
from .models.local import decide_local
from .models.pauli import pauli_realisation
from .models.projective import (
    DirectionInequality,
    DirectionViolation,
    ProjectiveEntry,
    ProjectiveModel,
    VisibilityBracket,
)
from .models.projective_locality import decide_projective_local, projective_visibility
from .models.threshold import ThresholdBracket, local_threshold
from .objects.assemblage import Assemblage, observe, white_noise
from .objects.behaviour import behaviour, bell_functional
from .objects.decomposed import decomposed_realisation, image_parts
from .objects.devices import Devices, Operator, born
from .objects.directions import circumscribed, covers, inradius_squared, polygon, polyhedron
from .objects.events import EventSet, always_extendible
from .objects.files import assemblage_to_json, read_and_repair, read_assemblage, read_functional
from .objects.functional import Functional
from .objects.ghjw import ghjw
from .objects.instrument import Instrument
from .objects.label_symmetries import label_symmetries
from .objects.local_bases import LocalBases
from .objects.local_model import HiddenState, LocalModel, PseudoModel
from .objects.measurement import POVM
from .objects.mixture import mixed_realisation
from .objects.one_way import BoxOperation, OneWayOperation
from .objects.product_basis import ProductBasis, decide_unextendible, witness_operator
from .objects.pseudo import hermitian_realisation, pseudo_model
from .objects.qutrit import qutrit_extension
from .objects.realisation import Realisation
from .objects.repair import Repair, repair
from .objects.scenario import BlackBox, Scenario, TrustedParty
from .objects.sequential import SequentialDevices, SequentialRealisation, sequential_born, sequential_realisation
from .objects.state import State
from .objects.symmetry import Symmetry
from .plot.bloch import bloch_figure
from .plot.brackets import bracket_figure, curve_figure
from .plot.files import save_figure
from .plot.moments import moment_figure
from .positivity.block_positive import decide_block_positive
from .positivity.decomposable import Decomposition, PPTOperator, decide_decomposable
from .positivity.maps import (
    choi_operator,
    decide_completely_copositive,
    decide_completely_positive,
    decide_map_decomposable,
    decide_positive,
)
from .positivity.minimum import ProductMinimum, product_minimum
from .positivity.squares import BlockPositivity
from .positivity.values import NegativeProduct
from .sdp.time_limit import time_limit
from .verdict import Proved, Refuted, Undecided

__version__: str

__all__ = [
    "FAMILIES",
    "POVM",
    "Assemblage",
    "BlackBox",
    "Block",
    "BlockPositivity",
    "BoundCertificate",
    "BoxOperation",
    "Bracket",
    "Classification",
    "CurvePoint",
    "Decomposition",
    "Devices",
    "DirectionInequality",
    "DirectionViolation",
    "EventSet",
    "Family",
    "Functional",
    "HiddenState",
    "InLevel",
    "Instrument",
    "Kind",
    "LinearMap",
    "LocalBases",
    "LocalModel",
    "MomentMatrix",
    "NegativeProduct",
    "Negativity",
    "NegativityBracket",
    "NoExtension",
    "NoSignallingBracket",
    "NoSignallingCertificate",
    "OneWayOperation",
    "Operator",
    "PPTOperator",
    "Parent",
    "Postquantum",
    "ProductBasis",
    "ProductMinimum",
    "ProjectiveEntry",
    "ProjectiveModel",
    "Proof",
    "Proved",
    "PseudoModel",
    "QuantumBracket",
    "Realisation",
    "Refuted",
    "Repair",
    "Robustness",
    "RobustnessBracket",
    "Scenario",
    "SequentialDevices",
    "SequentialRealisation",
    "State",
    "SteeringInequality",
    "SteeringViolation",
    "Strategy",
    "SymmetricBound",
    "Symmetry",
    "ThresholdBracket",
    "TrustedParty",
    "Undecided",
    "VisibilityBracket",
    "always_extendible",
    "assemblage_to_json",
    "behaviour",
    "bell_functional",
    "best_bound",
    "best_strategy",
    "bloch_figure",
    "born",
    "bound_proof",
    "boxes_alone",
    "bracket_figure",
    "bracket_proof",
    "certify",
    "channel",
    "choi_operator",
    "circumscribed",
    "classification_proof",
    "classify",
    "covers",
    "curve",
    "curve_figure",
    "decide_behaviour",
    "decide_block_positive",
    "decide_completely_copositive",
    "decide_completely_positive",
    "decide_decomposable",
    "decide_local",
    "decide_map_decomposable",
    "decide_positive",
    "decide_projective_local",
    "decide_unextendible",
    "decomposed_realisation",
    "errors",
    "evenly_spaced",
    "exact_minimum",
    "extend",
    "extended_games",
    "find_parent",
    "ghjw",
    "ghz_noise",
    "gleason_assemblage",
    "hermitian_realisation",
    "image_parts",
    "in_level",
    "inradius_squared",
    "label_symmetries",
    "level_bracket",
    "local_orthogonality",
    "local_threshold",
    "local_threshold_proof",
    "map_proof",
    "maps",
    "mixed_realisation",
    "moment_figure",
    "necessary_conditions",
    "negativity",
    "no_signalling_bracket",
    "no_signalling_proof",
    "observe",
    "pauli_realisation",
    "polygon",
    "polyhedron",
    "postquantum_proof",
    "product_bases",
    "product_minimum",
    "projective_visibility",
    "prove_bound",
    "pseudo_model",
    "quantum_bracket",
    "quantum_proof",
    "qutrit_certificate",
    "qutrit_extension",
    "read_and_repair",
    "read_assemblage",
    "read_functional",
    "read_proof",
    "repair",
    "robustness",
    "robustness_proof",
    "s26",
    "saphs18",
    "save_figure",
    "sbcsv15",
    "sequential_born",
    "sequential_realisation",
    "shsa20",
    "strategies",
    "symmetric_bound",
    "symmetric_minimum",
    "time_limit",
    "unitary_channel",
    "upb_assemblage",
    "w_noise",
    "white_noise",
    "witness_operator",
]

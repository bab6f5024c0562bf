from . import maps
from .certificates.bounds import Bracket, best_bound, level_bracket, prove_bound
from .certificates.certificate import Block, BoundCertificate
from .certificates.compose import bound_proof, no_signalling_proof, postquantum_proof, quantum_proof, robustness_proof
from .certificates.compose_maps import map_proof
from .certificates.exact_bound import exact_minimum
from .certificates.families import NoExtension, Parent, extend, find_parent
from .certificates.membership import Postquantum, certify
from .certificates.moment_matrix import MomentMatrix
from .certificates.necessary import necessary_conditions
from .certificates.no_signalling import NoSignallingBracket, no_signalling_bracket
from .certificates.proof import Proof, read_proof
from .certificates.robustness import InLevel, RobustnessBracket, in_level, robustness
from .certificates.set_bounds import NoSignallingCertificate
from .certificates.strategy import Strategy, best_strategy
from .certificates.two_sided import QuantumBracket, bracket_proof, quantum_bracket
from .constructions import local_orthogonality, product_bases, s26, saphs18, sbcsv15, shsa20
from .constructions.gleason import boxes_alone, gleason_assemblage, upb_assemblage
from .constructions.s26 import ghz_noise, w_noise
from .maps.channels import channel, unitary_channel
from .maps.linear import LinearMap
from .objects.assemblage import Assemblage, observe, white_noise
from .objects.behaviour import behaviour, bell_functional
from .objects.decomposed import decomposed_realisation, image_parts
from .objects.devices import Devices, Operator, born
from .objects.events import EventSet, always_extendible
from .objects.files import assemblage_to_json, read_and_repair, read_assemblage, read_functional
from .objects.functional import Functional
from .objects.local_bases import LocalBases
from .objects.local_model import LocalModel
from .objects.measurement import POVM
from .objects.product_basis import ProductBasis, decide_unextendible, witness_operator
from .objects.realisation import Realisation
from .objects.repair import Repair, repair
from .objects.scenario import BlackBox, Scenario, TrustedParty
from .objects.state import State
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
from .verdict import Proved, Refuted, Undecided

__version__: str

__all__ = [
    "POVM",
    "Assemblage",
    "BlackBox",
    "Block",
    "BlockPositivity",
    "BoundCertificate",
    "Bracket",
    "Decomposition",
    "Devices",
    "EventSet",
    "Functional",
    "InLevel",
    "LinearMap",
    "LocalBases",
    "LocalModel",
    "MomentMatrix",
    "NegativeProduct",
    "NoExtension",
    "NoSignallingBracket",
    "NoSignallingCertificate",
    "Operator",
    "PPTOperator",
    "Parent",
    "Postquantum",
    "ProductBasis",
    "ProductMinimum",
    "Proof",
    "Proved",
    "QuantumBracket",
    "Realisation",
    "Refuted",
    "Repair",
    "RobustnessBracket",
    "Scenario",
    "State",
    "Strategy",
    "TrustedParty",
    "Undecided",
    "always_extendible",
    "assemblage_to_json",
    "behaviour",
    "bell_functional",
    "best_bound",
    "best_strategy",
    "born",
    "bound_proof",
    "boxes_alone",
    "bracket_proof",
    "certify",
    "channel",
    "choi_operator",
    "decide_block_positive",
    "decide_completely_copositive",
    "decide_completely_positive",
    "decide_decomposable",
    "decide_map_decomposable",
    "decide_positive",
    "decide_unextendible",
    "decomposed_realisation",
    "exact_minimum",
    "extend",
    "find_parent",
    "ghz_noise",
    "gleason_assemblage",
    "image_parts",
    "in_level",
    "level_bracket",
    "local_orthogonality",
    "map_proof",
    "maps",
    "necessary_conditions",
    "no_signalling_bracket",
    "no_signalling_proof",
    "observe",
    "postquantum_proof",
    "product_bases",
    "product_minimum",
    "prove_bound",
    "quantum_bracket",
    "quantum_proof",
    "read_and_repair",
    "read_assemblage",
    "read_functional",
    "read_proof",
    "repair",
    "robustness",
    "robustness_proof",
    "s26",
    "saphs18",
    "sbcsv15",
    "shsa20",
    "unitary_channel",
    "upb_assemblage",
    "w_noise",
    "white_noise",
    "witness_operator",
]

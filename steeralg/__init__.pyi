from . import maps
from .certificates.bounds import Bracket, best_bound, level_bracket, prove_bound
from .certificates.certificate import Block, BoundCertificate
from .certificates.compose import bound_proof, no_signalling_proof, postquantum_proof, quantum_proof, robustness_proof
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
from .constructions import s26, saphs18, sbcsv15, shsa20
from .constructions.s26 import ghz_noise, w_noise
from .maps.channels import channel, unitary_channel
from .maps.linear import LinearMap
from .objects.assemblage import Assemblage, observe, white_noise
from .objects.behaviour import behaviour, bell_functional
from .objects.devices import Devices, Operator, born
from .objects.files import assemblage_to_json, read_and_repair, read_assemblage, read_functional
from .objects.functional import Functional
from .objects.local_model import LocalModel
from .objects.measurement import POVM
from .objects.realisation import Realisation
from .objects.repair import Repair, repair
from .objects.scenario import BlackBox, Scenario, TrustedParty
from .objects.state import State
from .verdict import Proved, Refuted, Undecided

__version__: str

__all__ = [
    "POVM",
    "Assemblage",
    "BlackBox",
    "Block",
    "BoundCertificate",
    "Bracket",
    "Devices",
    "Functional",
    "InLevel",
    "LinearMap",
    "LocalModel",
    "MomentMatrix",
    "NoExtension",
    "NoSignallingBracket",
    "NoSignallingCertificate",
    "Operator",
    "Parent",
    "Postquantum",
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
    "assemblage_to_json",
    "behaviour",
    "bell_functional",
    "best_bound",
    "best_strategy",
    "born",
    "bound_proof",
    "bracket_proof",
    "certify",
    "channel",
    "exact_minimum",
    "extend",
    "find_parent",
    "ghz_noise",
    "in_level",
    "level_bracket",
    "maps",
    "necessary_conditions",
    "no_signalling_bracket",
    "no_signalling_proof",
    "observe",
    "postquantum_proof",
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
    "w_noise",
    "white_noise",
]

from . import maps
from .certificates.bounds import Bracket, best_bound, level_bracket, prove_bound
from .certificates.certificate import Block, BoundCertificate
from .certificates.compose import bound_proof, postquantum_proof
from .certificates.membership import Postquantum, certify
from .certificates.moment_matrix import MomentMatrix
from .certificates.proof import Proof, read_proof
from .constructions import saphs18, sbcsv15
from .maps.linear import LinearMap
from .objects.assemblage import Assemblage, white_noise
from .objects.behaviour import behaviour, bell_functional
from .objects.files import assemblage_to_json, read_and_repair, read_assemblage, read_functional
from .objects.functional import Functional
from .objects.measurement import POVM
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
    "Functional",
    "LinearMap",
    "MomentMatrix",
    "Postquantum",
    "Proof",
    "Proved",
    "Refuted",
    "Scenario",
    "State",
    "TrustedParty",
    "Undecided",
    "assemblage_to_json",
    "behaviour",
    "bell_functional",
    "best_bound",
    "bound_proof",
    "certify",
    "level_bracket",
    "maps",
    "postquantum_proof",
    "prove_bound",
    "read_and_repair",
    "read_assemblage",
    "read_functional",
    "read_proof",
    "saphs18",
    "sbcsv15",
    "white_noise",
]

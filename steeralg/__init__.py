"""steeralg: exact, machine-checkable theorems about postquantum EPR steering.

    import steeralg as sa
    sigma = sa.saphs18.breuer_hall()                 # exact Assemblage over Q(sqrt2, i)
    verdict = sa.certify(sigma, level="1+AB")        # Proved(Postquantum) or Undecided(reason)
    verdict.witness.value, verdict.witness.bound     # exact sympy numbers, value < bound

Layers, each importing only those before it: errors, exact, maps, objects, algebra, sdp, certificates, constructions,
claims, cli.
"""

from steeralg.certificates.bounds import Bracket, best_bound, level_bracket, prove_bound
from steeralg.certificates.certificate import Block, BoundCertificate
from steeralg.certificates.compose import postquantum_proof
from steeralg.certificates.membership import Postquantum, certify
from steeralg.certificates.moment_matrix import MomentMatrix
from steeralg.certificates.proof import Proof, read_proof
from steeralg.constructions import saphs18, sbcsv15
from steeralg.maps import library as maps
from steeralg.maps.linear import LinearMap
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.behaviour import behaviour, bell_functional
from steeralg.objects.files import assemblage_to_json, read_and_repair, read_assemblage, read_functional
from steeralg.objects.functional import Functional
from steeralg.objects.measurement import POVM
from steeralg.objects.scenario import BlackBox, Scenario, TrustedParty
from steeralg.objects.state import State
from steeralg.verdict import Proved, Refuted, Undecided

__version__ = "0.1.0"

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

"""Hypothesis strategies for exact objects, for tests of your own: valid by construction, shrinking to simple ones.

    import steeralg.strategies as st

    @given(st.quantum_assemblages(scenario))
    def test_my_bound(sigma): assert not functional.value(sigma) < bound

Above: claims, the command line. Below: constructions. Only this package imports hypothesis. Every object passes the
validation of its own class; sums of squares that come with one (of postquantum assemblages, of positive maps) follow
from the way it is made, and `verify()` checks them anew. `field` is Q unless given: a Field, or a real algebraic
number that generates one, such as sympy.sqrt(2); the entries lie in K(i). Sizes out of range raise InputError, naming
the argument, when a strategy is made, not when it draws.
"""

from steeralg.strategies.bases import event_sets, product_bases, unextendible_product_bases
from steeralg.strategies.display import register
from steeralg.strategies.maps import (
    completely_positive_maps,
    decomposable_maps,
    decompositions,
    positive_map_proofs,
    positive_maps,
)
from steeralg.strategies.matrix import (
    fields,
    hermitian_matrices,
    isometries,
    matrices,
    numbers,
    positive_matrices,
    unitaries,
)
from steeralg.strategies.no_signalling import (
    functionals,
    lhs_assemblages,
    local_models,
    no_signalling_assemblages,
)
from steeralg.strategies.postquantum import postquantum_assemblages, postquantum_proofs
from steeralg.strategies.quantum import (
    channels,
    devices,
    instruments,
    povms,
    ppt_states,
    quantum_assemblages,
    realisations,
    separable_states,
    states,
)
from steeralg.strategies.scenario import scenarios

register()

__all__ = [
    "channels",
    "completely_positive_maps",
    "decomposable_maps",
    "decompositions",
    "devices",
    "event_sets",
    "fields",
    "functionals",
    "hermitian_matrices",
    "instruments",
    "isometries",
    "lhs_assemblages",
    "local_models",
    "matrices",
    "no_signalling_assemblages",
    "numbers",
    "positive_map_proofs",
    "positive_maps",
    "positive_matrices",
    "postquantum_assemblages",
    "postquantum_proofs",
    "povms",
    "ppt_states",
    "product_bases",
    "quantum_assemblages",
    "realisations",
    "scenarios",
    "separable_states",
    "states",
    "unextendible_product_bases",
    "unitaries",
]

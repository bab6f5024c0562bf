"""Linear maps on matrices: positive maps of the literature, channels.

Above: objects, constructions. Below: the exact layer.
"""

from steeralg.maps.channels import channel, depolarising, kraus_map, unitary_channel
from steeralg.maps.library import (
    choi,
    extended_reduction,
    generalised_choi,
    identity,
    reduction,
    robertson,
    subunitary_reduction,
    tanahashi_tomiyama,
    transpose,
)

__all__ = [
    "channel",
    "choi",
    "depolarising",
    "extended_reduction",
    "generalised_choi",
    "identity",
    "kraus_map",
    "reduction",
    "robertson",
    "subunitary_reduction",
    "tanahashi_tomiyama",
    "transpose",
    "unitary_channel",
]

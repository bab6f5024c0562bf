"""steeralg: exact, machine-checkable theorems about postquantum EPR steering.

    import steeralg as sa
    sigma = sa.saphs18.breuer_hall()                 # exact Assemblage over Q(sqrt2, i)
    verdict = sa.certify(sigma, level="1+AB")        # Proved(Postquantum) or Undecided(reason)
    verdict.witness.value, verdict.witness.bound     # exact sympy numbers, value < bound

Layers, each importing only those before it: errors, verdict, exact, maps, objects, algebra, sdp, positivity, models,
certificates, constructions, strategies, claims (beside them coq, plot, search), report, cli. The public names are
listed in `__init__.pyi` and loaded when they are first used; exact arithmetic alone loads no numerical library.
"""

import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

"""Proofs for the Coq proof assistant: the core rules judged by a second, independent kernel.

Above: the command line. Below: proofs, rules, the exact layer. The library in the `.v` files of this folder proves,
once and for every *-algebra and state, that its checks are sound; `export` writes a file with the data of a proof, as
they stand in the proof file, and with certificates that Coq checks by computation. Nothing written here is trusted.
"""

from __future__ import annotations

from steeralg.coq.export import CoqFile, coq_text, export
from steeralg.coq.library import LIBRARY, compilation, library_files

__all__ = ["LIBRARY", "CoqFile", "compilation", "coq_text", "export", "library_files"]

"""The Coq compiler in tests: the library is compiled once a run, shared by parallel workers; files are compiled beside
it. Without `coqc` tests are skipped, but not in continuous integration.
"""

import fcntl
import os
import shutil
import subprocess

import pytest

from steeralg.coq import LIBRARY, library_files


def coqc(folder, name):
    """Compile one file; the finished process."""
    command = ["coqc", "-q", "-Q", ".", "Steeralg", f"{name}.v"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)


def require_coqc():
    """Skip the test without `coqc`; fail in continuous integration."""
    if shutil.which("coqc") is None:
        if os.environ.get("CI"):
            pytest.fail("coqc is not installed: continuous integration needs it")
        pytest.skip("coqc is not installed")


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    """The folder of the compiled library."""
    require_coqc()
    root = tmp_path_factory.getbasetemp()
    root = root.parent if "PYTEST_XDIST_WORKER" in os.environ else root
    folder = root / "coq-library"
    with open(root / "coq-library.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "compiled").exists():
            folder.mkdir(exist_ok=True)
            for name, data in library_files().items():
                (folder / name).write_bytes(data)
            for name in LIBRARY:
                done = coqc(folder, name)
                assert done.returncode == 0, done.stderr
            (folder / "compiled").touch()
    return folder


def compiled(library, folder, text, name="subject"):
    """Compile a text in a folder of its own, with the library; the finished process."""
    for path in library.glob("*.vo"):
        (folder / path.name).symlink_to(path)
    (folder / f"{name}.v").write_text(text, encoding="utf-8")
    return coqc(folder, name)


def accepted(done):
    """Whether Coq proved everything, from no axiom."""
    return done.returncode == 0 and done.stdout == "Closed under the global context\n"

"""What a result hangs on besides its inputs: versions, the code itself, and how the processor does arithmetic.

A sweep promises the same bytes on any number of machines. It can only keep that among machines that run the same code
and round alike, so it writes down what it was computed with and compares that before it goes on.
"""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from equipoise._version import __version__

_PACKAGES = ("numba", "numpy", "pyproj", "scipy", "shapely")
_DASK = ("dask", "distributed")
_READ_BY_COMPUTATIONS = {".py", ".yaml", ".csv", ".npz", ".json"}
# What decides the last bit of a product and a sum, or of a function that numpy has in several versions.
_PROCESSOR_FEATURES = ("fma", "avx2", "avx512dq")

WORDS = {"code": "files of the package", "processor": "processor", "c library": "C library"}


@cache
def environment() -> Mapping[str, str]:
    """Return the versions of everything that takes part in a computation, and a digest of the package's own files."""
    return {
        "equipoise": __version__,
        "code": code_digest(),
        "python": platform.python_version(),
        **{name: _version(name) for name in _PACKAGES},
    }


@cache
def dask_versions() -> Mapping[str, str]:
    """Return the versions of what carries tasks between machines; no result hangs on them."""
    return {name: _version(name) for name in _DASK}


@cache
def arithmetic() -> Mapping[str, str]:
    """Return what decides how this machine rounds: its processor's instructions and its C library."""
    from llvmlite import binding

    features = binding.get_host_cpu_features()
    present = [name for name in _PROCESSOR_FEATURES if features.get(name)]
    return {"processor": " ".join([platform.machine(), *present]), "c library": _c_library()}


def _c_library() -> str:
    try:
        return os.confstr("CS_GNU_LIBC_VERSION") or platform.system()
    except (AttributeError, ValueError, OSError):
        return f"{platform.system()} {platform.release()}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


@cache
def code_digest() -> str:
    """Return a digest of every file of the package that a computation may read, kernels and catalogue included."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        if path.suffix in _READ_BY_COMPUTATIONS and path.is_file():
            digest.update(path.relative_to(package).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def first_difference(theirs: Mapping[str, str], ours: Mapping[str, str]) -> str | None:
    """Say in words what differs first; None where nothing does.

    Examples
    --------
    >>> first_difference({"numpy": "2.0.0"}, {"numpy": "2.1.0"})
    'numpy 2.0.0, here 2.1.0'
    """
    for name in ours:
        their, our = theirs.get(name, "none"), ours[name]
        if their != our:
            return f"{WORDS.get(name, name)} {their}, here {our}"
    return None

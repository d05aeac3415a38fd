"""A run directory: written beside its final place, sealed with a manifest, moved there whole.

A failure leaves nothing behind, and a reader never meets half a run. The manifest holds what made the run (the study's
text, the catalogue records, the versions, the seed) and a digest of every file; it holds no date and no path of the
machine, so that the same command gives the same bytes.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from equipoise._version import __version__
from equipoise.errors import OutputError

MANIFEST = "manifest.json"
_FORMAT = "equipoise-run-1"
_STORAGE_FAILS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO}
_PACKAGES_THAT_MATTER = ("SALib", "matplotlib", "numba", "numpy", "pyarrow", "pyproj", "scipy", "shapely", "xarray")


@contextmanager
def run_directory(path: Path) -> Iterator[Path]:
    """Give a fresh directory to write in, which takes the place of ``path`` when the block ends well.

    Parameters
    ----------
    path : Path
        Where the run belongs. An earlier run there is replaced, an empty directory used; anything else is refused.

    Yields
    ------
    Path
        A temporary directory beside ``path``; gone if the block raises.

    Raises
    ------
    OutputError
        If ``path`` holds something that is not a run, or its parent cannot be written.
    """
    path = Path(os.path.abspath(path))
    _refuse_what_is_not_a_run(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        workshop = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    except OSError as error:
        raise _refusal(f"cannot write {path}: {error.strerror}; name a directory that you may write") from error
    try:
        result = workshop / "run"
        result.mkdir()
        yield result
        _replace(path, result, workshop)
    except OSError as error:
        if error.errno not in _STORAGE_FAILS:
            raise
        raise _refusal(f"cannot write {path}: {error.strerror}") from error
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _refusal(message: str) -> OutputError:
    return OutputError(f"output directory: {message}")


def _refuse_what_is_not_a_run(path: Path) -> None:
    if not path.exists() and not path.is_symlink():
        return
    if path.is_symlink() or not path.is_dir():
        raise _refusal(f"{path} exists and is not a directory; name a new one, or an earlier run to replace")
    if any(path.iterdir()) and not is_run(path):
        raise _refusal(f"{path} holds files that are not a run; name a new directory, or an earlier run to replace")


def _replace(path: Path, result: Path, workshop: Path) -> None:
    if path.exists():
        os.rename(path, workshop / "earlier")  # a rename, not a deletion: if the next step fails, it goes back
    try:
        os.rename(result, path)
    except OSError:
        if (workshop / "earlier").exists():
            os.rename(workshop / "earlier", path)
        raise


def is_run(path: Path) -> bool:
    """Tell whether a directory is a sealed run."""
    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("format") == _FORMAT


def digest(data: bytes) -> str:
    """Return the SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def seal(
    directory: Path,
    *,
    command: str,
    catalogue: Mapping[str, str],
    study: Mapping[str, str] | None = None,
    seed: int | None = None,
    authorities: Mapping[str, str] | None = None,
) -> Path:
    """Write the manifest of a run: what made it, and the digest of each file in it.

    Parameters
    ----------
    directory : Path
        Holds every other file of the run.
    command : str
        The command that makes the same run again.
    catalogue : mapping
        Digest of each catalogue record that was used, by id.
    study : mapping, optional
        ``id`` of the study and ``sha256`` of its text, where there is one.
    seed : int, optional
        Of every random draw, where there are any.
    authorities : mapping, optional
        Digest of each table of published values that was used, by name.

    Returns
    -------
    Path
        The manifest.
    """
    optional = {"study": study, "seed": seed, "authorities": authorities}
    files = sorted(path for path in directory.rglob("*") if path.is_file() and path.name != MANIFEST)
    manifest: dict[str, Any] = {
        "format": _FORMAT,
        "command": command,
        "catalogue": dict(catalogue),
        **{name: made_from for name, made_from in optional.items() if made_from is not None},
        "versions": {
            "equipoise": __version__,
            "python": platform.python_version(),
            **{name: version(name) for name in _PACKAGES_THAT_MATTER},
        },
        "files": {
            path.relative_to(directory).as_posix(): {"bytes": path.stat().st_size, "sha256": digest(path.read_bytes())}
            for path in files
        },
    }
    target = directory / MANIFEST
    target.write_text(json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    return target

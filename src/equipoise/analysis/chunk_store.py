"""Where finished chunks of an ensemble lie until the result is sealed: nothing that was finished is lost.

::

    DIR/sweep.json        which ensemble this is, and its plan
    DIR/chunks/           one Parquet file for each finished chunk, named first run-run after the last-SHA-256
    DIR/results.parquet   the result
    DIR/results.json      the seal: written last, with the digest of the result

The name of a chunk is its own journal and checksum: a file is either there whole under its name or does not count. It
is written under another name, flushed to the disk and then renamed.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from equipoise.analysis.chunk_files import chunk_bytes, chunk_columns, chunk_key
from equipoise.analysis.environment import first_difference
from equipoise.analysis.subject import Columns
from equipoise.errors import OutputError

PLAN, CHUNKS, RESULTS, SEAL = "sweep.json", "chunks", "results.parquet", "results.json"
_FORMAT = "equipoise-sweep-1"
_NAME = re.compile(r"(\d{16})-(\d{16})-([0-9a-f]{64})\.parquet")
_TEMPORARY = ".writing-"
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_LOCKS = {errno.ENOLCK, errno.ENOTSUP, errno.EINVAL, errno.ENOSYS}


@dataclass(frozen=True, order=True)
class Chunk:
    """A finished chunk: the runs ``start`` to ``stop``, and the SHA-256 of its file."""

    start: int
    stop: int
    sha256: str

    @property
    def name(self) -> str:
        """Name of the file."""
        return f"{self.start:016d}-{self.stop:016d}-{self.sha256}.parquet"


class DamagedChunkError(Exception):
    """A chunk whose file is no longer what was written."""


class ChunkStore:
    """The directory of one ensemble, held by one process at a time.

    Parameters
    ----------
    directory : Path
        Made if it is not there. One that holds another ensemble, or anything else, is refused.
    key : str
        SHA-256 of everything that decides the result.
    total : int
        How many runs there are, of all points.
    facts : mapping
        What :data:`PLAN` says besides: ``about``, ``environment``.
    """

    def __init__(self, directory: Path, key: str, total: int, facts: Mapping[str, Any]) -> None:
        self.directory = Path(os.path.abspath(directory))
        self.key = key
        self.total = total
        self._chunks: dict[int, Chunk] = {}
        self.damaged = 0
        with self.writing():
            self._lock = self._opened()
        try:
            with self.writing():
                self.plan: dict[str, Any] = self._read_plan(facts)
                (self.directory / CHUNKS).mkdir(exist_ok=True)
                self._scan()
                self.write_plan({})
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> ChunkStore:
        """Return the store."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let others have the directory."""
        self.close()

    def close(self) -> None:
        """Let others have the directory."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Turn what a disk refuses into a message that says what is kept and how to go on."""
        try:
            yield
        except OutputError:
            raise
        except OSError as error:
            reason = error.strerror or str(error)
            if error.errno in _NO_SPACE:
                problem = f"{reason}; finished chunks are kept: make room, and the same command goes on from there"
            else:
                problem = f"{reason}; finished chunks are kept, and the same command goes on from there"
            raise OutputError(f"output directory: cannot write {self.directory}: {problem}") from error

    def _opened(self) -> int:
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            lock = os.open(self.directory, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            reason = "it exists and is not a directory" if self.directory.exists() else error.strerror
            raise OutputError(
                f"output directory: cannot write {self.directory}: {reason}; name a directory that you may write"
            ) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in _NO_LOCKS:  # some network file systems; then it is for the user to run one at a time
                return lock
            os.close(lock)
            raise OutputError(
                f"output directory: another equipoise is at work in {self.directory}; wait for it, or name another"
            ) from None
        return lock

    def _read_plan(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        wanted = {"format": _FORMAT, "key": self.key, "runs_in_all": self.total, **facts}
        path = self.directory / PLAN
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            strangers = [name for name in os.listdir(self.directory) if name != CHUNKS and not _temporary(name)]
            if strangers:
                raise OutputError(
                    f"output directory: {self.directory} holds files that are not a sweep ({sorted(strangers)[0]}); "
                    "name a new directory, or that of a sweep to go on with"
                ) from None
            return wanted
        except ValueError:  # damaged; each chunk says itself which ensemble it belongs to
            return wanted
        if not isinstance(found, dict) or found.get("format") != _FORMAT:
            raise OutputError(f"output directory: {path} is not of this version's format; name a new directory")
        if found.get("key") != self.key:
            raise self._foreign(found, wanted)
        return {**found, **wanted}

    def _foreign(self, found: Mapping[str, Any], wanted: Mapping[str, Any]) -> OutputError:
        theirs, ours = found.get("environment"), wanted.get("environment")
        if isinstance(theirs, dict) and isinstance(ours, dict) and found.get("subject") == wanted.get("subject"):
            difference = first_difference(theirs, ours)
            return OutputError(
                f"output directory: {self.directory} holds the same sweep made with {difference}; "
                "go on with what it was made with, or name another directory"
            )
        return OutputError(
            f"output directory: {self.directory} holds another sweep; give the study and options that it was begun "
            "with, or name another directory"
        )

    def _scan(self) -> None:
        """Find the finished chunks; what is damaged or covered by another is removed and counts for nothing."""
        place = self.directory / CHUNKS
        found = []
        for name in os.listdir(place):
            match = _NAME.fullmatch(name)
            if match:
                found.append(Chunk(int(match[1]), int(match[2]), match[3]))
            elif _temporary(name):
                (place / name).unlink()
        covered = 0
        for chunk in sorted(found, key=lambda one: (one.start, -one.stop)):
            content = (place / chunk.name).read_bytes()
            if hashlib.sha256(content).hexdigest() != chunk.sha256:
                self.damaged += 1
                (place / chunk.name).unlink()
            elif chunk_key(content) != self.key:
                raise OutputError(
                    f"output directory: {place / chunk.name} belongs to another sweep; name another directory"
                )
            elif not covered <= chunk.start < chunk.stop <= self.total:
                (place / chunk.name).unlink()
            else:
                self._chunks[chunk.start] = chunk
                covered = chunk.stop

    @property
    def finished(self) -> int:
        """How many runs are finished."""
        return sum(chunk.stop - chunk.start for chunk in self._chunks.values())

    def gaps(self) -> Iterator[tuple[int, int]]:
        """Yield the stretches of runs that are not finished, in order."""
        reached = 0
        for start in sorted(self._chunks):
            if start > reached:
                yield reached, start
            reached = self._chunks[start].stop
        if reached < self.total:
            yield reached, self.total

    def write_plan(self, changes: Mapping[str, Any]) -> None:
        """Keep the plan, with these changes."""
        wanted = {**self.plan, **changes}
        content = (json.dumps(wanted, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()
        path = self.directory / PLAN
        with self.writing():
            if not path.exists() or path.read_bytes() != content:
                self._put(path, lambda file: file.write(content))
        self.plan = wanted

    def add(self, start: int, stop: int, columns: Columns) -> None:
        """Put a finished chunk on the disk.

        Raises
        ------
        OutputError
            If the disk refuses; chunks that are there stay.
        """
        content = chunk_bytes(columns, self.key)
        chunk = Chunk(start, stop, hashlib.sha256(content).hexdigest())
        with self.writing():
            self._put(self.directory / CHUNKS / chunk.name, lambda file: file.write(content))
        self._chunks[start] = chunk

    def _put(self, path: Path, write: Callable[[IO[bytes]], object]) -> None:
        """Write a file under another name, have it on the disk, and give it its name."""
        temporary = path.parent / f"{_TEMPORARY}{path.name[:40]}"
        try:
            with open(temporary, "wb") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
            _flush_directory(path.parent)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise

    def columns(self) -> Iterator[dict[str, Any]]:
        """Yield the columns of every chunk, in order.

        Raises
        ------
        DamagedChunkError
            If a file is no longer what was written; it is removed and is a gap again.
        """
        for start in sorted(self._chunks):
            chunk = self._chunks[start]
            path = self.directory / CHUNKS / chunk.name
            try:
                content = path.read_bytes()
            except OSError:
                content = b""
            if hashlib.sha256(content).hexdigest() != chunk.sha256:
                self.damaged += 1
                del self._chunks[start]
                with contextlib.suppress(OSError):
                    path.unlink()
                raise DamagedChunkError(chunk.name)
            yield chunk_columns(content)

    def sealed(self) -> dict[str, Any] | None:
        """Return what the seal says, if the result is there and whole."""
        try:
            seal = json.loads((self.directory / SEAL).read_text(encoding="utf-8"))
            with open(self.directory / RESULTS, "rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except (OSError, ValueError):
            return None
        if not isinstance(seal, dict) or seal.get("key") != self.key or seal.get("results_sha256") != digest:
            return None
        return seal

    def seal(self, write_table: Callable[[IO[bytes]], int], facts: Mapping[str, Any]) -> dict[str, Any]:
        """Write the result and then its seal.

        Parameters
        ----------
        write_table : callable
            Writes the table into a binary file and returns its number of rows.
        facts : mapping
            What the seal says besides the key and the digest.
        """
        counted = [0]

        def write(file: IO[bytes]) -> None:
            counted[0] = write_table(file)

        with self.writing():
            self._put(self.directory / RESULTS, write)
            with open(self.directory / RESULTS, "rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            seal = {"format": _FORMAT, "key": self.key, **facts, "rows": counted[0], "results_sha256": digest}
            text = json.dumps(seal, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
            self._put(self.directory / SEAL, lambda file: file.write(text.encode()))
        return seal

    def remove_chunks(self) -> None:
        """Remove the chunks, once the result is sealed; what the sweep did not write stays."""
        place = self.directory / CHUNKS
        with self.writing():
            for name in os.listdir(place) if place.is_dir() else ():
                if _NAME.fullmatch(name) or _temporary(name):
                    (place / name).unlink()
            with contextlib.suppress(OSError):
                place.rmdir()
        self._chunks.clear()


def _temporary(name: str) -> bool:
    return name.startswith(_TEMPORARY)


def _flush_directory(path: Path) -> None:
    """Have a new name on the disk, where directories can be flushed."""
    with contextlib.suppress(OSError):
        directory = os.open(path, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)

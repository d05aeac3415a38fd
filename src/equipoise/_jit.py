"""The one decorator behind every compiled kernel, its cache, and the notice while it compiles.

numba's file cache notices a change in the file of a kernel, not in the kernels that it calls from other files. So
the cache lies in a directory named by a hash of every kernel module: a change anywhere compiles afresh. The
directory belongs to the user, so that a read-only package directory caches just as well.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
import platformdirs
from numba.core import event

F = TypeVar("F", bound=Callable[..., Any])

_PACKAGE = Path(__file__).parent


@cache
def kernel_hash() -> str:
    """Return a hash of every kernel module and of the compiler, for the names of caches."""
    digest = hashlib.sha256(f"{numba.__version__} {np.__version__}".encode())
    for path in sorted([*_PACKAGE.rglob("*_kernels.py"), Path(__file__)]):
        digest.update(path.relative_to(_PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def cache_directory() -> Path:
    """Return the directory for compiled kernels and tables, made if need be.

    ``EQUIPOISE_CACHE_DIR`` overrides the user's cache directory; where neither can be written, a directory below
    the system's temporary one serves.
    """
    wanted = Path(os.environ.get("EQUIPOISE_CACHE_DIR") or platformdirs.user_cache_dir("equipoise"))
    for candidate in (wanted, Path(tempfile.gettempdir()) / f"equipoise-{os.getuid()}"):
        try:
            candidate.mkdir(parents=True, exist_ok=True)
            probe = candidate / f".probe-{os.getpid()}"
            probe.touch()
            probe.unlink()
        except OSError:
            continue
        return candidate
    return Path(tempfile.mkdtemp(prefix="equipoise-"))


numba.config.CACHE_DIR = str(cache_directory() / f"kernels-{kernel_hash()}")  # type: ignore[attr-defined]


def kernel(function: F) -> F:
    """Compile a function of floats and arrays: cached on disk, without the GIL, IEEE division."""
    return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})(function))


def helper(function: F) -> F:
    """Compile a function that only kernels call; the compiler decides whether it is inlined."""
    return cast(F, numba.njit(nogil=True, error_model="numpy", fastmath={"contract"})(function))


def inline(function: F) -> F:
    """Compile a small function into every kernel that calls it: a call would cost more than its body.

    Cached as well, since Python may call it too.
    """
    options: dict[str, Any] = {
        "cache": True,
        "nogil": True,
        "error_model": "numpy",
        "fastmath": {"contract"},
        "forceinline": True,
    }
    return cast(F, numba.njit(**options)(function))


COMPILE_NOTICE = "equipoise: compiling the kernels, once on this machine; this takes about a minute\n"


class _CompileNotice(event.Listener):
    """Says once, on standard error, that this machine compiles for the first time."""

    said = False

    def on_start(self, event: Any) -> None:
        if not self.said:
            type(self).said = True
            sys.stderr.write(COMPILE_NOTICE)
            sys.stderr.flush()

    def on_end(self, event: Any) -> None:
        """Nothing to say at the end."""


def announce_compilation() -> None:
    """Have the first compilation of this process announce itself on standard error."""
    event.register("numba:compile", _CompileNotice())  # type: ignore[no-untyped-call]


_this_thread = threading.local()


@contextmanager
def one_thread() -> Iterator[None]:
    """Have the calling thread do its array work by itself: where tasks run side by side, each has one processor."""
    before = getattr(_this_thread, "alone", False)
    _this_thread.alone = True
    try:
        yield
    finally:
        _this_thread.alone = before


def thread_count() -> int:
    """Return how many threads share array work: ``EQUIPOISE_THREADS``, or the processors this process may use."""
    if getattr(_this_thread, "alone", False):
        return 1
    wanted = os.environ.get("EQUIPOISE_THREADS", "")
    if wanted.isdigit() and int(wanted) > 0:
        return int(wanted)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


_pool: ThreadPoolExecutor | None = None


def run_in_chunks(
    work: Callable[[int, int], object], count: int, *, chunks_per_thread: int = 16, least: int = 1
) -> None:
    """Call ``work(start, stop)`` over ``range(count)``, in threads.

    Each element is computed by itself, so the result does not depend on the number of threads or chunks.

    Parameters
    ----------
    work : callable
        Fills the elements ``start`` to ``stop`` of its output arrays; a kernel that holds no GIL.
    count : int
        Number of elements.
    chunks_per_thread : int
        More chunks balance uneven work better and cost a little more overhead.
    least : int
        Elements in a chunk, at least: where one takes a few microseconds, handing out a few would take longer.
    """
    global _pool
    threads = thread_count()
    if threads == 1 or count < 2:
        work(0, count)
        return
    if _pool is None:
        _pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="equipoise")
    edges = np.linspace(0, count, max(1, min(count // least, threads * chunks_per_thread)) + 1).astype(int)
    for future in [_pool.submit(work, int(a), int(b)) for a, b in pairwise(edges)]:
        future.result()

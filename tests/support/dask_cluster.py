"""A Dask cluster of real processes on this machine, as ``dask scheduler`` and ``dask worker`` start them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

_PROGRAM = "import sys; from dask.__main__ import main; sys.argv[0] = 'dask'; main()"


@dataclass
class DaskCluster:
    """Its address and processes; output goes to a file each."""

    address: str
    place: Path
    environment: Mapping[str, str]
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.place / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-c", _PROGRAM, *arguments],
                stdout=log,
                stderr=log,
                env=self.environment,
                cwd=self.place,
            )

    def add_worker(self, *arguments: str) -> subprocess.Popen[bytes]:
        common = ("--nthreads", "1", "--host", "127.0.0.1", "--no-dashboard", "--local-directory", str(self.place))
        options = arguments or ("--no-nanny",)
        process = self.start(f"worker-{len(self.workers)}", "worker", self.address, *common, *options)
        self.workers.append(process)
        return process


@contextmanager
def dask_cluster(place: Path, workers: int, **settings: str) -> Iterator[DaskCluster]:
    """Start a scheduler and some workers of one thread; end them all afterwards.

    ``settings`` are environment variables of every process.
    """
    place.mkdir(parents=True, exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **settings}
    cluster = DaskCluster(f"tcp://127.0.0.1:{port}", place, environment)
    try:
        cluster.scheduler = cluster.start(
            "scheduler", "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"
        )
        _wait_for(port)
        for _ in range(workers):
            cluster.add_worker()
        yield cluster
    finally:
        # Workers first: they say goodbye to a scheduler that is still there.
        for processes in (cluster.workers, [cluster.scheduler] if cluster.scheduler else []):
            for process in processes:
                with suppress(ProcessLookupError):
                    process.send_signal(signal.SIGTERM)
            for process in processes:
                try:
                    process.wait(timeout=10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60.0
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1.0).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return

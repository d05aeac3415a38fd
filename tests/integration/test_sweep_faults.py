"""What must not harm a sweep: killed clients and workers, a full disk, schedulers that are not what they should be."""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from dask_cluster import DaskCluster, dask_cluster
from toy_subject import Toy, work_out

from equipoise.analysis import ensemble, workers
from equipoise.analysis.chunk_store import ChunkStore
from equipoise.analysis.ensemble import run_ensemble
from equipoise.analysis.environment import environment
from equipoise.errors import InputError, OutputError


def result_bytes(directory: Path) -> tuple[bytes, bytes]:
    return (directory / "results.parquet").read_bytes(), (directory / "results.json").read_bytes()


def finished_runs(directory: Path) -> set[int]:
    """Return the numbers of the runs whose chunks are on the disk."""
    place = directory / "chunks"
    names = [path.name for path in place.iterdir() if path.suffix == ".parquet"] if place.exists() else []
    return {run for name in names for run in range(int(name[:16]), int(name[17:33]))}


def logged_runs(lines: list[str]) -> list[int]:
    return [run for line in lines if line for run in range(*map(int, line.split()))]


@pytest.fixture(scope="module")
def client() -> Callable[..., BaseProcess]:
    """Return a function that starts a client in a process of its own, forked from one that has loaded everything."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["toy_subject", "pyarrow.parquet"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))  # Python 3.11 tells it of nothing else
        forkserver.ensure_running()

    def start(toy: Toy, directory: Path, chunk: int, *more: str | None) -> BaseProcess:
        process = context.Process(target=work_out, args=(toy, directory, chunk, *more))
        process.start()
        return process

    return start


def test_a_client_killed_again_and_again_loses_nothing_that_was_finished(
    client: Callable[..., BaseProcess], tmp_path: Path
) -> None:
    toy, log, out = Toy(10, 100, added=True), tmp_path / "log", tmp_path / "out"
    run_ensemble(toy, tmp_path / "undisturbed")
    log.touch()
    rng = random.Random(2016)
    kills = 0
    while True:
        seen, there = len(log.read_text().splitlines()), finished_runs(out)
        process = client(replace(toy, log=str(log), pause_s=0.004), out, 5)
        # At any moment, from before it looks at the directory to some chunks later.
        process.join(timeout=rng.uniform(0.0, 0.25) if kills < 15 else 60.0)
        if process.exitcode is None:
            process.kill()
            process.join()
            kills += 1
        again = logged_runs(log.read_text().splitlines()[seen:])
        assert not there & set(again), "a finished chunk was worked out again"
        assert there <= finished_runs(out) or (out / "results.json").exists(), "a finished chunk is gone"
        if process.exitcode != -signal.SIGKILL:
            break
    assert (process.exitcode, kills) == (0, 15)
    assert result_bytes(out) == result_bytes(tmp_path / "undisturbed")
    assert sorted(path.name for path in out.iterdir()) == ["results.json", "results.parquet", "sweep.json"]


@pytest.mark.parametrize("stage", ["before the table", "before the seal", "before the chunks go"])
def test_a_client_killed_while_it_seals_does_not_harm_the_result(
    client: Callable[..., BaseProcess], stage: str, tmp_path: Path
) -> None:
    toy, out = Toy(40, 30, added=True), tmp_path / "out"
    run_ensemble(toy, tmp_path / "undisturbed")
    process = client(toy, out, 100, None, stage)
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert finished_runs(out) == set(range(1200))
    assert run_ensemble(toy, out).found == 1200
    assert result_bytes(out) == result_bytes(tmp_path / "undisturbed")


@contextmanager
def small_disk(place: Path, size_kb: int) -> Iterator[bool]:
    """Mount a disk of some kilobytes; give False where that is not allowed."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size_kb}k", "tmpfs", str(place)]
    try:
        mounted = os.getuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_keeps_what_fits_and_the_sweep_goes_on_once_there_is_room(tmp_path: Path) -> None:
    toy = Toy(200, 1, added=False)
    run_ensemble(toy, tmp_path / "undisturbed")
    with small_disk(tmp_path / "disk", 256) as mounted:
        out = tmp_path / "disk" / "out"
        with (
            limited_files(None if mounted else 1500),
            pytest.raises(OutputError, match=r"finished chunks are kept: make"),
        ):
            run_ensemble(toy, out, chunk_runs=2)
        there = len(finished_runs(out))
        assert not mounted or 20 < there < 200
        if mounted:
            subprocess.run(["mount", "-o", "remount,size=16m", str(tmp_path / "disk")], check=True)
        assert run_ensemble(toy, out, chunk_runs=2).found == there
        assert result_bytes(out) == result_bytes(tmp_path / "undisturbed")


@contextmanager
def limited_files(size_bytes: int | None) -> Iterator[None]:
    """Let no file of this process grow beyond a size; the system refuses it then, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    if size_bytes is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_file_that_may_not_grow_is_a_message_as_well(tmp_path: Path) -> None:
    toy = Toy(2000, 1, added=False)  # its table is larger than the limit, its chunks are not
    run_ensemble(toy, tmp_path / "undisturbed")
    with limited_files(8000), pytest.raises(OutputError, match="File too large; finished chunks are kept"):
        run_ensemble(toy, tmp_path / "out", chunk_runs=100)
    assert run_ensemble(toy, tmp_path / "out").found == 2000
    assert result_bytes(tmp_path / "out") == result_bytes(tmp_path / "undisturbed")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    """Two workers; one loss of a worker is enough for Dask to give a task up, so that we have to ask again."""
    once = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    with dask_cluster(tmp_path_factory.mktemp("dask"), 2, **once) as started:
        yield started


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60.0
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


TOYS = pytest.mark.parametrize("toy", [Toy(12, 500, added=True), Toy(9, 40, added=False)], ids=["added", "listed"])


@TOYS
def test_a_cluster_gives_the_same_bytes_as_threads(cluster: DaskCluster, toy: Toy, tmp_path: Path) -> None:
    run_ensemble(toy, tmp_path / "threads")
    for chunk in (None, 77):
        out = tmp_path / str(chunk)
        run_ensemble(toy, out, scheduler=cluster.address, chunk_runs=chunk)
        assert result_bytes(out) == result_bytes(tmp_path / "threads")


def test_a_sweep_begun_on_a_cluster_goes_on_in_threads(cluster: DaskCluster, tmp_path: Path) -> None:
    toy = Toy(60, 1, added=False)
    with pytest.raises(InputError, match=r"^toy: point 40 is refused$"):
        run_ensemble(replace(toy, refused=40), tmp_path / "out", scheduler=cluster.address, chunk_runs=1)
    assert run_ensemble(toy, tmp_path / "out").found >= 30
    run_ensemble(toy, tmp_path / "undisturbed")
    assert result_bytes(tmp_path / "out") == result_bytes(tmp_path / "undisturbed")


def test_a_client_killed_on_a_cluster_loses_nothing(
    client: Callable[..., BaseProcess], cluster: DaskCluster, tmp_path: Path
) -> None:
    toy, out = Toy(8, 50, added=True, pause_s=0.005), tmp_path / "out"
    for _ in range(2):
        before = finished_runs(out)
        process = client(toy, out, 10, cluster.address)
        until(lambda before=before: len(finished_runs(out)) > len(before) + 40)
        process.kill()
        process.join()
        assert before < finished_runs(out)
    assert run_ensemble(toy, out, scheduler=cluster.address).found >= 80
    run_ensemble(toy, tmp_path / "undisturbed")
    assert result_bytes(out) == result_bytes(tmp_path / "undisturbed")


def test_a_worker_killed_in_mid_run_changes_nothing(cluster: DaskCluster, tmp_path: Path) -> None:
    toy, out = Toy(100, 1, added=False, pause_s=0.02), tmp_path / "out"

    def kill_one() -> None:
        until(lambda: len(finished_runs(out)) > 20)
        cluster.workers[0].kill()

    killer = threading.Thread(target=kill_one)
    killer.start()
    run_ensemble(toy, out, scheduler=cluster.address, chunk_runs=2)
    killer.join()
    assert cluster.workers[0].wait(timeout=10) == -signal.SIGKILL
    run_ensemble(replace(toy, pause_s=0.0), tmp_path / "undisturbed")
    assert result_bytes(out) == result_bytes(tmp_path / "undisturbed")


def test_work_that_ends_its_workers_is_named_and_the_rest_is_kept(cluster: DaskCluster, tmp_path: Path) -> None:
    cluster.add_worker("--nanny")  # starts its worker again each time
    toy, out = Toy(30, 1, added=False, fatal=20), tmp_path / "out"
    with pytest.raises(
        InputError, match=r"the runs 20 to 21 were lost with their worker again and again, .*out of mem"
    ):
        run_ensemble(toy, out, scheduler=cluster.address, chunk_runs=1, patience_s=20.0)
    assert set(range(20)) | {21} <= finished_runs(out)  # what was lost beside it was worked out


@pytest.fixture
def listener() -> Iterator[tuple[str, list[bytes]]]:
    """A port that is no scheduler: it says to each caller what the list holds."""
    said: list[bytes] = [b""]
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))
        port.listen()
        callers = []

        def answer() -> None:
            while True:
                try:
                    caller, _ = port.accept()
                except OSError:
                    return
                callers.append(caller)
                if said[0]:
                    caller.sendall(said[0])
                    caller.shutdown(socket.SHUT_WR)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield f"tcp://127.0.0.1:{port.getsockname()[1]}", said
        port.shutdown(socket.SHUT_RDWR)
        thread.join()
        for caller in callers:
            caller.close()


def refusal(address: str, out: Path, **options: float) -> str:
    with pytest.raises(InputError) as refused:
        run_ensemble(Toy(5, 1, added=False), out, scheduler=address, **options)  # type: ignore[arg-type]
    message = str(refused.value)
    assert message.startswith("--scheduler: ")
    assert "\n" not in message
    return message


@pytest.mark.parametrize("address", ["127.0.0.1:8786", "http://127.0.0.1:8786", "tcp://127.0.0.1", "tcp://a:99999", ""])
def test_an_address_that_is_none_is_refused_at_once(address: str, tmp_path: Path) -> None:
    assert refusal(address, tmp_path) == (
        f'--scheduler: got "{address}"; allowed: tcp://host:port, as "dask scheduler" prints it, or tls://'
    )


def test_a_scheduler_that_is_not_there_is_named(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{unused.getsockname()[1]}"
    message = refusal(address, tmp_path, patience_s=0.5)
    assert f"no Dask scheduler answers at {address}: Connection refused" in message
    assert 'start one with "dask scheduler"' in message


def test_something_else_that_listens_there_is_told_apart(listener: tuple[str, list[bytes]], tmp_path: Path) -> None:
    address, said = listener
    said[0] = b"HTTP/1.1 400 Bad Request\r\nServer: something else entirely\r\n\r\n"
    assert f"no Dask scheduler answers at {address}: something else listens there" in refusal(address, tmp_path)
    said[0] = b""
    assert "it said nothing for 1 s" in refusal(address, tmp_path, patience_s=1.0)


def test_a_scheduler_without_workers_is_named(tmp_path: Path) -> None:
    with dask_cluster(tmp_path / "dask", 0) as empty:
        message = refusal(empty.address, tmp_path / "out", patience_s=2.0)
        assert message == (
            f'--scheduler: {empty.address} has no worker after 2 s; start some with "dask worker {empty.address}"'
        )


def test_a_worker_or_scheduler_of_another_version_is_named(
    cluster: DaskCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(workers, "dask_versions", lambda: {"dask": "1999.1", "distributed": "1999.1"})
        message = refusal(cluster.address, tmp_path)
    assert message.startswith("--scheduler: the scheduler has dask 20")
    assert message.endswith(", here 1999.1; allowed: the same everywhere, or results could differ")
    other = {**environment(), "code": "0123456789abcdef"}
    monkeypatch.setattr(ensemble, "environment", lambda: other)
    message = refusal(cluster.address, tmp_path / "other")
    assert f"has files of the package {environment()['code']}, here 0123456789abcdef; allowed: the same" in message


def test_a_scheduler_that_goes_away_is_said_and_what_is_finished_kept(tmp_path: Path) -> None:
    toy, out = Toy(60, 1, added=False, pause_s=0.1), tmp_path / "out"
    with dask_cluster(tmp_path / "dask", 1) as doomed:

        def kill() -> None:
            until(lambda: len(finished_runs(out)) > 3)
            assert doomed.scheduler is not None
            doomed.scheduler.kill()

        killer = threading.Thread(target=kill)
        killer.start()
        with pytest.raises(
            InputError, match=r"went away \(.*\); finished chunks are kept, and the same command goes on"
        ):
            run_ensemble(toy, out, scheduler=doomed.address, chunk_runs=1, patience_s=3.0)
        killer.join()
    assert run_ensemble(replace(toy, pause_s=0.0), out).found > 3


def test_the_store_does_not_hold_on_to_its_directory(tmp_path: Path) -> None:
    for _ in range(3):
        with ChunkStore(tmp_path / "out", "0" * 64, 10, {}):
            pass
    assert len(os.listdir(tmp_path / "out")) == 2

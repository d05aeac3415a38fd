"""The engine of ensembles: the same bytes whatever happens on the way, and what it refuses."""

from __future__ import annotations

import errno
import json
import os
import pickle
import random
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from toy_subject import Toy, hits

from equipoise.analysis import chunk_files, chunk_store, ensemble
from equipoise.analysis.chunk_files import read_results
from equipoise.analysis.chunk_store import ChunkStore
from equipoise.analysis.chunk_work import Job, Worked, worked
from equipoise.analysis.ensemble import chunk_size, ensemble_key, run_ensemble
from equipoise.analysis.environment import environment
from equipoise.analysis.subject import checked
from equipoise.analysis.workers import Threads
from equipoise.errors import InputError, OutputError

ADDED = Toy(points=7, runs=60, added=True)
LISTED = Toy(points=9, runs=40, added=False)
SINGLE = Toy(points=50, runs=1, added=False)
TOYS = pytest.mark.parametrize("toy", [ADDED, LISTED, SINGLE], ids=["added", "listed", "one run"])


def result_bytes(directory: Path) -> tuple[bytes, bytes]:
    return (directory / "results.parquet").read_bytes(), (directory / "results.json").read_bytes()


def job_of(toy: Toy) -> Job:
    return Job(pickle.dumps(toy), ensemble_key(toy), dict(environment()), None)


def facts_of(toy: Toy) -> dict[str, Any]:
    return {"about": toy.about, "subject": toy.key, "environment": dict(environment())}


def part_of(toy: Toy, directory: Path, stretches: list[tuple[int, int]]) -> list[Path]:
    """Leave a sweep in which only these stretches are finished; return their files."""
    with ChunkStore(directory, ensemble_key(toy), toy.points * toy.runs, facts_of(toy)) as store:
        for start, stop in stretches:
            store.add(start, stop, worked(job_of(toy), start, stop).columns)
    return sorted((directory / "chunks").iterdir())


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Mapping[Toy, tuple[bytes, bytes]]:
    """The result of each toy, on one thread in one go."""
    made = {}
    for toy in (ADDED, LISTED, SINGLE):
        directory = tmp_path_factory.mktemp("undisturbed") / "out"
        run_ensemble(toy, directory, threads=1)
        made[toy] = result_bytes(directory)
    return made


def test_added_runs_are_what_adding_them_at_once_gives(tmp_path: Path) -> None:
    table = read_results(run_ensemble(ADDED, tmp_path / "out", chunk_runs=13).table)
    run = np.arange(ADDED.runs)
    assert table["point"].tolist() == list(range(ADDED.points))
    assert table["runs"].tolist() == [ADDED.runs] * ADDED.points
    assert table["hits"].tolist() == [int(hits(point, run).sum()) for point in range(ADDED.points)]
    assert table["by_kind"].tolist() == [[20, 20, 20]] * ADDED.points
    assert table["x_m"].tolist() == [point / 8.0 for point in range(ADDED.points)]
    assert table["name"].tolist() == [f"p{point}" for point in range(ADDED.points)]


def test_listed_runs_are_rows_in_order(tmp_path: Path) -> None:
    table = read_results(run_ensemble(LISTED, tmp_path / "out", chunk_runs=13).table)
    assert table["point"].tolist() == [point for point in range(9) for _ in range(40)]
    assert table["run"].tolist() == list(range(40)) * 9
    assert table["value"].tolist() == [0.1 * (point + 1) / (run + 1.0) for point in range(9) for run in range(40)]
    assert table["pair"].shape == (360, 2)
    assert table["even"].dtype == np.bool_
    assert table["word"][41] == "r1"
    assert "run" not in read_results(run_ensemble(SINGLE, tmp_path / "single").table)


@TOYS
@pytest.mark.parametrize(("threads", "chunk"), [(1, 7), (2, 17), (3, 59), (2, 61), (3, 10_000), (2, None)])
def test_any_threads_and_chunks_give_the_same_bytes(
    toy: Toy, threads: int, chunk: int | None, tmp_path: Path, undisturbed: Mapping[Toy, tuple[bytes, bytes]]
) -> None:
    result = run_ensemble(toy, tmp_path, threads=threads, chunk_runs=chunk)
    assert result_bytes(tmp_path) == undisturbed[toy]
    assert (result.found, result.runs, result.damaged) == (0, toy.points * toy.runs, 0)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["results.json", "results.parquet", "sweep.json"]


class Shuffled(Threads):
    """Works out what is on its way in an order of its own."""

    def __init__(self, job: Job, threads: int | None = None) -> None:
        super().__init__(job, threads)
        self.waiting: list[tuple[int, int]] = []
        self.rng = random.Random(7)

    def submit(self, start: int, stop: int) -> None:
        self.waiting.append((start, stop))

    def finished(self, timeout_s: float) -> Worked | None:
        if self.rng.random() < 0.2:
            return None
        return worked(self._job, *self.waiting.pop(self.rng.randrange(len(self.waiting))))


@TOYS
def test_the_order_in_which_chunks_finish_does_not_matter(
    toy: Toy, tmp_path: Path, undisturbed: Mapping[Toy, tuple[bytes, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ensemble, "Threads", Shuffled)
    run_ensemble(toy, tmp_path, threads=8, chunk_runs=7)
    assert result_bytes(tmp_path) == undisturbed[toy]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_plan_and_any_part_that_was_there_gives_the_same_bytes(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory, undisturbed: Mapping[Toy, tuple[bytes, bytes]]
) -> None:
    toy = data.draw(st.sampled_from([ADDED, LISTED, SINGLE]))
    total = toy.points * toy.runs
    edges = sorted(data.draw(st.sets(st.integers(0, total), max_size=8)))
    stretches = list(pairwise(edges))
    there = [one for one in data.draw(st.permutations(stretches)) if data.draw(st.booleans())]
    directory = tmp_path_factory.mktemp("plan") / "out"
    part_of(toy, directory, there)
    result = run_ensemble(
        toy, directory, threads=data.draw(st.integers(1, 3)), chunk_runs=data.draw(st.integers(20, 500))
    )
    assert result.found == sum(stop - start for start, stop in there)
    assert result_bytes(directory) == undisturbed[toy]


def test_the_table_has_the_same_row_groups_whatever_the_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pyarrow import parquet

    monkeypatch.setattr(chunk_files, "ROW_GROUP", 600)
    toy = Toy(points=1500, runs=1, added=True)
    runs = [run_ensemble(toy, tmp_path / str(chunk), chunk_runs=chunk) for chunk in (130, 1300)]
    first, second = (run.table.read_bytes() for run in runs)
    assert first == second
    metadata = parquet.read_metadata(runs[0].table)
    assert [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)] == [600, 600, 300]


def test_a_finished_sweep_is_read_and_not_worked_out_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_ensemble(ADDED, tmp_path, keep_chunks=True)
    before = result_bytes(tmp_path)
    monkeypatch.setattr(ensemble, "Threads", None)
    again = run_ensemble(ADDED, tmp_path, keep_chunks=True)
    assert again.found == again.runs == 420
    assert list((tmp_path / "chunks").iterdir())
    run_ensemble(ADDED, tmp_path)
    assert not (tmp_path / "chunks").exists()
    assert result_bytes(tmp_path) == before


def test_a_damaged_result_is_made_anew(tmp_path: Path) -> None:
    run_ensemble(ADDED, tmp_path)
    before = result_bytes(tmp_path)
    (tmp_path / "results.parquet").write_bytes(before[0][:-1])
    run_ensemble(ADDED, tmp_path)
    assert result_bytes(tmp_path) == before


def flipped(content: bytes) -> bytes:
    return content[:100] + bytes([content[100] ^ 1]) + content[101:]


@pytest.mark.parametrize("damage", [flipped, lambda content: content[:50], lambda _: b""], ids=["bit", "half", "empty"])
def test_a_damaged_chunk_is_worked_out_again_and_no_other(
    damage: Any, tmp_path: Path, undisturbed: Mapping[Toy, tuple[bytes, bytes]]
) -> None:
    log = tmp_path / "log"
    files = part_of(ADDED, tmp_path / "out", [(0, 100), (100, 150), (200, 420)])
    files[1].write_bytes(damage(files[1].read_bytes()))
    result = run_ensemble(replace(ADDED, log=str(log)), tmp_path / "out", chunk_runs=1000, threads=1)
    assert (result.damaged, result.found) == (1, 320)
    assert log.read_text().split() == ["100", "120", "120", "180", "180", "200"]
    assert result_bytes(tmp_path / "out") == undisturbed[ADDED]


def test_a_chunk_damaged_after_it_was_counted_is_found_before_the_result_is_sealed(
    tmp_path: Path, undisturbed: Mapping[Toy, tuple[bytes, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, spoilt = ChunkStore.seal, []

    def seal(self: ChunkStore, *args: Any) -> Any:
        if not spoilt:
            spoilt.append(sorted((tmp_path / "chunks").iterdir())[2])
            spoilt[0].write_bytes(flipped(spoilt[0].read_bytes()))
        return real(self, *args)

    monkeypatch.setattr(ChunkStore, "seal", seal)
    assert run_ensemble(ADDED, tmp_path, chunk_runs=50).damaged == 1
    assert result_bytes(tmp_path) == undisturbed[ADDED]


def test_leftovers_of_a_killed_process_and_overlapping_chunks_count_for_nothing(
    tmp_path: Path, undisturbed: Mapping[Toy, tuple[bytes, bytes]]
) -> None:
    part_of(ADDED, tmp_path, [(0, 100), (50, 180), (180, 200)])
    (tmp_path / "chunks" / ".writing-0000000000000200").write_bytes(b"half a chunk")
    (tmp_path / ".writing-results.parquet").write_bytes(b"half a result")
    (tmp_path / "sweep.json").write_text('{"format": "equipoi')
    assert run_ensemble(ADDED, tmp_path).found == 120
    assert result_bytes(tmp_path) == undisturbed[ADDED]


@pytest.mark.parametrize("after", [1, 4, 9, 14, 17, 19])
def test_a_full_disk_keeps_what_is_finished(
    after: int, tmp_path: Path, undisturbed: Mapping[Toy, tuple[bytes, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = os.fsync, [0]

    def full(descriptor: int) -> None:
        calls[0] += 1
        if calls[0] > after:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(chunk_store.os, "fsync", full)
        with pytest.raises(OutputError, match=r"No space left on device; finished chunks are kept: make room, and"):
            run_ensemble(ADDED, tmp_path, threads=1, chunk_runs=50)
    kept = sorted((tmp_path / "chunks").iterdir()) if (tmp_path / "chunks").exists() else []
    assert all(path.suffix == ".parquet" for path in kept)
    result = run_ensemble(ADDED, tmp_path, threads=1, chunk_runs=50)
    assert result.found == sum(int(path.name[17:33]) - int(path.name[:16]) for path in kept)
    assert result_bytes(tmp_path) == undisturbed[ADDED]


def test_an_interrupt_keeps_what_is_finished(tmp_path: Path) -> None:
    log = tmp_path / "log"

    def interrupted(_text: str, share: float) -> None:
        if share > 0.3:
            raise KeyboardInterrupt

    slow = replace(SINGLE, pause_s=0.005, log=str(log))
    with pytest.raises(KeyboardInterrupt):
        run_ensemble(slow, tmp_path / "out", chunk_runs=2, threads=2, progress=interrupted)
    worked_out = len(log.read_text().splitlines())
    result = run_ensemble(slow, tmp_path / "out", chunk_runs=2)
    assert 16 <= result.found < 50
    assert worked_out - result.found <= 2  # a chunk in each thread was called off half-way
    assert len(log.read_text().splitlines()) == 50 + worked_out - result.found


def test_two_at_once_do_not_write_one_directory(tmp_path: Path) -> None:
    with (
        ChunkStore(tmp_path, ensemble_key(ADDED), 420, {}),
        pytest.raises(OutputError, match="another equipoise is at work in"),
    ):
        run_ensemble(ADDED, tmp_path)
    run_ensemble(ADDED, tmp_path)


def test_a_directory_of_something_else_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("keep me")
    with pytest.raises(OutputError, match=r"holds files that are not a sweep \(thesis.txt\); name a new directory"):
        run_ensemble(ADDED, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
    with pytest.raises(OutputError, match="it exists and is not a directory"):
        run_ensemble(ADDED, tmp_path / "thesis.txt")


def test_another_sweep_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    files = part_of(ADDED, tmp_path, [(0, 100)])
    with pytest.raises(OutputError, match="holds another sweep; give the study and options that it was begun with"):
        run_ensemble(replace(ADDED, runs=61), tmp_path)
    (tmp_path / "sweep.json").unlink()  # then the chunks still say whose they are
    with pytest.raises(OutputError, match="belongs to another sweep; name another directory"):
        run_ensemble(replace(ADDED, runs=61), tmp_path)
    assert files[0].exists()
    assert run_ensemble(ADDED, tmp_path).found == 100


def test_a_sweep_begun_with_other_versions_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part_of(ADDED, tmp_path, [(0, 100)])
    other = {**environment(), "numpy": "1.0.0"}
    monkeypatch.setattr(ensemble, "environment", lambda: other)
    with pytest.raises(OutputError, match=r"the same sweep made with numpy [\d.]+, here 1.0.0; go on with what it was"):
        run_ensemble(ADDED, tmp_path)


def test_a_sweep_begun_on_a_processor_that_rounds_otherwise_is_refused(tmp_path: Path) -> None:
    run_ensemble(ADDED, tmp_path, keep_chunks=True)
    plan = json.loads((tmp_path / "sweep.json").read_text())
    (tmp_path / "sweep.json").write_text(json.dumps({**plan, "arithmetic": {"processor": "z80", "c library": "none"}}))
    (tmp_path / "results.json").unlink()
    next(iter((tmp_path / "chunks").iterdir())).unlink()
    with pytest.raises(InputError, match=r"processor .*begun with z80: last digits could differ"):
        run_ensemble(ADDED, tmp_path)


def test_a_worker_of_other_versions_refuses_its_task() -> None:
    other = replace(job_of(ADDED), environment={**environment(), "numba": "0.1"})
    assert worked(other, 0, 1).refusal == f"a worker has numba {environment()['numba']}, here 0.1"


def test_a_point_that_is_refused_ends_the_sweep_with_its_own_words(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^toy: point 30 is refused$"):
        run_ensemble(replace(SINGLE, refused=30), tmp_path, chunk_runs=5, threads=1)
    assert run_ensemble(SINGLE, tmp_path).found >= 25


def test_nothing_to_do_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="allowed: at least one run"):
        run_ensemble(Toy(0, 5, added=True), tmp_path)


@pytest.mark.parametrize(
    ("values", "added", "message"),
    [
        (np.float64(0.5), True, "must hold whole numbers; got float64"),
        (np.zeros((2, 2, 2), dtype=int), True, "at most a list per row"),
        (np.zeros(3), False, "must have a row for each of 5 runs"),
        (np.array([None] * 5), False, "must hold numbers or text"),
    ],
)
def test_what_could_not_be_put_together_exactly_is_refused(values: Any, added: bool, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        checked({"x": values}, added=added, runs=5)


@pytest.mark.parametrize(
    ("run_s", "remaining", "threads", "size"),
    [
        (0.01, 10**6, 4, 100),  # a second of work
        (0.25, 30, 2, 4),
        (0.25, 8, 2, 1),  # few are left: every thread gets some
        (1e-3, 400, 100, 125),  # but never shorter than an eighth of a second
        (0.1, 10**6, 100, 50),  # five seconds, or one client would have to write too often
        (30.0, 1000, 2, 1),
    ],
)
def test_a_chunk_takes_about_a_second(run_s: float, remaining: int, threads: int, size: int) -> None:
    assert chunk_size(Toy(1, remaining, added=True), run_s, remaining, threads) == size


def test_chunks_are_few_enough_to_be_listed_and_small_enough_to_be_held() -> None:
    assert chunk_size(Toy(1, 10**9, added=True), 0.01, 10**9, 2) == 50_000
    assert chunk_size(Toy(10**8, 1, added=False), 1e-6, 10**8, 2) == 100_000


def test_the_first_chunks_are_timed_to_find_the_size(tmp_path: Path) -> None:
    result = run_ensemble(Toy(1, 2000, added=True, pause_s=0.001), tmp_path, threads=2)
    # A second of work is 1000 runs less what sleeping longer than asked costs; an eighth of the rest is about 180.
    assert 100 <= (result.chunk_runs or 0) <= 250


def test_the_last_chunks_are_smaller_so_that_no_thread_waits_for_long() -> None:
    pieces = list(ensemble._tapered([(0, 300), (500, 1000)], 40, lambda: 2))
    sizes = [stop - start for start, stop in pieces]
    assert sum(sizes) == 800
    assert [start for start, _ in pieces[1:]] == [stop if stop != 300 else 500 for _, stop in pieces[:-1]]
    assert sizes[:7] == [40] * 7
    assert max(sizes[-8:]) <= 10
    assert min(sizes[:-1]) >= 5


def test_progress_says_how_much_is_done_and_what_is_left(tmp_path: Path) -> None:
    said: list[tuple[str, float]] = []
    run_ensemble(
        replace(SINGLE, pause_s=0.002), tmp_path, chunk_runs=5, progress=lambda text, share: said.append((text, share))
    )
    assert said[0] == ("0 of 50 points", 0.0)
    assert [share for _, share in said] == sorted(share for _, share in said)
    assert said[-2] == ("50 of 50 points, 0 s left", 1.0)
    assert any(text.endswith("1 s left") for text, _ in said)


MEMORY = """
import resource, sys
from toy_subject import Toy
from equipoise.analysis.ensemble import run_ensemble
for points, place in ((100, "warm"), (100, "warmer"), (int(sys.argv[1]), "out")):
    run_ensemble(Toy(points, 1000, added=False), sys.argv[2] + "/" + place, chunk_runs=20_000, threads=2)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def test_memory_stays_flat_as_runs_grow_a_hundredfold(tmp_path: Path) -> None:
    from_here = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    peaks_mb, sizes_mb = [], []
    for points in (10, 1000):
        place = tmp_path / str(points)
        command = [sys.executable, "-c", MEMORY, str(points), str(place)]
        run = subprocess.run(command, capture_output=True, text=True, check=True, env=from_here)
        peaks_mb.append(int(run.stdout))
        sizes_mb.append(sum(v.nbytes for v in read_results(place / "out" / "results.parquet").values()) / 2**20)
    assert sizes_mb[1] > 75.0
    # Both processes fill row groups twice before; what comes on top would be 75 MB if the rows were held.
    assert peaks_mb[1] - peaks_mb[0] < 30, (peaks_mb, sizes_mb)


def test_threads_of_a_sweep_do_not_share_out_their_work_again() -> None:
    from equipoise._jit import one_thread, run_in_chunks, thread_count

    names = set()
    with one_thread():
        assert thread_count() == 1
        run_in_chunks(lambda _start, _stop: names.add(threading.current_thread().name), 1000)
    assert names == {threading.current_thread().name}

"""A raid swept on two worker processes, one of which is killed: the same bytes as in this process."""

from __future__ import annotations

import threading
from pathlib import Path

from dask_cluster import dask_cluster

from equipoise.analysis import run_ensemble, sweep_of
from equipoise.study import load_raid_study

RUNS = 100_000


def test_a_worker_killed_in_mid_run_changes_no_byte(tmp_path: Path) -> None:
    sweep = sweep_of(load_raid_study("seongju-raid"), ["thaad.battery.commit_delay=5,30"], runs=RUNS, seed=3)
    alone = run_ensemble(sweep, tmp_path / "alone")
    killed = threading.Event()
    with dask_cluster(tmp_path / "cluster", 2) as cluster:

        def tell(_words: str, share: float) -> None:
            if share > 0.0 and not killed.is_set():
                killed.set()
                cluster.workers[0].kill()

        together = run_ensemble(
            sweep, tmp_path / "together", scheduler=cluster.address, chunk_runs=RUNS // 10, progress=tell
        )
    assert killed.is_set()
    assert together.table.read_bytes() == alone.table.read_bytes()

"""A sensitivity analysis as a run directory: the indices as JSON, the figure, the study and the manifest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from equipoise.analysis.sensitivities import sensitivity_of, summary_of
from equipoise.present.exports import write
from equipoise.present.figure_files import write_figures
from equipoise.present.run import STUDY_COPY, record_digest, records_of
from equipoise.present.run_directory import run_directory, seal
from equipoise.present.sensitivity_words import sensitivity_figure
from equipoise.study import study_ids

if TYPE_CHECKING:
    from equipoise.analysis.footprint import Progress
    from equipoise.analysis.raid_sensitivity import RaidSensitivity
    from equipoise.analysis.sensitivity import Sensitivity
    from equipoise.study import AnyStudy

JSON_FILE = "sensitivity.json"


def write_sensitivity(
    study: AnyStudy,
    given: str,
    target: Path,
    *,
    samples: int | None,
    seed: int | None,
    progress: Progress | None = None,
) -> Sensitivity | RaidSensitivity:
    """Work out a study's Sobol indices and write their directory.

    Parameters
    ----------
    study : Study or RaidStudy
        The study.
    given : str
        How it was named: an id or a path.
    target : Path
        Where the run belongs; see :func:`equipoise.present.run_directory.run_directory`.
    samples : int, optional
        Base points, a power of two; by default what its kind of study needs.
    seed : int, optional
        By default the study's own.
    progress : callable, optional
        Called with what is being done and the share that is done.

    Returns
    -------
    Sensitivity or RaidSensitivity
        The indices.

    Raises
    ------
    InputError
        If ``samples`` is not allowed.
    OutputError
        If the directory cannot be written, before anything is computed.
    """
    with run_directory(target) as directory:
        found = sensitivity_of(study, samples=samples, seed=seed, progress=progress)
        named = given if given in study_ids() else STUDY_COPY
        sample = f"--samples {found.indices.samples} --seed {found.indices.seed}"
        command = f"equipoise sensitivity {named} {sample} --out sensitivity"
        text = json.dumps(summary_of(found), indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
        write(directory / JSON_FILE, text + "\n")
        write_figures(directory, [sensitivity_figure(found, command)])
        write(directory / STUDY_COPY, study.text)
        seal(
            directory,
            command=command,
            study={"id": study.id, "sha256": study.sha256},
            catalogue={name: record_digest(record) for name, record in sorted(records_of(study).items())},
            seed=found.indices.seed,
        )
    return found

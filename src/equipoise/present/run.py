"""A study run into its directory: results, everything that a reader gets, and the manifest that seals them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from equipoise.analysis import run_network, run_raid, run_study
from equipoise.catalog import AnyRecord
from equipoise.catalog.yaml_reader import read_text
from equipoise.debate import StudyRuns, load_debate, weigh
from equipoise.debate.reading import BUNDLED, DEBATE
from equipoise.present.dossier import publish_dossier
from equipoise.present.network_page import network_records, publish_network
from equipoise.present.publish import publish
from equipoise.present.raid_page import publish_raid, raid_records
from equipoise.present.run_directory import digest, run_directory, seal
from equipoise.study import AnyStudy, NetworkStudy, RaidStudy, study_ids

STUDY_COPY = "study.yaml"
LEDGER_COPY = "debate.yaml"


def record_digest(record: AnyRecord) -> str:
    """Return the SHA-256 of everything that a catalogue record says, whatever file it came from."""
    return digest(json.dumps(record.model_dump(), sort_keys=True).encode())


def records_of(study: AnyStudy) -> dict[str, AnyRecord]:
    """Return every catalogue record that a study uses, by kind and id."""
    if isinstance(study, NetworkStudy):
        return {f"{record.kind}/{record.id}": record for record in network_records(study)}
    if isinstance(study, RaidStudy):
        return {f"{record.kind}/{record.id}": record for record in raid_records(study)}
    defence = study.defence
    used: list[AnyRecord] = [defence.battery, defence.launcher, defence.interceptor, defence.radar, defence.site]
    for threat in study.threats:
        used += [threat.missile, *threat.launch_areas]
    used += study.places
    return {f"{record.kind}/{record.id}": record for record in used}


def run_command(given: str) -> str:
    """Return the command that makes the run again; a user's own study is the copy that lies in the run.

    Parameters
    ----------
    given : str
        What was typed: a bundled id or a path.
    """
    return f"equipoise run {given if given in study_ids() else STUDY_COPY}"


def write_run(study: AnyStudy, given: str, target: Path, progress: Callable[[str, float], None]) -> Path:
    """Run a study and write its directory.

    Parameters
    ----------
    study : Study, NetworkStudy or RaidStudy
        From :func:`equipoise.study.load_any_study`.
    given : str
        How it was named: an id or a path.
    target : Path
        Where the run belongs; see :func:`equipoise.present.run_directory.run_directory`.
    progress : callable
        Called with what is being done and the share of it that is done.

    Returns
    -------
    Path
        The report.

    Raises
    ------
    OutputError
        If the directory cannot be written, before anything is computed.
    """
    with run_directory(target) as directory:
        command = run_command(given)

        def tell(words: str) -> None:
            progress(f"writing the {words}", 1.0)

        if isinstance(study, NetworkStudy):
            publish_network(run_network(study, progress), directory, tell, command=command)
        elif isinstance(study, RaidStudy):
            publish_raid(run_raid(study, sensitivity=True, progress=progress), directory, tell, command=command)
        else:
            publish(run_study(study, progress), directory, tell, command=command)
        (directory / STUDY_COPY).write_text(study.text, encoding="utf-8")
        seal(
            directory,
            command=command,
            study={"id": study.id, "sha256": study.sha256},
            catalogue={name: record_digest(record) for name, record in sorted(records_of(study).items())},
            seed=_seed_of(study),
        )
    return target / "report.html"


def write_dossier(given: str, target: Path, progress: Callable[[str, float], None]) -> Path:
    """Weigh a ledger of claims and write its dossier.

    Parameters
    ----------
    given : str
        ``debate`` for the bundled ledger, or the path of a file of claims.
    target : Path
        Where the run belongs.
    progress : callable
        Called with what is being done and the share of it that is done.

    Returns
    -------
    Path
        The dossier.

    Raises
    ------
    OutputError
        If the directory cannot be written, before anything is computed.
    """
    bundled = given == DEBATE
    path = BUNDLED if bundled else Path(given)
    text = read_text(path, given)
    debate = load_debate(None if bundled else path)
    runs = StudyRuns(progress)
    with run_directory(target) as directory:
        command = f"equipoise run {DEBATE if bundled else LEDGER_COPY}"

        def tell(words: str) -> None:
            progress(f"writing the {words}", 1.0)

        weighed = weigh(debate, runs)
        sha256 = digest(text.encode())
        publish_dossier(debate, weighed, runs, directory, tell, command=command, sha256=sha256)
        (directory / LEDGER_COPY).write_text(text, encoding="utf-8")
        used: dict[str, AnyRecord] = {}
        for id in {test.study for claim in debate.claims for test in claim.tests}:
            used |= records_of(runs.study(id))
        seal(
            directory,
            command=command,
            study={"id": debate.id, "sha256": sha256},
            catalogue={name: record_digest(record) for name, record in sorted(used.items())},
            seed=None,
        )
    return target / "report.html"


def _seed_of(study: AnyStudy) -> int | None:
    """Return the seed of a study's draws; a network study has one for its balance alone."""
    if isinstance(study, NetworkStudy):
        return None if study.balance is None else study.balance.seed
    return study.chance.seed if isinstance(study, RaidStudy) else study.uncertainty.seed

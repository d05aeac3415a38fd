"""From a file to a study: which kind it is, what it holds, and every complaint with file and field."""

from __future__ import annotations

import re
from pathlib import Path

from equipoise.catalog.library import Catalog, load_catalog
from equipoise.catalog.validation import validate
from equipoise.catalog.wording import one_line, shown
from equipoise.catalog.yaml_reader import parse_yaml, read_text
from equipoise.errors import FileFormatError, UnknownIdError
from equipoise.study.file import StudyFile
from equipoise.study.model import Study
from equipoise.study.network_file import NetworkStudyFile
from equipoise.study.network_model import NetworkStudy
from equipoise.study.network_reading import NetworkResolver
from equipoise.study.raid_file import RaidStudyFile
from equipoise.study.raid_model import RaidStudy
from equipoise.study.raid_reading import RaidResolver
from equipoise.study.resolving import Resolver

STUDIES = Path(__file__).parent.parent / "studies"
STUDY_KINDS = ("footprint", "network", "raid")
AnyStudy = Study | NetworkStudy | RaidStudy


def study_ids() -> tuple[str, ...]:
    """Return the ids of the bundled studies."""
    return tuple(sorted(path.stem for path in STUDIES.glob("*.yaml")))


def load_any_study(id_or_path: str | Path, catalog: Catalog | None = None) -> AnyStudy:
    """Read a study of any kind.

    Parameters
    ----------
    id_or_path : str or Path
        Id of a bundled study, or the path of a YAML file; its ``kind`` is ``footprint`` if it gives none.
    catalog : Catalog, optional
        The bundled catalogue by default.

    Raises
    ------
    UnknownIdError
        If there is no such study, or it names a record that does not exist; the message suggests the nearest.
    FileFormatError
        If the file is no study, or it asks for a missile that is not ballistic.
    """
    given = str(id_or_path)
    if given in study_ids():
        path, name = STUDIES / f"{given}.yaml", f"{given}.yaml"
    else:
        path, name = Path(id_or_path), one_line(given)
        if re.fullmatch(r"[\w-]{1,80}", given) and not path.exists():
            raise UnknownIdError.of("study", given, study_ids())
    return study_from_text(read_text(path, name), name, path, catalog)


def study_from_text(text: str, name: str, path: Path, catalog: Catalog | None = None) -> AnyStudy:
    """Read a study of any kind from the text of its file, as it travels to another machine.

    Parameters
    ----------
    text : str
        The content of the file.
    name : str
        What messages call the file.
    path : Path
        Where it came from; it is not read.
    catalog : Catalog, optional
        The bundled catalogue by default.

    Raises
    ------
    UnknownIdError, FileFormatError
        As :func:`load_any_study` does.
    """
    content = parse_yaml(text, name)
    known = load_catalog() if catalog is None else catalog
    kind = content.get("kind", "footprint")
    if kind not in STUDY_KINDS:
        raise FileFormatError(f"{name}, kind: got {shown(kind)}; allowed: {', '.join(STUDY_KINDS)}")
    if kind == "network":
        return NetworkResolver(name, known).network_study(validate(NetworkStudyFile, content, name), path, text)
    if kind == "raid":
        return RaidResolver(name, known).raid_study(validate(RaidStudyFile, content, name), path, text)
    return Resolver(name, known).study(validate(StudyFile, content, name), path, text)


def load_study(id_or_path: str | Path, catalog: Catalog | None = None) -> Study:
    """Read a footprint study.

    Parameters and errors are those of :func:`load_any_study`; a study of another kind is refused.
    """
    study = load_any_study(id_or_path, catalog)
    if not isinstance(study, Study):
        raise _other_kind(study, "footprint")
    return study


def load_network_study(id_or_path: str | Path, catalog: Catalog | None = None) -> NetworkStudy:
    """Read a network study.

    Parameters and errors are those of :func:`load_any_study`; a study of another kind is refused.
    """
    study = load_any_study(id_or_path, catalog)
    if not isinstance(study, NetworkStudy):
        raise _other_kind(study, "network")
    return study


def load_raid_study(id_or_path: str | Path, catalog: Catalog | None = None) -> RaidStudy:
    """Read a raid study.

    Parameters and errors are those of :func:`load_any_study`; a study of another kind is refused.
    """
    study = load_any_study(id_or_path, catalog)
    if not isinstance(study, RaidStudy):
        raise _other_kind(study, "raid")
    return study


def study_kind(study: AnyStudy) -> str:
    """Return the kind of a study, as its file names it."""
    if isinstance(study, RaidStudy):
        return "raid"
    return "network" if isinstance(study, NetworkStudy) else "footprint"


def _other_kind(study: AnyStudy, allowed: str) -> FileFormatError:
    got = study_kind(study)
    return FileFormatError(f"study {study.id}, kind: got {got}; allowed: {allowed} (equipoise run takes every kind)")

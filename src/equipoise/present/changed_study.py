"""A changed study as the text of a file of its own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import yaml

from equipoise.analysis.footprint_panel import footprint_panel
from equipoise.analysis.raid_panel import raid_panel
from equipoise.analysis.varied import Varied, read_varied
from equipoise.analysis.what_if import WhatIf, changed
from equipoise.catalog.positions import PlaceRecord
from equipoise.catalog.yaml_reader import parse_yaml
from equipoise.errors import InputError
from equipoise.study.model import ExampleEngagement, Study
from equipoise.study.raid_model import RaidStudy

_WIDTH = 110


def changed_study_text(study: Study, change: WhatIf, example: ExampleEngagement | None = None) -> str:
    """Return the file of a study with something changed.

    Parameters
    ----------
    study : Study
        As its file has it.
    change : WhatIf
        What is changed.
    example : ExampleEngagement, optional
        The engagement that is drawn; that of the changed study by default.

    Returns
    -------
    str
        A study file that runs as :func:`equipoise.analysis.what_if.changed` would. Where a number takes the place of
        the catalogue's, it has no range, so uncertainty runs hold it still. What others have published about the study
        is left out: it was not about this one. The study's own text if nothing is changed.

    Raises
    ------
    InputError
        As :func:`equipoise.analysis.what_if.changed` does.
    """
    after = changed(study, change)
    example = after.engagement if example is None else example
    if change == WhatIf() and example == study.engagement:
        return study.text
    content = parse_yaml(study.text, study.path.name)
    defence: dict[str, Any] = content["defence"]
    if after.defence.site != study.defence.site:
        defence["site"] = _place(after.defence.site)
    numbers: dict[str, Any] = content.pop("numbers", {})
    for one in read_varied(footprint_panel(study), change.numbers):
        whole, _, field = one.key.partition(".")
        if whole == "study":
            defence[field] = _value(one)
        else:
            numbers[one.key] = _value(one)
    content["threats"] = [
        {**threat, "launch_areas": [area.id for area in kept.launch_areas]}
        for threat in content["threats"]
        for kept in after.threats
        if (kept.missile.id, kept.trajectory) == (threat["missile"], threat.get("trajectory", "cut-off"))
    ]
    target = example.target
    content["engagement"] = {
        "missile": example.missile.id,
        "launch_area": example.launch_area.id,
        "target": target.id if target in study.places else _place(target),
    }
    content.pop("published", None)
    if numbers:
        content["numbers"] = numbers
    return _written(
        study,
        content,
        "What others have published about that study is left out: it was not about this one.",
        "Numbers given here have no range: uncertainty runs hold them still.",
    )


def changed_raid_text(study: RaidStudy, volleys: Sequence[int], numbers: Sequence[str] = ()) -> str:
    """Return the file of a raid study with another doctrine for every layer, and other numbers.

    Parameters
    ----------
    study : RaidStudy
        As its file has it.
    volleys : sequence of int
        Shots of each volley at each missile; the study's own doctrine if empty.
    numbers : sequence of str
        ``key=value`` with the keys of ``equipoise sweep --vary``; those that a raid study's file has a field for.

    Returns
    -------
    str
        A study file that runs as :func:`equipoise.analysis.raid.with_doctrine` would, with these numbers. The study's
        own text if nothing is changed.

    Raises
    ------
    InputError
        If a number is not allowed, or the file has no field for it.
    """
    varied = read_varied(raid_panel(study), numbers)
    if not volleys and not varied:
        return study.text
    content = parse_yaml(study.text, study.path.name)
    layers = {layer["id"]: layer for layer in content["layers"]}
    if volleys:
        for layer in layers.values():
            layer["doctrine"] = [{"volleys": list(volleys)}]
    for one in varied:
        owner, _, key = one.key.partition(".")
        field = _LAYER_FIELDS.get(key) if owner in layers else key if owner == "common_mode" else None
        if field is None:
            allowed = ", ".join((*(f"LAYER.{name}" for name in _LAYER_FIELDS), "common_mode.*"))
            raise InputError(f"numbers: {one.key} has no field in a raid study's file; allowed: {allowed}")
        of = layers[owner] if owner in layers else content.setdefault("common_mode", {})
        of[field] = _value(one) if field in ("radar_range", "boresight") else one.si[0]
    return _written(study, content)


# Numbers of a layer that have a field of their own, by their keys.
_LAYER_FIELDS = {
    "radar_range": "radar_range",
    "boresight": "boresight",
    "interceptor.kill_probability": "kill_probability",
}


def _value(one: Varied) -> str:
    """Return the one value of a key as a file writes it."""
    value = one.values[0]
    if isinstance(value, str):
        return value
    return f"{value:.12g}" if one.unit == "1" else f"{value:.12g} {one.unit}"


def _written(study: Study | RaidStudy, content: dict[str, Any], *remarks: str) -> str:
    content["id"] = f"{study.id[:56]}-changed"
    content["title"] = f"{study.title}, changed"
    head = f"Made from the study {study.id} (SHA-256 {study.sha256[:12]}) with changes."
    comments = "".join(f"# {line}\n" for line in (head, *remarks))
    return comments + yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=_WIDTH)


def _place(place: PlaceRecord) -> dict[str, str]:
    written = {"name": place.name, "country": place.country}
    for name, angle_rad in (("latitude", place.lat_rad), ("longitude", place.lon_rad)):
        written[name] = f"{math.degrees(angle_rad):.2f} deg"
    return written

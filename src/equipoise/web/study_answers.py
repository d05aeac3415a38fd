"""What a bundled study holds, for the page's panels: classes, launch areas, places, and the numbers that may move."""

from __future__ import annotations

import math
from typing import Any

from equipoise.analysis.footprint_panel import footprint_panel
from equipoise.analysis.raid_panel import raid_panel
from equipoise.catalog.positions import LaunchAreaRecord, PlaceRecord
from equipoise.catalog.radars import HARDWARE, RadarRecord
from equipoise.study import AnyStudy, NetworkStudy, RaidStudy, Study


def study_answer(study: AnyStudy, kind: str) -> dict[str, Any]:
    """Return a study for JSON: what every kind has, what its own kind has, and the text of its file."""
    answer: dict[str, Any] = {
        "id": study.id,
        "kind": kind,
        "title": study.title,
        "summary": study.summary,
        "sha256": study.sha256,
        "text": study.text,
    }
    if isinstance(study, NetworkStudy):
        return answer
    if isinstance(study, RaidStudy):
        return answer | {
            "missiles": study.missiles,
            "sizes": list(study.questions.sizes),
            "layers": [
                {
                    "id": layer.id,
                    "name": f"{layer.interceptor.name}, {layer.site.name}",
                    "rounds": layer.rounds,
                    "kill_probability": layer.interceptor.kill_probability.value,
                }
                for layer in study.layers
            ],
            "keys": list(raid_panel(study).knobs),
        }
    return answer | _footprint(study)


def _footprint(study: Study) -> dict[str, Any]:
    defence = study.defence
    return {
        "country": study.country,
        "site": _position(defence.site),
        "boresight_deg": round(math.degrees(defence.boresight_rad), 3),
        "track_until": defence.track_until,
        "radar": defence.radar.name,
        "radar_range": defence.radar_range,
        "radar_ranges": [
            {"id": name, "title": _range_title(defence.radar, name)}
            for name in (*study.radar_ranges, HARDWARE)
            if name in defence.radar.range_names
        ],
        "rounds": defence.rounds,
        "example": {
            "missile": study.engagement.missile.id,
            "launch_area": study.engagement.launch_area.id,
            "target": study.engagement.target.id,
        },
        "threats": [
            {
                "missile": threat.missile.id,
                "name": threat.missile.name,
                "trajectory": threat.trajectory,
                "launch_areas": [_position(area) for area in threat.launch_areas],
            }
            for threat in study.threats
        ],
        "places": [_position(place) for place in study.places],
        "keys": [
            {"key": knob.key, "unit": knob.unit, "choices": list(knob.names)}
            for knob in footprint_panel(study).knobs.values()
        ],
    }


def _range_title(radar: RadarRecord, name: str) -> str:
    found = next((one for one in radar.ranges if one.name == name), None)
    return "the range equation" if found is None else found.label


def _position(record: PlaceRecord | LaunchAreaRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "name": record.name,
        "country": record.country,
        "lat_deg": round(math.degrees(record.lat_rad), 4),
        "lon_deg": round(math.degrees(record.lon_rad), 4),
    }

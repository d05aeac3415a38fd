"""Short names for the sensors, elements and arcs of a network study, and letters for what hides an arc."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from equipoise.sensors import visibility_kernels as vk
from equipoise.sensors.radar import REASON_WORDS

if TYPE_CHECKING:
    from equipoise.analysis.arcs import ArcCase
    from equipoise.catalog.records import MissileRecord
    from equipoise.study.network_model import NetworkStudy, SensorPlacement

LETTERS = {
    vk.HORIZON: "H",
    vk.ELEVATION_FLOOR: "E",
    vk.TERRAIN_MASK: "T",
    vk.FIELD_OF_VIEW: "F",
    vk.DETECTION_RANGE: "R",
}
LETTERS_WORDS = ", ".join(f"{letter} {REASON_WORDS[code]}" for code, letter in LETTERS.items())

_VOWELS = frozenset("aeiouy")


def short_name(id: str) -> str:
    """Turn an id into a name: ``cobra-dane`` is Cobra Dane; a word without a vowel, ``sbx``, is an acronym."""
    words = id.split("-")
    return " ".join(word.capitalize() if _VOWELS & set(word.lower()) else word.upper() for word in words)


def sensor_name(sensor: SensorPlacement) -> str:
    """Name a sensor by its id, spelt as in its site's name where that has the word: ``kurecik`` is Kürecik."""
    spelt = {_plain(word): word for word in sensor.name.replace(",", " ").split()}
    return " ".join(spelt.get(word.lower(), word) for word in short_name(sensor.id).split())


def _plain(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c)).lower()


def place_name(name: str) -> str:
    """Leave out what a place's name adds in brackets."""
    return name.split(" (")[0]


def element_name(study: NetworkStudy, id: str) -> str:
    """Name a sensor, the launch warning or a link of a study."""
    network = study.network
    if network is not None and network.warning is not None and network.warning.id == id:
        return "launch warning"
    if network is not None and any(link.id == id for link in network.links):
        return "link: " + id.replace("-", " ")
    sensors = {sensor.id: sensor for sensor in study.sensors}
    return sensor_name(sensors[id]) if id in sensors else short_name(id)


def missile_name(missile: MissileRecord, trajectory: str) -> str:
    """Name a missile; how it is flown is said where it is not the ordinary way."""
    return missile.name if trajectory == "cut-off" else f"{missile.name} ({trajectory})"


def arc_name(case: ArcCase) -> str:
    """Name an arc: missile, launch area and target."""
    missile = missile_name(case.missile, case.trajectory)
    return f"{missile}, {place_name(case.launch_area.name)} to {place_name(case.target.name)}"

"""A replay as Tacview's ACMI 2.2: text, one line for each object that moves, frame by frame."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from equipoise.analysis.replay import Replay, Track
from equipoise.arrays import FloatArray
from equipoise.present.replay_shapes import EPOCH, KIND_WORDS, degrees_metres, spot_degrees, story_of

# Tacview's types, https://www.tacview.net/documentation/acmi/en/
_TYPES = {
    "missile": "Weapon+Missile",
    "interceptor": "Weapon+Missile",
    "battery": "Ground+Static+AntiAircraft",
    "sensor": "Ground+Static+Sensor",
    "launch_area": "Navaid+Static+Waypoint",
    "target": "Navaid+Static+Waypoint",
}
_COLOURS = {
    "missile": "Orange",
    "interceptor": "Blue",
    "battery": "Blue",
    "sensor": "Green",
    "launch_area": "Orange",
    "target": "Cyan",
}
# Frames are this far apart. [s]
FRAME_S = 1.0


def replay_acmi(replay: Replay) -> str:
    """Write a replay as a Tacview recording.

    Parameters
    ----------
    replay : Replay
        What moves and stands.

    Returns
    -------
    str
        ACMI 2.2: spots, then a frame a second with the position of each track that is under way, and its removal when
        it ends. Areas and radar volumes have no counterpart there and are left out.
    """
    start = EPOCH.isoformat(timespec="seconds").replace("+00:00", "Z")
    lines = [
        "FileType=text/acmi/tacview",
        "FileVersion=2.2",
        f"0,ReferenceTime={start}",
        f"0,RecordingTime={start}",
        f"0,Title={_plain(replay.title)}",
        "0,DataSource=Equipoise",
        f"0,Comments={_plain(' '.join(replay.notes))}",
    ]
    for number, spot in enumerate(replay.spots, start=1):
        lon, lat = spot_degrees(spot)
        lines.append(
            f"{number:x},T={lon}|{lat}|0,Type={_TYPES[spot.kind]},Name={_plain(spot.name)},"
            f"Color={_COLOURS[spot.kind]},Country={spot.country.lower()[:2] or 'xx'}"
        )
    first = len(replay.spots) + 1
    events = sorted(
        event for number, track in enumerate(replay.tracks, start=first) for event in _events(replay, number, track)
    )
    at_s = -1.0
    for time_s, _, line in events:
        if time_s != at_s:
            lines.append(f"#{time_s:.3f}")
            at_s = time_s
        lines.append(line)
    return "\n".join(lines) + "\n"


def _events(replay: Replay, number: int, track: Track) -> Iterator[tuple[float, int, str]]:
    """Yield a track's lines with their time and the object's number."""
    points = degrees_metres(track)
    start_s, end_s = round(float(track.time_s[0]), 3), round(float(track.time_s[-1]), 3)
    ticks = np.arange(np.floor(start_s / FRAME_S) + 1.0, np.ceil(end_s / FRAME_S)) * FRAME_S
    for n, time_s in enumerate((start_s, *ticks.tolist(), end_s)):
        lon, lat, height = _at(track.time_s, points, time_s)
        line = f"{number:x},T={lon:.6f}|{lat:.6f}|{height:.0f}"
        if n == 0:
            about = _plain("; ".join(story_of(replay, track)))
            line += f",Type={_TYPES[track.kind]},Name={_plain(track.name)},Color={_COLOURS[track.kind]}"
            line += f",Group={KIND_WORDS[track.kind]},ShortName={_plain(track.name.partition(',')[0])},Label={about}"
        yield time_s, number, line
    yield end_s, number, f"-{number:x}"


def _at(times_s: FloatArray, points: FloatArray, time_s: float) -> tuple[float, float, float]:
    """Interpolate a track; longitudes the short way round."""
    lon = np.degrees(np.unwrap(np.radians(points[:, 0])))
    found = [float(np.interp(time_s, times_s, column)) for column in (lon, points[:, 1], points[:, 2])]
    return (found[0] + 180.0) % 360.0 - 180.0, found[1], found[2]


def _plain(words: str) -> str:
    """Escape what ends a property."""
    return " ".join(words.split()).replace("\\", "/").replace(",", "\\,")

"""A replay as CZML, for Cesium: what stands, what radars look over, footprints, and everything that flies, in time."""

from __future__ import annotations

import json
from collections.abc import Sequence

import shapely
from czml3 import (
    CZML_VERSION,
    Clock,
    Color,
    Document,
    IntervalValue,
    Label,
    Material,
    Packet,
    Path,
    Point,
    Polygon,
    Polyline,
    PolylineMaterial,
    Position,
    PositionList,
    SolidColorMaterial,
    TimeInterval,
)
from czml3.enums import ClockRanges, ClockSteps, InterpolationAlgorithms, LabelStyles
from czml3.properties import ArcType, PositionListOfLists
from czml3.types import Cartesian2Value
from shapely.geometry import LinearRing

from equipoise.analysis.replay import Replay, Spot, Track, Volume
from equipoise.present.replay_shapes import (
    COLOURS,
    Area,
    degrees_metres,
    iso,
    spot_degrees,
    story_of,
    volume_edges,
)

# A replay of half an hour is shown in half a minute.
_SPEED = 60.0


def replay_czml(replay: Replay, areas: Sequence[Area]) -> str:
    """Write a replay as CZML.

    Parameters
    ----------
    replay : Replay
        What moves and stands.
    areas : sequence of Area
        Footprints, drawn on the ground.

    Returns
    -------
    str
        A JSON array of packets: the clock, a point for each spot, polylines for the edges of each radar's volume,
        polygons, and for each track its position in time with its path. Interpolated by third-order polynomials.
    """
    packets = [
        Packet(
            id="document",
            name=replay.title,
            version=CZML_VERSION,
            description=" ".join(replay.notes),
            clock=IntervalValue(
                start=iso(0.0),
                end=iso(replay.end_s),
                value=Clock(
                    currentTime=iso(0.0),
                    multiplier=_SPEED,
                    range=ClockRanges.LOOP_STOP,
                    step=ClockSteps.SYSTEM_CLOCK_MULTIPLIER,
                ),
            ),
        ),
        *(_spot(spot) for spot in replay.spots),
    ]
    for volume in replay.volumes:
        packets += _volume(replay, volume)
    for area in areas:
        packets += _area(area)
    packets += [_track(replay, track) for track in replay.tracks]
    document = json.loads(Document(packets=packets).dumps())
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def _colour(kind: str, alpha: int = 255) -> Color:
    hexadecimal = COLOURS[kind].removeprefix("#")
    return Color(rgba=[*bytes.fromhex(hexadecimal), alpha])


def _spot(spot: Spot) -> Packet:
    return Packet(
        id=f"{spot.kind}/{spot.id}",
        name=spot.name,
        position=Position(cartographicDegrees=[*spot_degrees(spot), 0.0]),
        point=Point(pixelSize=9.0 if spot.kind == "battery" else 6.0, color=_colour(spot.kind)),
        label=Label(
            text=spot.name,
            font="13px sans-serif",
            style=LabelStyles.FILL_AND_OUTLINE,
            fillColor=Color(rgba=[255, 255, 255, 255]),
            outlineColor=Color(rgba=[0, 0, 0, 255]),
            outlineWidth=2.0,
            pixelOffset=Cartesian2Value(values=[0.0, -16.0]),
        ),
    )


def _volume(replay: Replay, volume: Volume) -> list[Packet]:
    name = f"{volume.name}, {volume.range_m / 1e3:,.0f} km against {volume.rcs_m2:g} m²"
    return [
        Packet(
            id=f"volume/{volume.id}/{number}",
            name=name,
            polyline=Polyline(
                positions=PositionList(cartographicDegrees=edge.ravel().tolist()),
                arcType=ArcType(arcType="NONE"),
                width=1.5,
                material=PolylineMaterial(solidColor=SolidColorMaterial(color=_colour("volume", 170))),
            ),
        )
        for number, edge in enumerate(volume_edges(replay, volume), start=1)
    ]


def _area(area: Area) -> list[Packet]:
    return [
        Packet(
            id=f"{area.id}/{number}",
            name=area.name,
            properties={key: value for key, value in area.properties.items() if isinstance(value, str | int | float)},
            polygon=Polygon(
                positions=PositionList(cartographicDegrees=_ring(rings.exterior)),
                holes=PositionListOfLists(cartographicDegrees=[_ring(hole) for hole in rings.interiors])
                if rings.interiors
                else None,
                material=Material(solidColor=SolidColorMaterial(color=_colour("area", 40))),
                height=0.0,
                outline=True,
                outlineColor=_colour("area"),
            ),
        )
        for number, rings in enumerate(area.polygons.geoms, start=1)
    ]


def _ring(ring: LinearRing) -> list[float]:
    """Return an open ring, flat: longitude, latitude, height."""
    return [value for lon, lat in shapely.get_coordinates(ring)[:-1].tolist() for value in (lon, lat, 0.0)]


def _track(replay: Replay, track: Track) -> Packet:
    points = degrees_metres(track)
    samples = [
        value
        for time_s, point in zip(track.time_s, points, strict=True)
        for value in (round(float(time_s), 3), *point.tolist())
    ]
    return Packet(
        id=f"{track.kind}/{track.id}",
        name=track.name,
        description="<br>".join(story_of(replay, track)),
        availability=TimeInterval(start=iso(float(track.time_s[0])), end=iso(float(track.time_s[-1]))),
        position=Position.model_validate(
            {
                "epoch": iso(0.0),
                "interpolationAlgorithm": InterpolationAlgorithms.LAGRANGE,
                "interpolationDegree": 3,
                "cartographicDegrees": samples,
            }
        ),
        point=Point(pixelSize=7.0, color=_colour(track.kind)),
        path=Path(
            leadTime=0.0,
            trailTime=float(track.time_s[-1] - track.time_s[0]),
            width=2.0,
            resolution=5.0,
            material=PolylineMaterial(solidColor=SolidColorMaterial(color=_colour(track.kind))),
        ),
    )

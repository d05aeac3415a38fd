"""A replay as KML 2.2 with Google's tracks, for Google Earth and other globes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fastkml import KML, Data, Document, ExtendedData, Folder, LineStyle, Placemark, PolyStyle, Style, StyleUrl
from fastkml.enums import AltitudeMode
from fastkml.gx import Track as TrackLine
from fastkml.times import KmlDateTime
from pygeoif.geometry import LineString, MultiLineString, MultiPolygon, Point

from equipoise.analysis.replay import Replay
from equipoise.present.replay_shapes import (
    COLOURS,
    KIND_WORDS,
    Area,
    degrees_metres,
    moment,
    spot_degrees,
    story_of,
    volume_edges,
)


def replay_kml(replay: Replay, areas: Sequence[Area]) -> str:
    """Write a replay as KML.

    Parameters
    ----------
    replay : Replay
        What moves and stands.
    areas : sequence of Area
        Footprints, on the ground.

    Returns
    -------
    str
        KML 2.2 with ``gx:Track``: a folder for each kind of thing, with styles by role.
    """
    document = Document(
        id="replay",
        name=replay.title,
        description=" ".join(replay.notes),
        styles=list(_styles()),
        features=[
            Folder(id="spots", name="Places, batteries, sensors", features=list(_spots(replay))),
            Folder(id="volumes", name="What radars look over", features=list(_volumes(replay))),
            Folder(id="areas", name="Areas", features=[_area(area) for area in areas]),
            Folder(id="tracks", name="What flies", features=list(_tracks(replay))),
        ],
    )
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + KML(features=[document]).to_string(prettyprint=True)


def _styles() -> Iterator[Style]:
    for kind, colour in COLOURS.items():
        red, green, blue = (colour[i : i + 2] for i in (1, 3, 5))
        opaque = f"ff{blue}{green}{red}".lower()
        yield Style(
            id=kind,
            styles=[
                LineStyle(color=opaque, width=2.0),
                PolyStyle(color=f"50{opaque[2:]}", outline=True),
            ],
        )


def _known(**facts: str) -> ExtendedData:
    return ExtendedData(elements=[Data(name=name, value=value) for name, value in facts.items()])


def _spots(replay: Replay) -> Iterator[Placemark]:
    for spot in replay.spots:
        yield Placemark(
            id=_id(spot.kind, spot.id),
            name=spot.name,
            style_url=StyleUrl(url=f"#{spot.kind}"),
            geometry=Point(*spot_degrees(spot)),
            extended_data=_known(kind=KIND_WORDS[spot.kind], country=spot.country),
        )


def _volumes(replay: Replay) -> Iterator[Placemark]:
    for volume in replay.volumes:
        lines = [LineString([tuple(point) for point in edge.tolist()]) for edge in volume_edges(replay, volume)]
        yield Placemark(
            id=_id("volume", volume.id),
            name=f"{volume.name}, {volume.range_m / 1e3:,.0f} km against {volume.rcs_m2:g} m²",
            style_url=StyleUrl(url="#volume"),
            geometry=MultiLineString.from_linestrings(*lines),
            extended_data=_known(kind="radar volume", spot=volume.spot),
        )


def _area(area: Area) -> Placemark:
    return Placemark(
        id=_id("area", area.id),
        name=area.name,
        style_url=StyleUrl(url="#area"),
        geometry=MultiPolygon(
            [([*rings.exterior.coords], [[*hole.coords] for hole in rings.interiors]) for rings in area.polygons.geoms]
        ),
        extended_data=_known(**{key: str(value) for key, value in area.properties.items()}),
    )


def _tracks(replay: Replay) -> Iterator[Placemark]:
    for track in replay.tracks:
        yield Placemark(
            id=_id(track.kind, track.id),
            name=track.name,
            description="\n".join(story_of(replay, track)),
            style_url=StyleUrl(url=f"#{track.kind}"),
            kml_geometry=TrackLine(
                altitude_mode=AltitudeMode.absolute,
                whens=[KmlDateTime(moment(float(time_s))) for time_s in track.time_s],
                coords=[tuple(point) for point in degrees_metres(track).tolist()],
            ),
            extended_data=_known(kind=KIND_WORDS[track.kind], fate=track.fate),
        )


def _id(kind: str, id: str) -> str:
    """Return an XML id."""
    return f"{kind}.{id.replace('/', '.')}"

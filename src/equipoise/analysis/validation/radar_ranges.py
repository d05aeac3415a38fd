"""Published detection ranges of radars, against the range equation and against the catalogue's named ranges."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.analysis.validation.comparison import Authority, Comparison, Published, Tolerance
from equipoise.catalog import HARDWARE, load_catalog, read_authority
from equipoise.sensors.radar import Radar

ID = "radar-ranges"
EQUATION = {
    "lewis-postol-870": Tolerance(relative=0.01, reason="their power, area and losses are remembered, not seen"),
    "nas-1500": Tolerance(relative=0.1, reason='"about 1,500 km", read off a figure'),
}
CATALOGUE = Tolerance(relative=1e-12, reason="the same number: rounding of the arithmetic")
TUNED_HARDWARE = (
    "the noise temperature and losses were chosen, among usual ones, knowing that they return 870 km (an-tpy-2, loss)"
)
TUNED_CATALOGUE = "the named range is this number"
WARHEAD_RCS_M2 = 0.01
"""What is taken for a warhead where the source states no cross-section, as in the catalogue."""


def compare() -> Iterator[Comparison]:
    """Compare each published range with the range equation, then with the named range of the catalogue."""
    for row in read_authority("published_radar_ranges"):
        record = load_catalog().radar(row["radar"])
        name, theirs = row["alternative"], Published.number(float(row["range_km"]))
        rcs_m2 = float(row["rcs_m2"]) if row["rcs_m2"] else WARHEAD_RCS_M2
        hardware = Radar.from_record(record, HARDWARE)
        needed_m2 = rcs_m2 * (1e3 * float(row["range_km"]) / hardware.detection_range_m(rcs_m2)) ** 4
        unstated = "" if row["rcs_m2"] else f"no cross-section is stated; this equation needs {needed_m2:.2g} m2"
        label = record.range_named(name).label
        tuned_to_it = TUNED_HARDWARE if name == "lewis-postol-870" else ""
        for how, radar, tolerance, tuned, note in (
            ("range equation", hardware, EQUATION[name], tuned_to_it, unstated),
            ("named range", Radar.from_record(record, name), CATALOGUE, TUNED_CATALOGUE, ""),
        ):
            yield Comparison(
                ID,
                row["source"],
                f"{record.name}, {label}: {how}",
                f"detection range at {rcs_m2:g} m2",
                "km",
                theirs,
                radar.detection_range_m(rcs_m2) / 1e3,
                tolerance,
                tuned,
                note,
            )


AUTHORITY = Authority(
    ID,
    "Published ranges of the AN/TPY-2",
    "published",
    "The range equation with the catalogue's hardware figures, and the ranges that the catalogue takes over by name. "
    "The two disagree, and one hardware cannot give both at one cross-section: Lewis and Postol find the "
    "Academies' much too large.",
    compare,
)

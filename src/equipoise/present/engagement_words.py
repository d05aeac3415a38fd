"""What is said of the arcs that pass within reach of batteries: sentences, captions, method and limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from equipoise.analysis.engagement_summary import engagement_case
from equipoise.present.engagement_figures import launch_times_figure, reach_figure
from equipoise.present.engagement_tables import fired
from equipoise.present.network_names import short_name
from equipoise.present.provenance import plain_number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from equipoise.analysis.arc_engagement import ArcEngagements
    from equipoise.analysis.network_results import NetworkResults

FigureWords = tuple[str, str, str, str, "Figure"]


def engagement_sentences(results: NetworkResults) -> list[str]:
    """Say what each battery reaches of each heading, and what the tracks leave of it."""
    return [reach_sentence(found, group) for found in results.engagements for group in found.battery.groups]


def reach_sentence(found: ArcEngagements, group: str) -> str:
    """Say what a battery reaches of one heading, and what the tracks leave of it."""
    slowest, fastest = found.battery.burnout_speeds_mps[0], found.battery.burnout_speeds_mps[-1]
    own = [engagement_case(found, found.own_speed_mps, limits, group) for limits in ("published", "flight alone")]
    published, alone = own
    words = f"{short_name(found.battery.id)}, {group}: "
    if slowest == fastest:
        words += f"{published['arcs_in_reach']} of {published['arcs']} arcs within reach of"
    else:
        first = engagement_case(found, slowest, "published", group)["arcs_in_reach"]
        last = engagement_case(found, fastest, "published", group)["arcs_in_reach"]
        speeds = f"{plain_number(slowest / 1e3)} to {plain_number(fastest / 1e3)} km/s"
        words += f"{first} to {last} of {published['arcs']} arcs, by burnout speed from {speeds}, within reach of"
    words += " an interceptor that leaves as the missile leaves"
    if alone["arcs_in_reach"] != published["arcs_in_reach"]:
        speed = plain_number(found.own_speed_mps / 1e3)
        words += f" (by flight alone, without published limits, {alone['arcs_in_reach']} at {speed} km/s)"
    if "variants" in published:
        one = published["variants"][0]
        words += (
            f"; {fired(published, one)} once it waits for a track, at {plain_number(found.own_speed_mps / 1e3)} km/s"
        )
    return words + "."


def engagement_figures(results: NetworkResults) -> list[FigureWords]:
    """Draw what is within reach, with title, caption and description; nothing where the study does not ask."""
    if not results.engagements:
        return []
    tracks = results.study.network is not None
    drawn: list[FigureWords] = [
        (
            "reach",
            "Which arcs pass within reach",
            """Share of arcs within reach of an interceptor that leaves as the missile leaves: filled, within the
            published limits of the interceptor; open, by flight alone. """
            + (
                "Diamonds: share that the battery can still meet once it waits for a track of the network."
                if tracks
                else ""
            ),
            " ".join(engagement_sentences(results)),
            reach_figure(results),
        )
    ]
    if tracks:
        drawn.append(
            (
                "launch-times",
                "When a battery may launch, and when it must",
                """From the missile's launch, for the arc of each launch area that leaves the battery the most time:
                open mark, the first launch that the network's tracks allow; bar to the right of it, the launches that
                still meet the missile. A bar that ends left of its mark is the time that is missing. The battery's own
                burnout speed, published limits.""",
                "Time lines by battery and launch area. " + " ".join(engagement_sentences(results)),
                launch_times_figure(results),
            )
        )
    return drawn


def engagement_limits() -> str:
    """Say what reach cannot tell."""
    return (
        "Within reach is not stopped: whether an interceptor that could be there would hit is a matter of kill "
        "probabilities, decoys and numbers, which are not part of this. Closing speeds, the kill vehicle's sight and "
        "the quality of the track are left out, and so is everything that one battery has to do at the same time."
    )


def engagement_method() -> str:
    """Say how reach is worked out."""
    return (
        "For each second of an arc after the end of thrust, the shortest time of flight of the interceptor to that "
        "point says when it must leave; the latest such moment is the slack. By flight alone the published greatest "
        "range, altitude and time of flight are left out, and the boost is the record's with the burnout speed asked "
        "for. With the network, the first launch waits for the first firm track of the falling missile among the "
        "sensors that the study names, its way over the links, and the battery's delay."
    )

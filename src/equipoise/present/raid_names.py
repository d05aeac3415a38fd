"""What a raid page calls things, in which colours, and how it writes a number with its interval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from equipoise.analysis.footprint import CONSTRAINTS
from equipoise.analysis.raid_summary import REFUSALS
from equipoise.present.network_names import place_name
from equipoise.present.scene import threat_name
from equipoise.present.style import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, SKY_BLUE, VERMILION, YELLOW

if TYPE_CHECKING:
    from equipoise.study import LayerPlacement, RaidStudy, Salvo

LAYER_COLOURS = (BLUE, VERMILION, GREEN, PURPLE, YELLOW, "#7A5C2E", GREY, "#1D3E53")
# What chance makes of one raid, and what is not known: the same two in every figure.
CHANCE = SKY_BLUE
KNOWLEDGE = ORANGE
LEAKED = INK
KILLED = "#D3D8DB"

REFUSAL_WORDS = {
    "magazine": "magazine empty",
    "launch_rate": "launchers busy",
    "guidance_channels": "channels taken",
    "track_capacity": "radar full",
}
assert set(REFUSAL_WORDS) == set(REFUSALS.values())


def layer_colour(index: int) -> str:
    """Return the colour of a layer; it is the same in every figure."""
    return LAYER_COLOURS[index % len(LAYER_COLOURS)]


def layer_name(layer: LayerPlacement) -> str:
    """Name a layer: what the study calls it, how many batteries, and where they stand."""
    many = f"{layer.batteries} × " if layer.batteries > 1 else ""
    return f"{layer.id} ({many}{layer.battery.name}, {place_name(layer.site.name)})"


def salvo_name(salvo: Salvo) -> str:
    """Name a salvo: missile, launch area and target."""
    return f"{threat_name(salvo.threat)}, {place_name(salvo.launch_area.name)} to {place_name(salvo.target.name)}"


def constraint_words(name: str) -> str:
    """Write a binding constraint, or a refusal, as words."""
    return REFUSAL_WORDS.get(name, name.replace("_", " "))


def binding_words(code: int) -> str:
    """Write what binds by its code."""
    return constraint_words(CONSTRAINTS[code])


def number(value: float, digits: int) -> str:
    """Write a number with thousands parted, and nothing as 0, never as minus nothing."""
    words = f"{value:,.{digits}f}"
    return words.lstrip("-") if float(words.replace(",", "")) == 0.0 else words.replace("-", "\N{MINUS SIGN}")


def between(fields: Mapping[str, Any], name: str, *, scale: float = 1.0, digits: int = 1) -> str:
    """Write an estimate of the summary with its interval: ``12.17 (12.14 to 12.19)``."""
    low, value, high = (number(scale * fields[name + end], digits) for end in ("_low", "", "_high"))
    return f"{value} ({low} to {high})"


def band_words(fields: Mapping[str, Any], name: str, *, scale: float = 1.0, digits: int = 1, unit: str = "") -> str:
    """Write the 5 and 95 per cent points of a band of the summary: ``10 to 15``, or one number where they agree."""
    low, high = (number(scale * fields[f"{name}_{end}{unit}"], digits) for end in ("p05", "p95"))
    return low if low == high else f"{low} to {high}"


def missiles_words(count: int) -> str:
    """Write so many missiles."""
    return f"{count:,} missile" if count == 1 else f"{count:,} missiles"


def sizes_in_words(study: RaidStudy) -> str:
    """Write how many missiles of which class the raid has: ``20 Scud-C and 20 Nodong``."""
    counts: dict[str, int] = {}
    for salvo in study.salvos:
        name = threat_name(salvo.threat)
        counts[name] = counts.get(name, 0) + salvo.count
    parts = [f"{count:,} {name}" for name, count in counts.items()]
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]

"""What the tests of whole commands share: a small study, and what a command leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: object
    out: str
    err: str


Command = Callable[..., Outcome]

STUDY = """\
id: mine
title: Mine
summary: One threat on a small grid.
country: KOR
defence: {{battery: thaad-battery, site: seongju, boresight: 340 deg, radar_range: lewis-postol-870}}
radar_ranges: [ministry-600, lewis-postol-870]
threats:
  - {{missile: {missile}, launch_areas: [{launch_area}]}}
grid: {{area: KOR, rows: {rows}, columns: 12}}
coverage_altitudes: [100 km]
engagement: {{missile: {missile}, launch_area: {launch_area}, target: daejeon}}
uncertainty: {{draws: {draws}, seed: 1}}
"""


def study_file(
    path: Path, *, missile: str = "nodong", launch_area: str = "sunan", rows: object = 12, draws: int = 0
) -> Path:
    """Write the study into a directory and return its path."""
    file = path / "mine.yaml"
    text = STUDY.format(missile=missile, launch_area=launch_area, rows=rows, draws=draws)
    file.write_text(text, encoding="utf-8")
    return file

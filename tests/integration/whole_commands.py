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


NETWORK_STUDY = """\
kind: network
id: mine
title: two rays of one lamp
summary: Three sensors and a battery.
focus: seongju
alternatives:
  - {id: near, title: 600 km, radar_range: ministry-600}
  - {id: far, title: 3000 km, radar_range: csis-3000}
sensors:
  - {id: seongju, site: seongju-tpy-2, radar_range: lewis-postol-870}
  - {id: shariki, site: shariki-tpy-2, radar_range: lewis-postol-870}
  - {id: ship, site: aegis-ship, at: {latitude: 38.5 deg, longitude: 132.5 deg}, radar_range: estimate-310}
arcs:
  - {group: near, missile: nodong, launch_areas: [sunan, tonghae], targets: [busan]}
  - {group: far, missile: hwasong-15, launch_areas: [sunan], targets: [seattle]}
network:
  warning: {id: warning, record: overhead-infrared}
  command: [{id: post, name: Command post}]
  report_to: post
  links:
    - {from: [warning, seongju, shariki, ship], to: post, carries: [cue], by: c2bmc}
    - {from: [seongju, shariki, ship], to: post, carries: [track], by: c2bmc}
    - {id: told, from: post, to: [seongju, shariki, battery], carries: [cue, track], by: c2bmc}
    - {from: seongju, to: reach, carries: [track], by: battery-internal}
  shooters:
    - id: battery
      battery: thaad-battery
      site: seongju
      sensor: seongju
      fires_on: [ship]
      area: KOR
      grid: {area: KOR, rows: 6, columns: 6}
      threats: [{missile: nodong, launch_areas: [sunan]}]
  variants: [{id: deaf, title: nobody is told, cut: [told]}]
  elements: [seongju, ship, told]
engage:
  - {id: reach, battery: thaad-battery, site: seongju, fires_on: [seongju, ship], burnout_speeds: [2.6 km/s, 2.8 km/s]}
coverage_altitudes: [100 km]
cut: {azimuth: 340 deg, range: 1500 km, top: 600 km}
example: {missile: nodong, launch_area: tonghae, target: busan}
published:
  - {claim: It is not joined, by: an admiral, date: 2016-08-11, source: korea-herald-2016-08-11, reading: what it adds}
  - {claim: It sees the far arcs, by: somebody, date: 2016, source: wu-2016, groups: [far], in_view: yes}
"""


RAID_STUDY = """\
kind: raid
id: mine
title: Ten missiles & two layers
summary: Two salvos against two batteries.
country: KOR
layers:
  - {id: thaad, battery: thaad-battery, site: seongju, boresight: 340 deg, radar_range: lewis-postol-870}
  - {id: north, battery: thaad-battery, site: daegu, boresight: 350 deg, radar_range: lewis-postol-870, launchers: 1}
salvos:
  - {missile: scud-c, launch_area: hwangju, target: daejeon, count: 5, spacing: 5 s}
  - {missile: nodong, launch_area: sunan, target: busan, count: 5, spacing: 5 s}
questions: {sizes: [5, 20], confidence: 0.9}
chance: {runs: 200, seed: 11, draws: 3, runs_per_draw: 20}
"""


def raid_study_file(path: Path) -> Path:
    """Write the small raid study into a directory and return its path."""
    file = path / "mine.yaml"
    file.write_text(RAID_STUDY, encoding="utf-8")
    return file


def network_study_file(path: Path) -> Path:
    """Write the small network study into a directory and return its path."""
    file = path / "mine.yaml"
    file.write_text(NETWORK_STUDY, encoding="utf-8")
    return file


def run_contents(directory: Path) -> dict[str, bytes]:
    """Return the files of a run by their names within it."""
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in files}


def study_file(
    path: Path, *, missile: str = "nodong", launch_area: str = "sunan", rows: object = 12, draws: int = 0
) -> Path:
    """Write the study into a directory and return its path."""
    file = path / "mine.yaml"
    text = STUDY.format(missile=missile, launch_area=launch_area, rows=rows, draws=draws)
    file.write_text(text, encoding="utf-8")
    return file

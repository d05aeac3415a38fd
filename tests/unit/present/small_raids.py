"""Raid studies for the tests of their pages: two layers and six salvos, few runs."""

from __future__ import annotations

from pathlib import Path

from equipoise.analysis import RaidResults, run_raid
from equipoise.study import load_raid_study

STUDY = """\
kind: raid
id: small-raid
title: Two layers & a raid
summary: Made for the tests.
country: KOR
layers:
  - id: thaad
    battery: thaad-battery
    site: seongju
    boresight: 340 deg
    boresight_spread: 25 deg
    radar_range: lewis-postol-870
    doctrine:
      - {{volleys: [1, 1], when: all-fit}}
      - {{volleys: [2]}}
  - id: north
    battery: thaad-battery
    site: pyeongtaek
    boresight: 350 deg
    radar_range: lewis-postol-870
    launchers: 1
    kill_probability: {{value: 0.7, low: 0.5, high: 0.9, note: for the tests}}
common_mode: {{reliability: 0.98}}
salvos:
  - {{missile: scud-c, launch_area: hwangju, target: daejeon, count: {count}, spacing: 5 s}}
  - {{missile: scud-c, launch_area: koksan, target: pyeongtaek, count: {count}, spacing: 5 s}}
  - {{missile: nodong, launch_area: sunan, target: busan, count: {count}, spacing: 5 s, start: 60 s}}
  - {{missile: nodong, launch_area: tonghae, target: ulsan, count: {count}, spacing: 5 s}}
weights: population
questions: {{sizes: [5, 20, 40, 80], confidence: {confidence}, one_more: north}}
chance: {{runs: 300, seed: 7, draws: {draws}, runs_per_draw: 40}}
"""


def small_raid(path: Path, *, count: int = 5, draws: int = 6, confidence: float = 0.5) -> RaidResults:
    """Write the study into a directory and run it."""
    file = path / f"small-raid-{count}.yaml"
    file.write_text(STUDY.format(count=count, draws=draws, confidence=confidence), encoding="utf-8")
    return run_raid(load_raid_study(file))

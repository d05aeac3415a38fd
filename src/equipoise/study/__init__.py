"""A study file (YAML) becomes a frozen study; errors name file, field and what is allowed."""

from __future__ import annotations

from equipoise.catalog.radars import HARDWARE
from equipoise.study.model import (
    Defence,
    ExampleEngagement,
    Grid,
    PublishedFinding,
    Study,
    Threat,
    Uncertainty,
)
from equipoise.study.network_model import NetworkStudy
from equipoise.study.raid_model import LayerPlacement, RaidStudy, Rule, Salvo
from equipoise.study.reading import (
    AnyStudy,
    load_any_study,
    load_network_study,
    load_raid_study,
    load_study,
    study_from_text,
    study_ids,
    study_kind,
)
from equipoise.study.schema import json_schema

__all__ = [
    "HARDWARE",
    "AnyStudy",
    "Defence",
    "ExampleEngagement",
    "Grid",
    "LayerPlacement",
    "NetworkStudy",
    "PublishedFinding",
    "RaidStudy",
    "Rule",
    "Salvo",
    "Study",
    "Threat",
    "Uncertainty",
    "json_schema",
    "load_any_study",
    "load_network_study",
    "load_raid_study",
    "load_study",
    "study_from_text",
    "study_ids",
    "study_kind",
]

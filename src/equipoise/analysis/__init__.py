"""Answers: footprints, coverage and engagements, from a study."""

from __future__ import annotations

from equipoise.analysis.balance import BalanceResults
from equipoise.analysis.balance_run import run_balance
from equipoise.analysis.balance_summary import balance_summary
from equipoise.analysis.chunk_files import read_results
from equipoise.analysis.coverage import coverage, radar_coverage
from equipoise.analysis.engagement import Engagement, engagement
from equipoise.analysis.ensemble import Ensemble, run_ensemble
from equipoise.analysis.flight_report import FlightReport, ReportError
from equipoise.analysis.flight_test import flight_test
from equipoise.analysis.flight_test_results import FlightTest
from equipoise.analysis.footprint import fly_fans, footprint
from equipoise.analysis.network_results import NetworkResults
from equipoise.analysis.network_run import run_network
from equipoise.analysis.network_summary import network_summary
from equipoise.analysis.proportion import ProportionResults, proportion
from equipoise.analysis.proportion_summary import proportion_summary
from equipoise.analysis.raid_run import RaidResults, run_raid
from equipoise.analysis.raid_sensitivity import RaidSensitivity
from equipoise.analysis.raid_summary import raid_summary
from equipoise.analysis.sensitivities import sensitivity_of, summary_of
from equipoise.analysis.sensitivity import Sensitivity, footprint_sensitivity, sensitivity_summary
from equipoise.analysis.sobol import Factor, SobolIndices, sobol_indices
from equipoise.analysis.study_run import StudyResults, run_study, summarise
from equipoise.analysis.summary import footprint_summary
from equipoise.analysis.sweep import sweep_of
from equipoise.analysis.uncertainty import Swing, footprint_uncertainty, swings
from equipoise.analysis.vertical_cut import vertical_cut

__all__ = [
    "BalanceResults",
    "Engagement",
    "Ensemble",
    "Factor",
    "FlightReport",
    "FlightTest",
    "NetworkResults",
    "ProportionResults",
    "RaidResults",
    "RaidSensitivity",
    "ReportError",
    "Sensitivity",
    "SobolIndices",
    "StudyResults",
    "Swing",
    "balance_summary",
    "coverage",
    "engagement",
    "flight_test",
    "fly_fans",
    "footprint",
    "footprint_sensitivity",
    "footprint_summary",
    "footprint_uncertainty",
    "network_summary",
    "proportion",
    "proportion_summary",
    "radar_coverage",
    "raid_summary",
    "read_results",
    "run_balance",
    "run_ensemble",
    "run_network",
    "run_raid",
    "run_study",
    "sensitivity_of",
    "sensitivity_summary",
    "sobol_indices",
    "summarise",
    "summary_of",
    "sweep_of",
    "swings",
    "vertical_cut",
]

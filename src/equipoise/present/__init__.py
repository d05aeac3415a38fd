"""Pictures, reports and files from results."""

from __future__ import annotations

from equipoise.present.publish import publish
from equipoise.present.run import write_run
from equipoise.present.run_directory import run_directory, seal

__all__ = ["publish", "run_directory", "seal", "write_run"]

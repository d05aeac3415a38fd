"""The command line: parse, call analysis, hand the result to present.

Importing this package is cheap, so that ``--help`` answers at once; each command imports what it needs when it runs.
"""

from __future__ import annotations

from equipoise.cli.root import main

__all__ = ["main"]

"""The globe in a browser: an HTTP interface to the same analysis as the command line, and the page that asks it."""

from __future__ import annotations

from equipoise.web.app import Limits, create_app

__all__ = ["Limits", "create_app"]

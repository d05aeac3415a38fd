"""Pictures, reports and files from results.

Nothing is imported here: the table of a flight test should not wait for the plotting library.
"""

from __future__ import annotations

__all__: list[str] = []

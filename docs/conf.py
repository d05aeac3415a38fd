"""Sphinx configuration; the pages on the catalogue and on validation are written before the build."""

from __future__ import annotations

from pathlib import Path

import equipoise
from equipoise import catalog
from equipoise.analysis.validation import validate
from equipoise.present.validation_page import render_validation_markdown

HERE = Path(__file__).parent

project = "Equipoise"
author = "The Equipoise founders"
copyright = author
version = release = equipoise.__version__

extensions = ["myst_parser", "sphinx.ext.mathjax"]
myst_enable_extensions = ["dollarmath", "deflist", "attrs_inline"]
myst_heading_anchors = 3
nitpicky = True
suppress_warnings = ["misc.highlighting_failure"]
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = f"Equipoise {release}"
html_show_sphinx = False

(HERE / "catalogue.md").write_text(catalog.render_markdown(catalog.load_catalog()), encoding="utf-8")
(HERE / "validation.md").write_text(render_validation_markdown(validate()), encoding="utf-8")

"""The version, read by the build and by the manifest."""

__version__ = "0.1.0"

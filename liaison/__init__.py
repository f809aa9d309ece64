"""Liaison: who a care home works with in health and social care, and what came of it."""

__version__ = "0.1.0"

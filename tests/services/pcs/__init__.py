"""Tests of :mod:`liaison.services.pcs`."""

"""Tests of the exchange between PCs."""

"""How fast Liaison is, against floors measured in the same run (``python -m benchmarks``)."""

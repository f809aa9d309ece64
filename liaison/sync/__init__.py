"""How the PCs of a home share one record: encrypted segments over storage that nobody trusts."""

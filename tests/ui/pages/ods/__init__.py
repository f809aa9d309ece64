"""The NHS's list of practices."""

"""Training: who holds what and until when, the records behind it, and recording more."""

from liaison.ui.pages.training.page import TrainingPage

__all__ = ["TrainingPage"]

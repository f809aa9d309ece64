"""The directory: who we work with, by what they do for the home, and how to reach them."""

from liaison.ui.pages.directory.page import DirectoryPage

__all__ = ["DirectoryPage"]

"""The door: unlocking a home, and setting one up for the first time."""

"""Faults of the surroundings: what a kill, a power cut, a bad disk or a flipped bit leaves of a home.

``work`` is what the program does and what must be true after it, ``victims`` the processes that do
it, ``recording`` what they asked of the disk, ``disk`` what a power cut leaves of that.
"""

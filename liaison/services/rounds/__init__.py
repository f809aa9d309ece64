"""Rounds and clinics: planned ahead, an agenda that builds itself, an outcome for each line (N5).

``planning`` says when a recurring round comes next, ``waiting`` what waits to be spoken of,
``agenda`` what stands on an agenda and how each line stands, ``doing`` is what people do: add, take
off, order, record outcomes, carry over, finish. Nothing on an agenda can vanish.
"""

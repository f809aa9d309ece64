"""The layout kit: what every report is set with. No Paragraph, no Table, no markup.

A report is one module with its facts, its declaration and a ``render``::

    from liaison.reports.kit.listing import Band, Column, Listing, Piece
    from liaison.reports.kit.marks import Mark
    from liaison.reports.kit.opening import begin
    from liaison.reports.kit.typeface import TABLE_BOLD, TABLE_MUTED
    from liaison.reports.spec import Document, Parameters, Printed, ReportSpec

    def render(facts: Facts, printed: Printed) -> Document:
        covers = "State on 22 November 2026"
        sheet, y = begin(facts.home, "Open loops", covers, facts.intro, printed)
        table = Listing(
            sheet, [Column("Resident", 60), Column("What", 340), Column("Days", 82, right=True)],
            y, sheet.new_page,
        )
        table.heading(Band("Over 90 days", aside="1"))
        table.row(
            [Piece("Joan Frost", TABLE_BOLD), Piece("Room 7", TABLE_MUTED)],
            [Piece(facts.note), Piece("Open", TABLE_BOLD, mark=Mark.OPEN)],
            [Piece("12")],
        )
        table.end("End of open loops.")
        return sheet.finish()

Places are in points from the left and the top of the page; a text's place is its baseline.

What to know:

- **Text** goes through one door (:mod:`.door`) in every call that takes a ``str``: control
  characters go, a text beyond every use is shortened with a word about it. Only
  :meth:`Sheet.spans` takes lines that were broken (and so went through the door) before.
- **Nothing is clipped.** Calls that set text take the room they have: ``text`` and ``turned``
  shorten, ``paragraph`` and tables wrap. ``tests/reports/paper.py`` has the assertion that
  nothing stands right of the margin.
- **Fonts** (:mod:`.typeface`): styles are constants there; ``dataclasses.replace`` makes others.
  Arabic, emoji and loose accents come from other fonts by themselves (:mod:`.runs`).
- **State** is a sign (:class:`.marks.Mark`) and its word, never colour.
- **Drawing**: ``sheet.rule``, ``sheet.box`` (fill, outline, dash), ``sheet.mark``, ``sheet.turned``
  for heads that read upwards. White text on ink: ``dataclasses.replace(style, ink=WHITE)``.
- ``Sheet`` and ``sheet.new_page`` begin a report that is other than :func:`.opening.begin` makes
  it; ``landscape=True`` for a page on its side. ``table.band`` is for a band that differs where
  it stands first on a page.
- ``sheet.number_of(key, ...)`` puts a page's number before that page is made; ``bookmark`` with
  the same key says which it is.
- The same facts and the same moment of printing give the same bytes.
"""

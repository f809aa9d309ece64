"""The layout kit: what every report is set with. No Paragraph, no Table, no markup.

A report is one module with its facts, its declaration and a ``render``::

    from liaison.reports.kit.listing import Band, Column, Listing, Piece
    from liaison.reports.kit.marks import Mark
    from liaison.reports.kit.sheet import FIRST_LINE, Furniture, Sheet
    from liaison.reports.kit.typeface import INTRO, TABLE_BOLD, TABLE_MUTED, TITLE
    from liaison.reports.spec import Document, Parameters, Printed, ReportSpec

    def render(facts: Facts, printed: Printed) -> Document:
        furniture = Furniture(facts.home, "Open loops", "State on 22 November 2026", printed)
        sheet = Sheet(furniture, title="Open loops, Rosewood House")
        sheet.new_page()                       # landscape=True for a page on its side
        sheet.bookmark("Open loops")
        sheet.text(sheet.left, FIRST_LINE, "Open loops", TITLE, sheet.room)
        y = sheet.paragraph(sheet.left, FIRST_LINE + 20, facts.intro, INTRO, 300, balanced=True)
        table = Listing(
            sheet, [Column("Resident", 60), Column("What", 340), Column("Days", 82, right=True)],
            y, sheet.new_page,
        )
        table.band(lambda first, continued: Band("Fri 20 Nov", "Tom Redway", "GP", "Urgent"))
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
- ``sheet.number_of(key, ...)`` puts a page's number before that page is made; ``bookmark`` with
  the same key says which it is.
- The same facts and the same moment of printing give the same bytes.
"""

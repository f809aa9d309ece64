"""The rules that must be exactly right, as pure functions: nothing here reads a clock or a disk.

"Today" and "now" are always parameters. Each module is one rule, under the name you would look for:

* ``expiry``: when training runs out (rule 1)
* ``working_days``: bank holidays, and days on which a review is due (rule 2)
* ``times``: a time as it is stored, shown and typed (rule 3)
* ``hours``: in hours or out of hours (rule 4)
* ``waits``: how long somebody has waited (rule 5)
* ``compliance``: whether somebody holds a course on a day, and shares of staff (rules 1 and 6);
  ``standing`` applies it to the records, ``matrix`` adds up staff and courses
* ``corrections``: what was struck through, and what moved away (rule 7)
* ``same_name``: two people of the same name (rule 8)
* ``phones``: phone numbers as typed, and as searched for (rule 9)
* ``nhs_number``: the NHS number and its check digit (rule 10)
* ``postcodes``: the shape of a UK postcode

Nothing is imported here, so that the program starts quickly; import the module you need.
"""

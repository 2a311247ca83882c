"""Who is due for a visit, on which day, in which order; which visit counts, and which looks odd.

Plain values in, plain values out: no clock, no database.
"""

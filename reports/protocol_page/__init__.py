"""The whole protocol as one HTML page, for a clinician who reviews it.

It needs nothing but itself: no script, no picture, no font from elsewhere. It is
written to be printed, and has a box beside each entry for the reviewer's word.
"""

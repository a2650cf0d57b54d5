"""Quick rounds: one to five questions asked of units picked on the map or by a group, due in hours, counted live.

Words: *quick round* (hỏi nhanh), its *questions* (câu hỏi). Underneath lies a round of `indicators` whose figures count
when they are handed in. Verbs: open, answer, answer by link, remind, close, repeat.
"""

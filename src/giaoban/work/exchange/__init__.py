"""Tables of tasks in and out: assignment annexes (phụ lục phân công) and the tracking sheet of the superior level.

A file is opened to `lines`, its names and due words are understood (`understanding`, `times`), what is new of it is
proposed and taken in by one verb (`taking`); `writing_out` is the way back. An annex gives our tasks to units below; a
sheet of `tracking` tells which tasks the superior gave us and how they stand, and `answering` fills it in.
"""

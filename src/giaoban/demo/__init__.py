"""Demonstration: one school year of Lào Cai province, enacted through the verbs of every room, never loaded as rows.

Real: the administrative units, their codes and the reform of 1 July 2025; the statistics of 2002–2017. Made up, and
named so ("Minh họa"): schools, people, their figures and the documents in `data/`.
Verb: `play.play`. Its one-click sign-in exists only where the setting DEMO is on.
"""

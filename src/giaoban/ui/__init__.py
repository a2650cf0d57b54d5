"""Ui: how a page looks. Base pages, components, stylesheet, charts; it knows no room and no table.

Words: a *state* is a word, a shape and a tone together (`looks.LOOKS`); a *part* is a component described in Python
(`parts`); a *chart* is a frozen description drawn as SVG (`charts`). How to use each: `ui/README.md`, and see them
all on `/giao-dien/`. Pages extend `ui/base.html` (signed in) or `ui/plain.html` (sign-in, public, errors).
"""

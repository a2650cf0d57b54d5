"""Pages under /so-lieu/: thin; each parses, asks or acts once, and shows."""

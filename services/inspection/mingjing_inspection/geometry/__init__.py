"""Geometry (图形): reads, checks and looks up what is drawn on the ground; it knows no list and no log."""

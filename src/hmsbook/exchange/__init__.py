"""Frames for those who analyse further; the home of pandas."""

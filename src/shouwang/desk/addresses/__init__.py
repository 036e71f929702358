"""Addresses of the office pages, a file for each part of the work."""

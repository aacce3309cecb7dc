"""Measurements, each beside its bare minimum: `make bench`."""

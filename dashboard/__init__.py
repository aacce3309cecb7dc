"""The dashboard: pages over the warehouse, in Spanish, for people who look and do not write SQL."""

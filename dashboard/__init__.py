"""The dashboard: pages over the warehouse, in Spanish or English, for people who look and do not write SQL."""

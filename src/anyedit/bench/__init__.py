"""Measuring editors: suites, protocols, metrics, runs and reports."""

"""Measuring editors: suites, protocols, metrics, editors, report."""

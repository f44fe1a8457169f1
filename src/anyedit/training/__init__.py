"""Training editors: data, caches, stages, the loop."""

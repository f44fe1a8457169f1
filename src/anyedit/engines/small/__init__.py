"""Real networks that run on a laptop without a model hub: their weights come inside packages, see `carriers`."""

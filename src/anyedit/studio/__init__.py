"""The studio: a local web page to look at pairs, review them, try and compare editors, and watch what runs."""

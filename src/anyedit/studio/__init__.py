"""The web page: browse, review, try, compare, watch."""

"""The web application: search, look at, check and correct what was read."""

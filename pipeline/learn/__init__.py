"""Gold and what is done with it: making samples, scoring, and looking at evidence."""

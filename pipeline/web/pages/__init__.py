"""The pages, one file each; `app.py` has the table of their addresses."""

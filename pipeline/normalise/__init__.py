"""What the words of dates, deadlines, sums and citations mean."""

"""What the clinic knows and decides: plain Python, no Qt, no database, no paper."""

"""What passes between recording and showing: one run's record. Imports nothing but `limits`."""

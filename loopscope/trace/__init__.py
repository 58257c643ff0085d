"""What passes between recording and showing: the record of one run. Imports nothing but `limits`."""

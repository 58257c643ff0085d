"""The record of one run, which passes between recording and showing. Imports only `limits`."""

"""Shows a record as text, a picture, HTML, or data for the stepper. Imports only `trace`."""

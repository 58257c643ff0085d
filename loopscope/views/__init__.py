"""Shows a record: as text, as a picture, as HTML, as data for the stepper. Imports `trace`."""

"""Records a program from within its own process, and in a browser. Imports `trace`."""

"""The screens and the command line. PySide6 lives here and only here."""

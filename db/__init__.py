"""Patients, visits and every change, kept in one SQLite file.

SQLAlchemy and Alembic live here and nowhere else. Importing this package imports
neither; `db.store` does.
"""

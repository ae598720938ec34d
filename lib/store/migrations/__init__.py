"""The steps that bring a PostgreSQL database to the relations of this version (alembic)."""

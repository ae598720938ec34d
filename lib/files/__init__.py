"""Files in and out: CSV tables, a plan's folder, Office files opened safely, the Parquet copy."""

"""The filter where tables live: Arrow, and on it pandas, polars, DuckDB and Spark; and scikit-learn."""

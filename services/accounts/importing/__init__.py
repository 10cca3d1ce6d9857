"""Members who come by a table (CSV): how it is read, what will become of each row, and the job that does it."""

DB_URI = ".lancedb"
TABLE_NAME = "chunks"
BATCH_SIZE = 2

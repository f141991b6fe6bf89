import datetime as dt


def maintain(table, days=7):
    """Called with a LanceDB table from ../run.py."""
    before = len(table.list_versions())  #~ list_versions
    metrics = table.compact_files()  #~ compact_files
    stats = table.cleanup_old_versions(dt.timedelta(days=days))  #~ cleanup_old_versions
    return before, metrics.files_removed, stats.bytes_removed


def reindex(table, columns=("id",), *, metric="cosine"):
    table.create_index(metric=metric, num_partitions=64, num_sub_vectors=16)  #~ create_index
    for column in columns:
        table.create_scalar_index(column, index_type="BITMAP")  #~ create_scalar_index

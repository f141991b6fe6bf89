import logging

import lancedb
import pyarrow as pa

logger = logging.getLogger(__name__)


def open_or_create(db: lancedb.DBConnection, name, schema):
    try:
        return db.open_table(name)  #~ open_table
    except FileNotFoundError as error:  #~ FileNotFoundError
        logger.info("creating %s: %s", name, error)
        return db.create_table(name, schema=schema)  #~ create_table


def create_or_open(uri, name, data):
    db = lancedb.connect(uri)  #~ connect
    try:
        t = db.create_table(name, data)  #~ create_table
    except OSError:  #~ OSError
        t = db.open_table(name)  #~ open_table
    except Exception:
        logger.exception("cannot make %s", name)
        raise
    return t


def load(path):
    try:
        with open(path) as f:
            return f.read()
    except FileNotFoundError:
        return ""
    except OSError:
        return None


def safe_count(t: "lancedb.table.Table", where):
    try:
        return t.count_rows(where)  #~ count_rows
    except Exception as e:
        logger.warning("bad filter %s", e)
        return -1


def drop(db: lancedb.DBConnection, name):
    try:
        db.drop_table(name)  #~ drop_table
    except FileNotFoundError:  #~ FileNotFoundError
        pass


def safe_add(t: "lancedb.table.Table", rows):
    try:
        t.add(rows)  #~ add
    except (pa.ArrowInvalid, KeyError):  #~ ArrowInvalid #? KeyError
        return False
    return True

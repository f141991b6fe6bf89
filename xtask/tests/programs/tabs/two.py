class Reader:
  """Indented with two spaces."""

  def __init__(self, db):
    self.db = db

  def words(self, name):
    table = self.db.open_table(name)
    rows = table.search().limit(10).to_list()
    return sorted(r["word"] for r in rows) ;  # sorted

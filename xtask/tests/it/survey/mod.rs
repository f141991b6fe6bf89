//! The async map, the plan, and what `--fix` says.

mod batches;
mod concurrent;
mod fixed;
mod keep;
mod options;
mod plan;
mod tree;

use tempfile::TempDir;

use crate::support::project;

/// A group that is safe, with a test.
const STOCK: &str = "\
import lancedb


def stock(uri):
    db = lancedb.connect(uri)
    return db.open_table(\"stock\").count_rows()
";

/// A group that is unsafe: its constructor becomes a factory.
const PRICES: &str = "\
import lancedb


class Prices:
    def __init__(self, uri):
        self.table = lancedb.connect(uri).open_table(\"prices\")

    def find(self, vector):
        return self.table.search(vector).limit(3).to_list()


def cheapest(uri):
    prices = Prices(uri)
    return prices.find([0.0, 0.0])


if __name__ == \"__main__\":
    print(cheapest(\"data\"))
";

/// A group that is blocked.
const NAMES: &str = "\
import lancedb


class Names:
    def __init__(self, uri):
        self.table = lancedb.connect(uri).open_table(\"names\")

    def __len__(self):
        return self.table.count_rows()
";

const TEST: &str = "\
from shop.stock import stock


def test_stock(tmp_path):
    assert stock(tmp_path) == 0
";

/// Imports what the unsafe group changes, through another file.
const OTHER_TEST: &str = "\
from shop.offers import offers


def test_offers():
    assert offers() == []
";

const OFFERS: &str = "\
from shop.prices import cheapest as _cheapest


def offers():
    return []
";

/// Three groups that do not touch each other.
fn shop() -> TempDir {
    project(&[
        ("shop/__init__.py", ""),
        ("shop/stock.py", STOCK),
        ("shop/prices.py", PRICES),
        ("shop/names.py", NAMES),
        ("shop/offers.py", OFFERS),
        ("tests/test_stock.py", TEST),
        ("tests/test_offers.py", OTHER_TEST),
        ("pytest.ini", "[pytest]\nasyncio_mode = auto\n"),
    ])
}

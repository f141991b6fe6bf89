import shutil
import tempfile
import unittest

import lancedb


def book(ledger, amount):
    if amount == 0:
        raise ValueError("nothing to book")
    ledger.add([{"amount": amount}])


class TestBooking(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.db = lancedb.connect(self.folder)
        self.ledger = self.db.create_table("ledger", [{"amount": 1}])

    def test_zero(self):
        self.assertRaisesRegex(ValueError, "nothing", book, self.ledger, 0)

    def test_second_ledger(self):
        other = self.db.create_table("other", [{"amount": 2}])
        self.addCleanup(self.db.drop_table, "other")
        book(other, 5)
        self.assertEqual(other.count_rows(), 2)


if __name__ == "__main__":
    unittest.main()

import shutil
import tempfile
import unittest

import lancedb

import ledger


class LedgerCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def setUp(self):
        self.db = lancedb.connect(self.folder)
        self.ledger = ledger.open_ledger(self.db)
        ledger.book(self.ledger, "rent", -900)
        ledger.book(self.ledger, "wages", 2500)
        ledger.book(self.ledger, "rent", -30)

    def tearDown(self):
        self.db.drop_table("ledger")


class TestBooking(LedgerCase):
    def test_rows(self):
        self.assertEqual(len(self.ledger), 3)
        self.assertEqual(self.ledger.count_rows("account = 'rent'"), 2)

    def test_zero(self):
        with self.assertRaises(ValueError):
            ledger.book(self.ledger, "rent", 0)
        with self.assertRaisesRegex(ValueError, "nothing"):
            ledger.book(self.ledger, "rent", 0)

    def test_listed(self):
        self.assertIn("ledger", self.db.table_names())

    def test_second_ledger(self):
        other = ledger.open_ledger(self.db, "other")
        self.addCleanup(shutil.rmtree, self.folder + "/other.lance")
        self.assertEqual(other.count_rows(), 0)


class TestBalance(LedgerCase):
    def test_balance(self):
        for account, wanted in [("rent", -930), ("wages", 2500), (None, 1570), ("gifts", 0)]:
            with self.subTest(account=account):
                self.assertEqual(ledger.balance(self.ledger, account), wanted)

    def test_close(self):
        self.assertEqual(ledger.close(self.ledger, "rent"), -930)
        self.assertEqual(ledger.balance(self.ledger), 2500)


if __name__ == "__main__":
    unittest.main()

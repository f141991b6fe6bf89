import shutil
import tempfile
import unittest
from unittest import mock

import lancedb


class TableTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = tempfile.mkdtemp()
        cls.conn = lancedb.connect(cls.dir)  #~ connect

    @classmethod
    def tearDownClass(cls):
        cls.conn.drop_database()  #~ drop_database
        shutil.rmtree(cls.dir, ignore_errors=True)

    def setUp(self):
        self.table = self.conn.create_table("t", [{"id": 1, "v": "a"}], mode="overwrite")  #~ create_table

    def tearDown(self):
        self.conn.drop_table("t", ignore_missing=True)  #~ drop_table

    def test_rows(self):
        self.assertEqual(1, len(self.table))  #~ len
        self.assertIn("t", self.conn.table_names())  #~ table_names
        self.assertEqual(["id", "v"], self.table.schema.names)  #~ schema

    def test_add(self):
        self.table.add([{"id": 2, "v": "b"}])  #~ add
        self.assertEqual(2, self.table.count_rows("id > 0"))  #~ count_rows

    @mock.patch("lancedb.connect")
    def test_patched(self, connect):
        connect.return_value.table_names.return_value = ["x"]
        self.assertEqual(["x"], connect("uri").table_names())

    def test_bad_delete(self):
        with self.assertRaises(OSError):  #? OSError
            self.table.delete("nonsense ===")  #~ delete

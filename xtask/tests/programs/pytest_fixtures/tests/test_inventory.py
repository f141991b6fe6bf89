import pytest

from inventory import restock, sold_out, stock_of


def test_restock_known(stock):
    restock(stock, "hammer", 6)
    assert stock_of(stock, "hammer") == 10


def test_restock_new(stock):
    restock(stock, "drill", 2)
    assert stock_of(stock, "drill") == 2
    assert stock.count_rows() == 4


def test_sold_out(stock):
    print("sold out:", sold_out(stock))
    assert sold_out(stock) == ["saw"]


def test_full(full_stock):
    assert sold_out(full_stock) == []


def test_unknown(stock):
    with pytest.raises(LookupError, match="wrench"):
        stock_of(stock, "wrench")


@pytest.mark.parametrize("item, amount", [("nail", 500), ("hammer", 4), ("saw", 0)])
def test_start(stock, item, amount):
    assert stock_of(stock, item) == amount

import database
from reports import customers, total


def order(number, customer, amount):
    database.orders.add([{"id": number, "customer": customer, "total": amount}])


if __name__ == "__main__":
    order(2, "Bob", 3.25)
    order(3, "Ada", 7.5)
    for customer in customers():
        print(customer, total(customer))
    print(database.db.table_names(), database.orders.count_rows())

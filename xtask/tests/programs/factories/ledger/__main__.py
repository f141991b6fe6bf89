from . import open_book


def main():
    accounts = open_book("accounts", "ledger-db")
    journal = open_book("journal", "ledger-db")
    rent = accounts.create(" Rent ")
    print(rent, accounts.create("rent"), accounts.number("CASH"), accounts.number("gold"))
    journal.book(rent, -700).book(100, 700)
    journal.book(rent, 25)
    print(journal.balance(rent), journal.balance(100), sorted(accounts.cache))


if __name__ == "__main__":
    main()

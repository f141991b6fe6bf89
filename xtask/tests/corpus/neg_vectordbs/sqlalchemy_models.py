from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, select
from sqlalchemy.orm import Session

engine = create_engine("sqlite://")
metadata = MetaData()
table = Table("items", metadata, Column("id", Integer), Column("name", String), schema=None)
metadata.create_all(engine)


def rows(name):
    with engine.connect() as connection:
        query = select(table).where(table.c.name == name).limit(3).offset(1)
        result = connection.execute(query)
        print(table.schema, table.name)
        return [r.id for r in result]


def save(item):
    with Session(engine) as session:
        session.add(item)
        session.merge(item)
        session.delete(item)
        session.execute(table.update().values(name="x"))
        session.commit()

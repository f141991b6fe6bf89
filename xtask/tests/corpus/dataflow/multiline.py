from lancedb import connect

db = connect(  #~ connect
    "data/lines",
    read_consistency_interval=None,
)

tbl = (
    db
    .open_table(  #~ open_table
        "lines",
    )
)

#^ search
df = tbl.search([0.1, 0.2, 0.3], vector_column_name="vec") \
    .limit(10) \
    .nprobes(20) \
    .refine_factor(10) \
    .select(["id", "text"]) \
    .to_pandas()  #~ to_pandas

#^ len, version
header = f"""{len(tbl)} rows in version {tbl.version}
of the table {tbl.name}
"""

message = f"""
Summary of {tbl.name}
first: {df.iloc[0]["id"]}
"""

query = (
    tbl.search([0.0, 1.0, 2.0])  #~ search
    .metric("dot")  #~ metric
    .where("price > 10")  #~ where
    .with_row_id(True)  #~ with_row_id
    .offset(20)  #~ offset
    .limit(5)  #~ limit
)
plan = query.explain_plan(verbose=True)  #~ explain_plan
#^ to_arrow
rows = """%s""" % query.to_arrow(
).num_rows

print(header, message, plan, rows, len(df))

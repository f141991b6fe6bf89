import lancedb
from flask import Flask, abort, current_app, g, jsonify, request

app = Flask(__name__)
app.config.update(LANCE_URI="data/flask")


def get_db():
    if "db" not in g:
        g.db = lancedb.connect(current_app.config["LANCE_URI"])  #~ connect
    return g.db


@app.before_request
def open_table():
    g.table = get_db().open_table("items")  #~ open_table


@app.teardown_appcontext
def close(exc):
    g.pop("db", None)


@app.get("/items")
def items():
    rows = g.table.search().limit(int(request.args.get("n", 10))).to_list()  #~ search, to_list
    if not rows:
        abort(404)
    return jsonify(rows)


@app.post("/items")
def create():
    body = request.get_json()
    body.update(owner="me")
    g.table.add([body])  #~ add
    return jsonify(rows=g.table.count_rows(), version=g.table.version)  #~ count_rows, version


@app.post("/tables/<name>")
def make(name):
    try:
        get_db().create_table(name, request.get_json())  #~ create_table
    except OSError:  #~ OSError
        abort(409)
    return "", 201

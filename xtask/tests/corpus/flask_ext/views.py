from flask import Blueprint, jsonify

from .extension import Lance, lance

bp = Blueprint("views", __name__)


@bp.route("/size/<name>")
def size(name):
    return jsonify(lance[name].count_rows())  #~ count_rows


@bp.route("/tables")
def tables():
    with lance as db:
        listing = [(n, db.open_table(n).version) for n in db.table_names()]  #~ open_table, version, table_names
    return jsonify(listing)


@bp.cli.command("gc")
def gc():
    lance.conn.open_table("items").cleanup_old_versions()  #~ open_table, cleanup_old_versions


def make_app_context(uri):
    other = Lance()
    for row in other["items"].search().limit(5).to_list():  #~ search, to_list
        yield row["id"], len(row)

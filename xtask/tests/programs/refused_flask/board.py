from flask import Flask, current_app, g, jsonify, request

from store import messages, newest


def table():
    if "table" not in g:
        g.table = messages(current_app.config["PATH"])
    return g.table


def create_app(path):
    app = Flask(__name__)
    app.config["PATH"] = path

    @app.post("/messages")
    def post():
        text = request.get_json()["text"]
        number = table().count_rows() + 1
        table().add([{"id": number, "text": text}])
        return jsonify(id=number), 201

    @app.get("/messages")
    def index():
        return jsonify([row["text"] for row in newest(table(), request.args.get("n", 10, int))])

    @app.delete("/messages/<int:number>")
    def delete(number):
        if not table().count_rows(f"id = {number}"):
            return jsonify(error="no such message"), 404
        table().delete(f"id = {number}")
        return "", 204

    return app

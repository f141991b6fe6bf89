from board import create_app

client = create_app("board-db").test_client()
for text in ("hello", "anybody here?", "yes"):
    print(client.post("/messages", json={"text": text}).get_json())
print(client.get("/messages?n=2").get_json())
print(client.delete("/messages/2").status_code, client.delete("/messages/2").get_json())
print(client.get("/messages").get_json())

from pkg import a, b


def confirm(proxy: "b.TableProxy") -> bool:
    return proxy.raw.version > 1 and proxy.count() == 0  #~ version


def build(path):
    repo = a.Repository(path)
    proxy = repo.table("things")
    proxy.raw.add([{"id": 1}])  #~ add
    return proxy.raw.to_arrow()  #~ to_arrow

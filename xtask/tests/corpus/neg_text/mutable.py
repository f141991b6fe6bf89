import re


def collect(lines):
    seen, table, db = set(), [], {}
    for line in lines:
        match = re.search(r"lancedb==(\S+)", line)
        if match and match.group(1) not in seen:
            seen.add(match.group(1))
            table.insert(0, match.group(1))
            db.update({match.group(1): line})
    for name in db:
        print(name, len(db), db[name])
    return sorted(table, key=len), table.count("0.14.0")

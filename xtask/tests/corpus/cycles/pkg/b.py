from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .a import Repository


class TableProxy:
    def __init__(self, repo: Repository, name: str):
        self.repo = repo
        self.name = name

    def count(self):
        return self.repo.raw(self.name).count_rows()  #~ count_rows

    def drop(self):
        from .c import confirm

        if confirm(self):
            self.repo.client.drop_table(self.name)  #~ drop_table

    @property
    def raw(self):
        return self.repo.raw(self.name)

from .a import Repository

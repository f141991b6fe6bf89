from .registry import *
from .types import Ctx

from .extension import Lance as Lance, lance
from .views import bp

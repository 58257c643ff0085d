"""Where things are for tests. Imported before anything asks sitebuild for the site's address, which
it reads once.
"""

import os
import socket
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    PORT = free.getsockname()[1]
os.environ["AWAITED_SITE"] = f"http://127.0.0.1:{PORT}/"

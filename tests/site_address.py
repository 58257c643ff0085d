"""Where the site that the browser tests visit will stand. Imported before anything of sitebuild, which reads it once."""

import os
import socket

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    PORT = free.getsockname()[1]
os.environ["AWAITED_SITE"] = f"http://127.0.0.1:{PORT}/"

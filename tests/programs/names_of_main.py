"""What a program finds around itself."""

import sys

print(__name__, __doc__, __spec__, __package__, type(__builtins__).__name__)
print(
    sorted(
        name for name in globals() if name not in ("__annotations__", "__conditional_annotations__")
    )
)
print(sys.argv[1:], sys.modules["__main__"].__dict__ is globals(), type(__loader__).__name__)
print(
    sys.excepthook is sys.__excepthook__,
    sys.stdout is sys.__stdout__,
    sys.gettrace(),
    sys.getprofile(),
    sys.getrecursionlimit(),
)
value: int = 1
print(__annotations__ if sys.version_info < (3, 14) else "")
print(len([path for path in sys.path if "loopscope" in path]))
import os

print(sorted(name for name in os.environ if "LOOPSCOPE" in name), os.environ.get("PYTHONPATH"))
import pickle


class Point:
    pass


print(type(pickle.loads(pickle.dumps(Point()))) is Point)

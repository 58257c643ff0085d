"""Imported by a new interpreter before the program that it is to run: starts the recording, then steps aside.

`supervisor.spawn` puts this folder on PYTHONPATH and the plan into LOOPSCOPE_PLAN. Both are gone before the program can see them.
"""

import importlib.machinery
import importlib.util
import json
import os
import sys


def _begin() -> None:
    here = os.path.dirname(__file__)
    sys.path.remove(here)
    if "LOOPSCOPE_PLAN" not in os.environ:
        return  # one more interpreter in the process that is recorded already
    told = json.loads(os.environ.pop("LOOPSCOPE_PLAN"))
    if told["pythonpath"] is None:
        del os.environ["PYTHONPATH"]
    else:
        os.environ["PYTHONPATH"] = told["pythonpath"]
    root = os.path.dirname(os.path.dirname(here))
    sys.path.insert(0, root)
    try:
        from loopscope.inside import Plan, begin
    finally:
        sys.path.remove(root)
    begin(Plan(**told["plan"]))


def _step_aside() -> None:
    """Run the sitecustomize that this one stands in front of, if the machine has one."""
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize")
    if spec is not None and spec.loader is not None:
        sys.modules["sitecustomize"] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)


_begin()
_step_aside()

"""A loop's ready queue, which reports to the recorder what happens to it.

asyncio keeps the handles that are ready in a deque: it appends a handle when something becomes
ready, removes it with `popleft` when its turn comes, and checks whether the deque is empty before
it polls for more. These three operations are replaced here.
"""

from __future__ import annotations

import collections
import functools
import itertools
import weakref
from _thread import get_ident
from asyncio import base_events
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..limits import MAX_QUEUE_ENTRIES
from ..trace.events import QueueEntry, Timer
from .handles import BOUND, TIMER, callback_name, coro_of, qualified_name, task_of
from .interrupts import defer_interrupt
from .timers import Timers

if TYPE_CHECKING:
    from .open_steps import OpenStep
    from .recorder import Recorder

_append, _popleft = collections.deque.append, collections.deque.popleft


class ReadyQueue(collections.deque[Any]):
    """The ready queue of a loop whose steps are recorded.

    Attributes:
        loop: A weak reference to the loop.
        polling: Whether the loop is polling for more to do, and has not begun to run that.
        from_selector: `id()` of each handle that came from the selector and has not had its turn.
        last_handle: A weak reference to the handle that was removed last; its callback is
            `handle_freed`.
        step: The step that this handle began.
        left: How many handles the last step left behind.
        unrecorded_task: Past the limit of steps, a weak reference to the task whose turn it is.
        handle_freed: Called when the loop has released the last handle.
    """

    def __init__(self, recorder: Recorder, loop: Any) -> None:
        """Make an empty queue for a loop."""
        super().__init__()
        self.loop = weakref.ref(loop)
        self.polling = False
        self.from_selector: set[int] = set()
        self.last_handle: weakref.ref[Any] | None = None
        self.step: OpenStep | None = None
        self.left = 0
        self.unrecorded_task: weakref.ref[Any] | None = None
        self.handle_freed: Callable[[weakref.ref[Any]], object] = functools.partial(
            recorder.guarded_callback, recorder.turns.handle_freed, weakref.ref(self)
        )
        self._recorder, self._turns = recorder, recorder.turns
        self._guarded_call = recorder.guarded_call
        self._known_tasks = recorder.tasks.numbers
        self._thread = get_ident()
        self._timers = Timers()
        # The number of the task that each handle steps, None for another callback, so that the end
        # of a step need not look at each handle. If it differs from the queue in length, something
        # is missing (a thread has appended a handle, or the program has by other means) and it is
        # not used. It is never the longer one, so both can only become equally long again at 0.
        self._task_numbers: collections.deque[int | None] = collections.deque()

    # `_kept` holds what must outlive the method's frame (see `Guard.guarded_call`). A signal
    # handler of the program's may raise at any line here, and no handle must be lost by that.

    def __bool__(self) -> bool:
        _kept = self._guarded_call(self._turns.turn_ended, self)
        self.polling = True
        self._thread = get_ident()
        return self.__len__() > 0

    def append(self, handle: Any) -> None:
        number = None
        try:
            callback = handle._callback
            # Most handles step a known task, of which there is nothing to report.
            if type(callback) in BOUND:
                number = self._known_tasks.get(id(callback.__self__))
            if number is None:
                _kept = self._guarded_call(self._turns.made_ready, self, handle)
        except KeyboardInterrupt as problem:
            _kept = defer_interrupt(problem)
        finally:
            _append(self, handle)
        if get_ident() == self._thread:
            self._task_numbers.append(number)

    def popleft(self) -> Any:
        _kept = self._guarded_call(self._turns.next_step, self)
        self.polling = False
        if self._task_numbers:
            self._task_numbers.popleft()
        return _popleft(self)

    @property
    def clear(self) -> Callable[[], None]:
        """The method that empties the queue, as the loop does when it closes.

        A property, so that what is destroyed along with the handles is not destroyed in a frame of
        loopscope.
        """
        _kept = self._guarded_call(self._turns.turn_ended, self)
        return super().clear

    # What is recorded at the end of a step

    def entries(self) -> tuple[tuple[QueueEntry, ...], int]:
        """Return the first entries that are ready, and how many more there are."""
        count = len(self)
        if len(self._task_numbers) == count:
            first: tuple[Any, ...] = tuple(itertools.islice(self._task_numbers, MAX_QUEUE_ENTRIES))
            if None not in first:
                return first, count - len(first)
        counter = itertools.count()  # advanced once for each handle
        waiting = (
            handle for handle, _ in zip(self, counter, strict=False) if not handle._cancelled
        )
        ready = tuple(
            [self._entry(handle) for handle in itertools.islice(waiting, MAX_QUEUE_ENTRIES)]
        )
        # Cancelled ones among them are counted: checking all after each step would take long.
        return ready, count - next(counter)

    def live_count(self) -> int | None:
        """Return how many entries are ready; None if they are more than the end of a step lists."""
        handles = [*self]  # at once, since threads may append more
        if len(handles) > MAX_QUEUE_ENTRIES:
            return None
        return sum(not handle._cancelled for handle in handles)

    def _entry(self, handle: Any) -> QueueEntry:
        """Return a task that will step, by number, or a callback, by name."""
        task = task_of(handle)
        if task is not None:
            return self._recorder.number_of(task) or qualified_name(coro_of(task))
        woken = self._recorder.tasks.woken_by(handle) if isinstance(handle, TIMER) else None
        return callback_name(handle) if woken is None else ("timer of ", woken)

    def timers(self, loop: Any, began: float) -> tuple[Timer, ...] | None:
        """Return the loop's next timers, or None if they cannot be read.

        Args:
            loop: The loop whose ready queue this is.
            began: The loop's time when the program began, in seconds.
        """
        if not loop._scheduled:
            return ()
        due = self._timers.earliest(loop, began, MAX_QUEUE_ENTRIES)
        if due is None:
            return None
        tasks = self._recorder.tasks
        return tuple([(when, tasks.woken_by(one) or callback_name(one)) for when, one in due])


class UnrecordedQueue(ReadyQueue):
    """A ready queue past the limit of steps.

    Only the ends of tasks are recorded then, and that should cost little.
    """

    def append(self, handle: Any) -> None:
        try:
            callback = handle._callback
            if type(callback) not in BOUND or id(callback.__self__) not in self._known_tasks:
                _kept = self._guarded_call(self._turns.made_ready, self, handle)
        except KeyboardInterrupt as problem:
            _kept = defer_interrupt(problem)
        finally:
            _append(self, handle)

    def popleft(self) -> Any:
        _kept = self._guarded_call(self._turns.next_unrecorded_step, self)
        return _popleft(self)


def queue_of(loop: Any) -> ReadyQueue | None:
    """Return the queue of a loop that is recorded, None for any other loop."""
    if not issubclass(type(loop), base_events.BaseEventLoop):
        return None  # reading its attribute could run code of the program's
    queue = getattr(loop, "_ready", None)
    return queue if issubclass(type(queue), ReadyQueue) else None

"""Random asyncio programs: valid, short-lived, and full of ties.

In:  a seed and the Python version that the program is for. Out: a `Program`, a tree of statements
     that knows its source and the smaller programs that it can be reduced to.

The same seed and version give the same program on every Python. Delays are multiples of `GRID`, so
that on a real clock events of different delays stand far enough apart for a busy machine, and those
of the same sum of delays fall due together. Whether asyncio decides the order of what falls due
together is not known here: see `clock_jitter`.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

GRID = 0.05
"""Seconds; every delay is a multiple."""


@dataclass(frozen=True)
class Statement:
    """Lines of source; a list among them is the block of the line before it."""

    parts: tuple[str | tuple[Statement, ...], ...]

    def lines(self, indent: int = 0) -> Iterator[str]:
        for part in self.parts:
            if isinstance(part, str):
                yield "    " * indent + part
            else:
                yield from _block_lines(part, indent + 1)

    def smaller(self) -> Iterator[tuple[Statement, ...]]:
        """What can stand in its place in a smaller program: nothing, one of its blocks, itself with
        less in it.
        """
        yield ()
        for part in self.parts:
            if isinstance(part, tuple):
                yield part
        for index, part in enumerate(self.parts):
            if isinstance(part, tuple):
                for block in _smaller_blocks(part):
                    yield (Statement((*self.parts[:index], block, *self.parts[index + 1 :])),)
            elif (count := re.search(r"range\((\d)\)", part)) and int(count[1]) > 1:
                fewer = part.replace(count[0], f"range({int(count[1]) - 1})")
                yield (Statement((*self.parts[:index], fewer, *self.parts[index + 1 :])),)


Block = tuple[Statement, ...]


def _block_lines(block: Block, indent: int) -> Iterator[str]:
    if not block:
        yield "    " * indent + "pass"
    for statement in block:
        yield from statement.lines(indent)


def _smaller_blocks(block: Block) -> Iterator[Block]:
    if len(block) > 3:
        yield block[len(block) // 2 :]
        yield block[: len(block) // 2]
    for index, statement in enumerate(block):
        for instead in statement.smaller():
            yield (*block[:index], *instead, *block[index + 1 :])


@dataclass(frozen=True)
class Program:
    """A whole program."""

    seed: int
    functions: Block  # `main` last

    def source(self) -> str:
        code = "\n\n\n".join("\n".join(function.lines()) for function in self.functions)
        helpers = "\n\n".join(text for name, text in _HELPERS.items() if f"{name}(" in code)
        words = set(re.findall(r"\w+", code + helpers))
        shared = [f"{name} = {made}" for name, made in _SHARED.items() if name in words]
        words |= {"asyncio", *re.findall(r"\w+", " ".join(shared))}
        imports = [f"import {name}" for name in _IMPORTS if name in words]
        head = [f'"""A random program: seed {self.seed}."""', "", *imports, "", *shared]
        parts = ["\n".join(head).strip(), helpers.strip(), code, _START]
        return "\n\n\n".join(part for part in parts if part)

    def smaller(self) -> Iterator[Program]:
        """Programs with a little less in them, the smallest first. Not all of them are valid."""
        for functions in _smaller_blocks(self.functions):
            if functions and functions[-1].parts[0] == self.functions[-1].parts[0]:
                yield Program(self.seed, functions)


def generate(seed: int, version: tuple[int, int]) -> Program:
    """The program of a seed.

    Args:
        seed: Any integer. version: The Python that it is to run on; newer ones have more to offer
        (`TaskGroup`, eager tasks).
    """
    return _Generator(seed, version).program()


def reduce(program: Program, still_fails: Callable[[Program], bool], budget: int = 500) -> Program:
    """The smallest program found that fails as `program` does, by leaving out one thing after the
    other.

    Args:
        program: A program that fails.
        still_fails: Whether a smaller one does. It is also asked about programs that are not valid.
        budget: How often it may be asked.
    """
    position, progress = 0, False
    while budget > 0:
        candidate = next(itertools.islice(program.smaller(), position, None), None)
        if candidate is None:  # all have been tried since the last round began
            if not progress:
                break
            position, progress = 0, False
            continue
        budget -= 1
        if still_fails(candidate):
            program, progress = candidate, True
        else:
            position += 1
    return program


@dataclass
class _Scope:
    """What the code at one place may use."""

    function: str
    level: int  # 0 in main, 1 in what it starts, and so on
    numbered: bool  # there is an `n`, different in each task that runs this
    tasks: list[str] = field(default_factory=list)  # variables that hold tasks
    depth: int = 0  # of blocks

    def inner(self) -> _Scope:
        return _Scope(self.function, self.level, self.numbered, list(self.tasks), self.depth + 1)


_HELPERS = {
    "describe": """\
def describe(error):
    if hasattr(error, "exceptions"):
        return f"{type(error).__name__}[{', '.join(map(describe, error.exceptions))}]"
    return f"{type(error).__name__}({error})"
""",
    "numbers": """\
async def numbers(count, pause):
    try:
        for number in range(count):
            await asyncio.sleep(pause)
            yield number
    finally:
        print("numbers: closed")
""",
    "connection": """\
@contextlib.asynccontextmanager
async def connection(name, pause):
    print(f"{name}: opening")
    await asyncio.sleep(pause)
    try:
        yield name.upper()
    except ValueError as error:
        print(f"{name}: {describe(error)} passes through")
        raise
    finally:
        await asyncio.sleep(pause)
        print(f"{name}: closed")
""",
}
_START = 'if __name__ == "__main__":\n    asyncio.run(main())\n'
_IMPORTS = ("asyncio", "contextlib", "contextvars", "time")
_SHARED = {
    "lock": "asyncio.Lock()",
    "semaphore": "asyncio.Semaphore(2)",
    "ready": "asyncio.Event()",
    "changed": "asyncio.Condition()",
    "jobs": "asyncio.Queue(maxsize=2)",
    "urgent": "asyncio.PriorityQueue()",
    "barrier": "asyncio.Barrier(3)",
    "request": 'contextvars.ContextVar("request", default="none")',
    "finished": "[]",
}


class _Generator:
    MAX_LEVEL = 3

    def __init__(self, seed: int, version: tuple[int, int]) -> None:
        self.seed = seed
        self.rng = rng = random.Random(seed)
        self.version = version
        self.functions: list[Statement] = []
        self.used: set[str] = set()
        self.points = 0
        self.names = 0
        self.room = rng.choice((12, 20, 30, 45))  # statements that may still be written
        # a delay that comes often, so that there are ties
        self.favourite = rng.choice((1, 1, 2, 3))

    def program(self) -> Program:
        scope = _Scope("main", 0, numbered=False)
        start: list[Statement] = []
        if self.version >= (3, 12) and self.rng.random() < 0.2:
            start.append(
                line("asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)")
            )
        body = [
            *self.block(scope, self.rng.randint(3, 7), fan_out=True),
            *self.await_tasks(scope),
            self.say(scope, "end"),
        ]
        if "promise" in self.used:
            start = [
                line("global promise"),
                line("promise = asyncio.get_running_loop().create_future()"),
                *start,
            ]
        main = Statement(("async def main():", (*start, *body)))
        return Program(self.seed, (*self.functions, main))

    # Small things

    def maybe(self, chance: float) -> bool:
        return self.rng.random() < chance

    def name(self, base: str) -> str:
        self.names += 1
        return f"{base}{self.names}"

    def use(self, name: str) -> str:
        self.used.add(name)
        return name

    def text(self, scope: _Scope, what: str) -> str:
        """A string that says where the program is: different at each place and, as far as possible,
        in each task.
        """
        self.points += 1
        number = " {n}" if scope.numbered else ""
        return f'f"{scope.function}{number}: {what} {self.points}"'

    def say(self, scope: _Scope, what: str = "at") -> Statement:
        return line(f"print({self.text(scope, what)})")

    def delay(self, scope: _Scope, least: int = 0) -> str:
        """Seconds, as an expression. In numbered tasks some differ and some are equal."""
        steps = self.rng.choice((0, 1, 1, 2, 3, *[self.favourite] * 5))
        if scope.numbered and self.maybe(0.3):
            return (
                f"{GRID} * (n % {self.rng.choice((2, 3))} + {max(least, self.rng.randint(0, 1))})"
            )
        return f"{GRID * max(least, steps):.2f}"

    def sleep(self, scope: _Scope) -> Statement:
        return line(f"await asyncio.sleep({self.delay(scope)})")

    def error(self, scope: _Scope) -> str:
        return f"{self.rng.choice(('ValueError', 'KeyError', 'RuntimeError'))}({self.text(scope, 'error')})"

    # Blocks

    def block(self, scope: _Scope, size: int, fan_out: bool = False) -> list[Statement]:
        """Statements, of which at least one waits when `size` is 2 or more."""
        statements: list[Statement] = []
        for index in range(size):
            if self.room <= 0 and index > 1:
                break
            self.room -= 1
            statements += self.statement(scope, fan_out and index == 0)
        return statements

    def statement(self, scope: _Scope, fan_out: bool) -> list[Statement]:
        simple = [
            self.one_print,
            self.one_print,
            self.one_sleep,
            self.one_sleep,
            self.one_sleep,
            self.callback,
            self.signalling,
        ]
        waiting = [self.waiting, self.waiting, self.waiting]
        nesting = [
            self.loop,
            self.guarded_block,
            self.protected,
            self.locked,
            self.conditional,
            self.iteration,
            self.connection,
        ]
        starting = [
            self.spawn,
            self.spawn,
            self.gather,
            self.group,
            self.group,
            self.wait,
            self.as_completed,
            self.call,
            self.wait_for,
        ]
        special = [
            self.cancel,
            self.cancel,
            self.context,
            self.raising,
            self.blocking,
            self.cancel_self,
            self.await_one,
        ]
        choices = [*simple, *waiting, *special]
        if scope.depth < 3 and self.room > 0:
            choices += nesting
            if scope.level < self.MAX_LEVEL and len(self.functions) < 7:
                choices += starting if scope.level else starting * 2
                if fan_out:
                    choices = starting
        return self.rng.choice(choices)(scope)

    def one_print(self, scope: _Scope) -> list[Statement]:
        return [self.say(scope)]

    def one_sleep(self, scope: _Scope) -> list[Statement]:
        return (
            [self.sleep(scope), self.say(scope, "slept")]
            if self.maybe(0.7)
            else [self.sleep(scope)]
        )

    def blocking(self, scope: _Scope) -> list[Statement]:
        return (
            [line(f"time.sleep({self.delay(scope, least=1)})")]
            if self.maybe(0.5)
            else self.one_sleep(scope)
        )

    def raising(self, scope: _Scope) -> list[Statement]:
        if not scope.level:
            return self.one_print(scope)
        throw = line(f"raise {self.error(scope)}")
        if scope.numbered and self.maybe(0.7):
            return [Statement((f"if n == {self.rng.randint(0, 2)}:", (throw,)))]
        return [throw] if self.maybe(0.4) else self.one_sleep(scope)

    def loop(self, scope: _Scope) -> list[Statement]:
        turn = self.name("turn")
        body = [
            *self.block(scope.inner(), self.rng.randint(1, 2)),
            line(f"print({self.text(scope, f'{{{turn}}}')})"),
        ]
        return [Statement((f"for {turn} in range({self.rng.randint(2, 3)}):", tuple(body)))]

    def conditional(self, scope: _Scope) -> list[Statement]:
        if not scope.numbered:
            return self.one_sleep(scope)
        return [
            Statement(
                (f"if n % 2 == {self.rng.randint(0, 1)}:", tuple(self.block(scope.inner(), 2)))
            )
        ]

    def protected(self, scope: _Scope) -> list[Statement]:
        """A block whose cancellation is noticed: cleaned up after, passed on, turned into an error,
        or swallowed.
        """
        body = (*self.block(scope.inner(), self.rng.randint(1, 3)), self.sleep(scope))
        clean: list[Statement] = [self.say(scope, "cleaning up")]
        if self.maybe(0.4):
            clean += [self.sleep(scope), self.say(scope, "cleaned up")]
        if self.maybe(0.4):
            return [Statement(("try:", body, "finally:", tuple(clean)))]
        last = self.rng.choice(("raise", "raise", "raise", "pass", f"raise {self.error(scope)}"))
        if not scope.level and last != "pass":
            last = "raise"
        handler = (*clean, line(last))
        return [Statement(("try:", body, "except asyncio.CancelledError:", handler))]

    def guarded_block(self, scope: _Scope) -> list[Statement]:
        body = (*self.block(scope.inner(), self.rng.randint(1, 3)), self.sleep(scope))
        if self.version < (3, 11):
            return list(body)
        return self.timed_out(
            scope, f"async with asyncio.timeout({self.delay(scope, least=1)}):", body
        )

    def timed_out(self, scope: _Scope, head: str | None, body: Block) -> list[Statement]:
        inner = (Statement((head, body)),) if head else body
        return [
            Statement(
                ("try:", inner, "except asyncio.TimeoutError:", (self.say(scope, "timed out"),))
            )
        ]

    def locked(self, scope: _Scope) -> list[Statement]:
        shared = self.use(self.rng.choice(("lock", "semaphore")))
        return [
            Statement(
                (
                    f"async with {shared}:",
                    (self.say(scope, f"has {shared}"), *self.block(scope.inner(), 2)),
                )
            )
        ]

    def iteration(self, scope: _Scope) -> list[Statement]:
        number, numbers = self.name("number"), self.use("numbers")
        made = f"{numbers}({self.rng.randint(1, 3)}, {self.delay(scope)})"
        seen = line(f"print({self.text(scope, f'{{{number}}}')})")
        if self.maybe(0.5):
            return [
                Statement((f"async for {number} in {made}:", (seen, *self.block(scope.inner(), 1))))
            ]
        source = self.name("source")
        leave = Statement((f"if {number}:", (line("break"),)))
        loop = Statement((f"async for {number} in {source}:", (seen, leave)))
        return [Statement((f"async with contextlib.aclosing({made}) as {source}:", (loop,)))]

    def connection(self, scope: _Scope) -> list[Statement]:
        self.use("connection")
        opened = self.name("opened")
        body = (
            line(f"print({self.text(scope, f'uses {{{opened}}}')})"),
            *self.block(scope.inner(), 2),
        )
        return [
            Statement(
                (
                    f"async with connection({self.text(scope, 'db')}, {self.delay(scope)}) as {opened}:",
                    body,
                )
            )
        ]

    # What waits for others, and what lets them go on

    def waiting(self, scope: _Scope) -> list[Statement]:
        expression, found = self.rng.choice(
            [
                (f"{self.rng.choice(('ready', 'ready'))}.wait()", "ready"),
                ("jobs.get()", "jobs"),
                (f"jobs.put({self.text(scope, 'job')})", "jobs"),
                ("urgent.get()", "urgent"),
                ("jobs.join()", "jobs"),
                ("lock.acquire()", "lock"),
                ("asyncio.shield(promise)", "promise"),
                ("barrier.wait()", "barrier"),
                ("changed.wait()", "changed"),
            ]
        )
        if found == "barrier" and self.version < (3, 11):
            expression, found = "ready.wait()", "ready"
        self.use(found)
        value = self.name("value")
        called = expression.partition("(")[0]
        show = (line(f"print({self.text(scope, f'{called} gave {{{value}}}')})"),)
        after: Block = ()
        if expression == "lock.acquire()":
            after = (*self.block(scope.inner(), 1), line("lock.release()"))
        elif expression in ("jobs.get()",) and self.maybe(0.8):
            after = (*self.block(scope.inner(), 1), line("jobs.task_done()"))
        if found == "changed":
            guarded = self.guard(scope, value, expression)
            return [Statement(("async with changed:", (*guarded,)))]
        if self.maybe(0.3):
            return [line(f"{value} = await {expression}"), *show, *after]
        return self.guard(scope, value, expression, (*show, *after))

    def guard(
        self, scope: _Scope, value: str, expression: str, after: Block = ()
    ) -> list[Statement]:
        limit = self.delay(scope, least=1)
        if self.version >= (3, 11) and self.maybe(0.5):
            assign = line(f"{value} = await {expression}")
            return self.timed_out(scope, f"async with asyncio.timeout({limit}):", (assign, *after))
        return self.timed_out(
            scope, None, (line(f"{value} = await asyncio.wait_for({expression}, {limit})"), *after)
        )

    def signalling(self, scope: _Scope) -> list[Statement]:
        kind = self.rng.choice(("ready", "ready", "jobs", "urgent", "changed", "promise", "clear"))
        self.use("ready" if kind == "clear" else kind)
        if kind == "ready":
            return [line("ready.set()")]
        if kind == "clear":
            return [line("ready.clear()")]
        if kind == "jobs":
            return self.guard(scope, "_", f"jobs.put({self.text(scope, 'job')})")
        if kind == "urgent":
            return [line(f"urgent.put_nowait({self.text(scope, 'urgent')})")]
        if kind == "changed":
            return [
                Statement(
                    (
                        "async with changed:",
                        (
                            line(
                                f"changed.{self.rng.choice(('notify()', 'notify(2)', 'notify_all()'))}"
                            ),
                        ),
                    )
                )
            ]
        give = self.rng.choice(
            (
                f"set_result({self.text(scope, 'result')})",
                f"set_exception({self.error(scope)})",
                "cancel()",
            )
        )
        return [Statement(("if not promise.done():", (line(f"promise.{give}"),)))]

    def callback(self, scope: _Scope) -> list[Statement]:
        loop = "asyncio.get_running_loop()"
        what = f"print, {self.text(scope, 'callback')}"
        kind = self.rng.choice(("soon", "later", "later", "at", "cancelled", "signal"))
        if kind == "soon":
            return [line(f"{loop}.call_soon({what})")]
        if kind == "later":
            return [line(f"{loop}.call_later({self.delay(scope)}, {what})")]
        if kind == "at":
            return [line(f"{loop}.call_at({loop}.time() + {self.delay(scope)}, {what})")]
        if kind == "signal":
            self.use("ready")
            return [line(f"{loop}.call_later({self.delay(scope)}, ready.set)")]
        handle = self.name("handle")
        return [
            line(f"{handle} = {loop}.call_later({self.delay(scope, least=1)}, {what})"),
            *self.one_sleep(scope),
            line(f"{handle}.cancel()"),
        ]

    def context(self, scope: _Scope) -> list[Statement]:
        self.use("request")
        if self.maybe(0.5):
            return [line(f"request.set({self.text(scope, 'request')})"), *self.one_sleep(scope)]
        return [line(f"print({self.text(scope, '{request.get()}')})")]

    # Tasks

    def worker(self, scope: _Scope, numbered: bool) -> str:
        """Write a coroutine function for a task of its own, and give its name; an older one will
        sometimes do.
        """
        name = self.name(self.rng.choice(("fetch", "worker", "send", "watch")))
        inner = _Scope(name, scope.level + 1, numbered)
        body = self.block(inner, self.rng.randint(1, 5 - scope.level))
        if self.maybe(0.6):
            body.insert(0, self.sleep(inner) if self.maybe(0.6) else self.say(inner, "begins"))
        body += [*self.await_tasks(inner), self.say(inner, "ends")]
        if self.maybe(0.3):
            self.use("finished")
            body = [
                Statement(
                    (
                        "try:",
                        tuple(body),
                        "finally:",
                        (line(f"finished.append({self.text(inner, 'finished')})"),),
                    )
                )
            ]
        body.append(line(f"return {self.text(inner, 'result')}"))
        self.functions.append(Statement((f"async def {name}(n):", tuple(body))))
        return name

    def many(self, scope: _Scope) -> tuple[str, str, str]:
        """Several tasks of a kind: the loop's head, the coroutine, and a name for its task."""
        number, worker = self.name("i"), self.worker(scope, True)
        count = self.rng.randint(2, 6 - scope.level)
        return f"for {number} in range({count})", f"{worker}({number})", f'f"{worker}-{{{number}}}"'

    def create(self, coroutine: str, name: str) -> str:
        eager = ", eager_start=True" if self.version >= (3, 14) and self.maybe(0.2) else ""
        return f"create_task({coroutine}, name={name}{eager})"

    def spawn(self, scope: _Scope) -> list[Statement]:
        task = self.name("task")
        coroutine = f"{self.worker(scope, False)}(0)"
        name = f'f"{task}-{{n}}"' if scope.numbered else f'"{task}"'
        statements = [line(f"{task} = asyncio.{self.create(coroutine, name)}")]
        scope.tasks.append(task)
        if self.maybe(0.3):
            self.points += 1
            statements.append(
                line(
                    f"{task}.add_done_callback(lambda task: print(f'{{task.get_name()}} is done {self.points}'))"
                )
            )
        return [*statements, *self.block(scope, 1)]

    def await_one(self, scope: _Scope) -> list[Statement]:
        if not scope.tasks:
            return self.waiting(scope)
        task = self.rng.choice(scope.tasks)
        wait = self.rng.choice(
            (
                task,
                task,
                f"asyncio.shield({task})",
                f"asyncio.wait_for({task}, {self.delay(scope, least=1)})",
            )
        )
        show = line(f"print({self.text(scope, f'{task} gave')}, await {wait})")
        return [self.caught(scope, (show,))]

    def await_tasks(self, scope: _Scope) -> list[Statement]:
        """At the end of a function: its tasks are waited for, cancelled, or (sometimes) left over."""
        statements = []
        for task in scope.tasks:
            if self.maybe(0.2):
                continue
            if self.maybe(0.3):
                statements.append(line(f"{task}.cancel()"))
            statements.append(
                self.caught(
                    scope, (line(f"print({self.text(scope, f'{task} gave')}, await {task})"),)
                )
            )
        return statements

    def caught(
        self, scope: _Scope, body: Block, kind: str = "(Exception, asyncio.CancelledError)"
    ) -> Statement:
        return Statement(
            (
                "try:",
                body,
                f"except {kind} as error:",
                (line(f"print({self.text(scope, '{describe(error)}')})"),),
            )
        )

    def cancel(self, scope: _Scope) -> list[Statement]:
        if not scope.tasks:
            return (
                self.spawn(scope)
                if scope.level < self.MAX_LEVEL and self.room > 0
                else self.one_sleep(scope)
            )
        task = self.rng.choice(scope.tasks)
        return [
            line(f"print({self.text(scope, 'cancels')}, {task}.cancel())"),
            *(self.one_sleep(scope) if self.maybe(0.5) else []),
        ]

    def cancel_self(self, scope: _Scope) -> list[Statement]:
        if not scope.level or not self.maybe(0.4):
            return self.one_sleep(scope)
        statements = [line("asyncio.current_task().cancel()"), self.say(scope, "cancelled itself")]
        if self.maybe(0.5):
            swallowed = Statement(
                (
                    "try:",
                    (self.sleep(scope),),
                    "except asyncio.CancelledError:",
                    (self.say(scope, "swallowed"),),
                )
            )
            statements.append(swallowed)
            if self.version >= (3, 11):
                statements.append(line("asyncio.current_task().uncancel()"))
        return statements

    def call(self, scope: _Scope) -> list[Statement]:
        return [
            self.caught(
                scope,
                (
                    line(
                        f"print({self.text(scope, 'called')}, await {self.worker(scope, False)}(0))"
                    ),
                ),
                "Exception",
            )
        ]

    def wait_for(self, scope: _Scope) -> list[Statement]:
        body = line(
            f"print({self.text(scope, 'in time')}, await asyncio.wait_for({self.worker(scope, False)}(0), {self.delay(scope, least=1)}))"
        )
        return [self.caught(scope, (body,), "Exception")]

    def gather(self, scope: _Scope) -> list[Statement]:
        loop, coroutine, _ = self.many(scope)
        if self.maybe(0.5):
            results = self.name("results")
            show = f"print({self.text(scope, 'gathered')}, [describe(one) if isinstance(one, BaseException) else one for one in {results}])"
            return [
                line(
                    f"{results} = await asyncio.gather(*[{coroutine} {loop}], return_exceptions=True)"
                ),
                line(show),
            ]
        body = line(
            f"print({self.text(scope, 'gathered')}, await asyncio.gather(*[{coroutine} {loop}]))"
        )
        return [self.caught(scope, (body,), "Exception")]

    def task_list(self, scope: _Scope) -> tuple[str, Statement]:
        loop, coroutine, name = self.many(scope)
        tasks = self.name("tasks")
        return tasks, line(f"{tasks} = [asyncio.{self.create(coroutine, name)} {loop}]")

    def group(self, scope: _Scope) -> list[Statement]:
        if self.version < (3, 11):
            return self.gather(scope)
        group = self.name("group")
        loop, coroutine, name = self.many(scope)
        start = Statement((f"{loop}:", (line(f"{group}.{self.create(coroutine, name)}"),)))
        body = [start, *(self.block(scope.inner(), 1) if self.maybe(0.4) else [])]
        if self.maybe(0.3):
            body.insert(
                self.rng.randint(0, 1),
                line(
                    f"{group}.{self.create(f'{self.worker(scope, False)}(0)', repr(self.name('extra')))}"
                ),
            )
        inner: list[Statement] = [
            Statement((f"async with asyncio.TaskGroup() as {group}:", tuple(body))),
            self.say(scope, "group is done"),
        ]
        if "finished" in self.used and self.maybe(0.7):
            inner.append(line("print(sorted(finished))"))
        if self.maybe(0.5):
            return [self.caught(scope, tuple(inner), "Exception")]
        shows = [
            (
                f"except* {kind} as error:",
                (line(f"print({self.text(scope, '{describe(error)}')})"),),
            )
            for kind in ("ValueError", "Exception")
        ]
        return [Statement(("try:", tuple(inner), *[part for show in shows for part in show]))]

    def wait(self, scope: _Scope) -> list[Statement]:
        tasks, start = self.task_list(scope)
        options = f"return_when=asyncio.{self.rng.choice(('FIRST_COMPLETED', 'FIRST_EXCEPTION', 'ALL_COMPLETED'))}"
        if self.maybe(0.4):
            options += f", timeout={self.delay(scope)}"
        done, pending = self.name("done"), self.name("pending")
        statements = [
            start,
            line(f"{done}, {pending} = await asyncio.wait({tasks}, {options})"),
            line(f"print({self.text(scope, 'done')}, sorted(task.get_name() for task in {done}))"),
            # A set that goes lets its tasks go in any order, and asyncio reports errors that nobody
            # looked at.
            line(f"del {done}, {pending}"),
        ]
        if self.maybe(0.5):
            statements.append(Statement((f"for task in {tasks}:", (line("task.cancel()"),))))
        if self.maybe(0.8):
            results = self.name("results")
            show = f"print({self.text(scope, 'finally')}, [describe(one) if isinstance(one, BaseException) else one for one in {results}])"
            statements += [
                line(f"{results} = await asyncio.gather(*{tasks}, return_exceptions=True)"),
                line(show),
            ]
        return statements

    def as_completed(self, scope: _Scope) -> list[Statement]:
        tasks, start = self.task_list(scope)
        options = f", timeout={self.delay(scope, least=1)}" if self.maybe(0.3) else ""
        body = self.caught(scope, (line(f"print({self.text(scope, 'next')}, await earliest)"),))
        return [
            start,
            Statement((f"for earliest in asyncio.as_completed({tasks}{options}):", (body,))),
        ]


def line(text: str) -> Statement:
    return Statement((text,))

"""What generators and coroutines have in common."""

from types import CoroutineType, GeneratorType

METHODS = ("send", "throw", "close", "__next__", "__iter__", "__await__")


def main() -> None:
    for method in METHODS:
        generator = hasattr(GeneratorType, method)
        coroutine = hasattr(CoroutineType, method)
        print(f"{method:10} generator {generator!s:6} coroutine {coroutine}")
    print("subclass:", issubclass(CoroutineType, GeneratorType))


if __name__ == "__main__":
    main()

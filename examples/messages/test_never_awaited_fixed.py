"""An async test in an IsolatedAsyncioTestCase."""

import io
import unittest


async def count_orders() -> int:
    return 12


class OrderTest(unittest.IsolatedAsyncioTestCase):
    async def test_count(self) -> None:
        self.assertEqual(await count_orders(), 13)


def main() -> None:
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(OrderTest)
    result = unittest.TextTestRunner(io.StringIO()).run(suite)
    print("run:", result.testsRun, "failed:", len(result.failures))


if __name__ == "__main__":
    main()

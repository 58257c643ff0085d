"""A loop chosen by a policy, an approach that's on its way out."""

import asyncio


class ReportingPolicy(asyncio.DefaultEventLoopPolicy):
    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        print("the policy creates a loop")
        return super().new_event_loop()


async def main() -> None:
    print("main() runs")


if __name__ == "__main__":
    asyncio.set_event_loop_policy(ReportingPolicy())
    asyncio.run(main())

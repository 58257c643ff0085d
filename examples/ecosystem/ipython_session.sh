# /// script
# dependencies = ["ipykernel"]
# ///

# Five lines for IPython in a terminal
ipython --no-banner --no-confirm-exit --simple-prompt --colors=NoColor <<'TYPED'
import asyncio
await asyncio.sleep(0.1, 'hello')
asyncio.run(asyncio.sleep(0.1, 'hello'))
%autoawait off
await asyncio.sleep(0.1, 'hello')
TYPED

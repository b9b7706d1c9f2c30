# A client on python3-websockets that holds an echo server to its word; fails by an assertion.
import asyncio
import sys

import websockets

SIZES = [0, 1, 125, 126, 65535, 65536, 1 << 20]


async def main(url):
    async with websockets.connect(url, max_size=None, compression=None) as connection:
        for size in SIZES:
            data = bytes(i % 251 for i in range(size))
            await connection.send(data)
            assert await connection.recv() == data, size
        await connection.send("Grüße, мир, 漢字, 𝄞")
        assert await connection.recv() == "Grüße, мир, 漢字, 𝄞"
        await connection.send(["frag", "men", "ted"])
        assert await connection.recv() == "fragmented"
        await (await connection.ping(b"payload"))
        await connection.close(4001, "done")
        assert connection.close_code == 4001, connection.close_code
    async with websockets.connect(url) as connection:
        await connection.send("close 4002 bye")
        try:
            await connection.recv()
            raise AssertionError("no close")
        except websockets.ConnectionClosed as closed:
            assert (closed.rcvd.code, closed.rcvd.reason) == (4002, "bye"), closed


asyncio.run(main(sys.argv[1]))

"""Many children's lines on one terminal, each with its author's name before it."""

from typing import BinaryIO

NAME_WIDTH = 8
COLOURS = (36, 33, 32, 35, 34, 31)


class Output:
    """Writes whole lines, so that two children never share one."""

    def __init__(self, stream: BinaryIO, *, coloured: bool) -> None:
        self._stream = stream
        self._coloured = coloured
        self._colours: dict[str, int] = {}

    def line(self, name: str, text: bytes) -> None:
        prefix = f"{name:<{NAME_WIDTH}} | "
        if self._coloured:
            colour = self._colours.setdefault(name, COLOURS[len(self._colours) % len(COLOURS)])
            prefix = f"\x1b[{colour}m{prefix}\x1b[0m"
        try:
            self._stream.write(prefix.encode() + text + b"\n")
            self._stream.flush()
        except OSError:
            # Nobody reads any more (`serve | head`). The children have to be looked after all the same.
            pass

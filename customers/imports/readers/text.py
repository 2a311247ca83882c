"""The bytes of a text file as UTF-8 blocks that end with a line: unpacked, decoded, cut.

UTF-8 (with or without mark), UTF-16 with its mark, and GB18030. The choice between UTF-8 and
GB18030 falls on the first bytes that are not ASCII, and is final.
"""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from customers.imports.readers.table import BadFile

BLOCK = 4 << 20
MAX_LINE = 1 << 20
MAX_UNPACKED = 4 << 30
MAX_RATIO = 200  # a compressed table shrinks 5 to 30 times
OVERLONG = b"\x00line too long\n"
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


class TextFile:
    """A text file, read once from its beginning."""

    def __init__(self, path: Path) -> None:
        self.size = max(path.stat().st_size, 1)
        self.packed: IO[bytes] = path.open("rb")
        self.plain: IO[bytes] = self.packed
        if self.packed.peek(2)[:2] == b"\x1f\x8b":
            self.plain = cast(IO[bytes], gzip.GzipFile(fileobj=self.packed))
        self.encoding = ""
        self.unpacked = 0
        self._decoder: codecs.IncrementalDecoder | None = None
        self._old_mac: bool | None = None

    def fraction(self) -> float:
        """How much of the stored file was read."""
        return min(self.packed.tell() / self.size, 1.0)

    def close(self) -> None:
        """Both layers are closed."""
        self.plain.close()
        self.packed.close()

    def blocks(self) -> Iterator[bytes]:
        """Whole lines, decoded to UTF-8 where they can be; a line beyond all sense is replaced."""
        rest, passing_over = b"", False
        while data := self._next():
            if passing_over:
                data, passing_over = self._after_line(data)
            data = rest + data
            cut = data.rfind(b"\n") + 1
            rest, data = data[cut:], data[:cut]
            if len(rest) > MAX_LINE:
                data, rest, passing_over = data + OVERLONG, b"", True
            if data:
                yield self._decoded(data)
        if rest:
            yield self._decoded(rest)

    @staticmethod
    def _after_line(data: bytes) -> tuple[bytes, bool]:
        """What follows the end of the long line, and whether that end is still to come."""
        end = data.find(b"\n") + 1
        return (data[end:], False) if end else (b"", True)

    def _next(self) -> bytes:
        """More bytes, in an ASCII-like encoding; b"" at the end."""
        try:
            data = self.plain.read(BLOCK)
        except (EOFError, OSError, zlib.error) as error:
            raise BadFile("broken_gzip") from error
        if self.plain is not self.packed:
            self.unpacked += len(data)
            if self.unpacked > max(self.packed.tell(), 1 << 16) * MAX_RATIO or (
                self.unpacked > MAX_UNPACKED
            ):
                raise BadFile("unpacks_too_big", most=MAX_UNPACKED >> 20)
        if not self.encoding:
            data = self._without_mark(data)
        if self._decoder is not None:
            data = self._decoder.decode(data, final=not data).encode()
        if self._old_mac is None:
            head = data[: 1 << 16]
            self._old_mac = b"\r" in head and b"\n" not in head
        return data.replace(b"\r", b"\n") if self._old_mac else data

    def _without_mark(self, data: bytes) -> bytes:
        """The data after the byte-order mark, whose encoding is now known."""
        for mark, name in _MARKS:
            if data.startswith(mark):
                self.encoding = name
                if name != "utf-8":
                    self._decoder = codecs.getincrementaldecoder(name)(errors="replace")
                return data[len(mark) :]
        self.encoding = "ascii"
        return data

    def _decoded(self, data: bytes) -> bytes:
        """The lines as UTF-8; a line that is not in the file's encoding gets U+FFFD."""
        if data.isascii() or self._decoder is not None:
            return data
        if self.encoding == "ascii":
            self.encoding = _chosen(data)
        try:
            text = data.decode(self.encoding)
        except UnicodeDecodeError:
            text = data.decode(self.encoding, errors="replace")
        return data if self.encoding == "utf-8" and "\ufffd" not in text else text.encode()


def _chosen(data: bytes) -> str:
    """UTF-8 or GB18030, whichever reads nearly all lines; BadFile when neither does."""
    for name in ("utf-8", "gb18030"):
        try:
            data.decode(name)
        except UnicodeDecodeError:
            continue
        return name
    lines = [line for line in data.split(b"\n") if not line.isascii()]
    for name in ("utf-8", "gb18030"):
        bad = sum("\ufffd" in line.decode(name, errors="replace") for line in lines)
        if bad * 10 <= len(lines):
            return name
    raise BadFile("encoding")

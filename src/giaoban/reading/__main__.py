"""`python -m giaoban.reading FILE…`: the marks of text files as JSON. Fast to start: no Django, no configuration."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from giaoban.reading import LARGEST, TooLarge, read

USAGE = """Cách dùng: python -m giaoban.reading TỆP…

Đọc văn bản hành chính (tệp văn bản UTF-8) và in JSON: cuộc họp, văn bản viện dẫn, số liệu, nhiệm vụ, chỗ mâu thuẫn.
Một tệp: in một đối tượng. Nhiều tệp: mỗi dòng một đối tượng, có thêm tên tệp ở "file".
"""
_HEAVIEST = 4 * LARGEST  # bytes; a Vietnamese letter takes up to three


class Unreadable(Exception):
    """A file that cannot be read; the message says why, in Vietnamese."""


def text_of(path: Path) -> str:
    """The text of a file as Python opens it (line ends as \\n), or why it cannot be had."""
    try:
        if path.is_dir():
            raise Unreadable(f"“{path}” là thư mục, không phải tệp văn bản.")
        size = path.stat().st_size
        if size > _HEAVIEST:
            raise Unreadable(f"Tệp “{path}” lớn {size // 2**20} MB; chỉ đọc tệp văn bản đến {_HEAVIEST // 10**6} MB.")
        data = path.read_bytes()
    except FileNotFoundError:
        raise Unreadable(f"Không có tệp “{path}”.") from None
    except PermissionError:
        raise Unreadable(f"Không có quyền mở tệp “{path}”.") from None
    except OSError as error:
        raise Unreadable(f"Không mở được tệp “{path}”: {error.strerror}.") from None
    try:
        # What Windows programs save as "Unicode" begins with a mark of its byte order; all else is taken for UTF-8.
        text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(
            f"Tệp “{path}” không phải văn bản UTF-8 (sai ở byte thứ {error.start + 1}). Hãy lưu lại dạng UTF-8."
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def main(arguments: list[str]) -> int:
    """Print what the files say; 1 when some could not be read, 2 when none was named."""
    if not arguments or arguments[0] in ("-h", "--help"):
        (sys.stdout if arguments else sys.stderr).write(USAGE)
        return 0 if arguments else 2
    failed = 0
    for name in arguments:
        try:
            found = read(text_of(Path(name)))
        except (Unreadable, TooLarge) as refusal:
            sys.stderr.write(f"{refusal}\n")
            failed = 1
            continue
        single = len(arguments) == 1
        shown = found if single else {"file": name, **found}
        sys.stdout.write(json.dumps(shown, ensure_ascii=False, indent=1 if single else None) + "\n")
    return failed


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))

"""Whether a clause is a task, by where it stands and how it is put."""

from __future__ import annotations

import re

from giaoban.reading.phrasing import NARRATIVE, SANCTION, Phrase
from giaoban.reading.wording import either, word_set

# How readily a passage counts as an instruction.
DEAF = "deaf"  # what members of a meeting say: nothing
CLOSED = "closed"  # results, aims, frame: only an explicit order
NEWS = "news"  # running prose of news: only an explicit order
ISSUED = "issued"  # running prose of a document: what urges
ITEM = "item"  # an item of a list: what begins with a verb or has a modal
ZONE = "zone"  # below a heading or lead-in of work: whatever has a verb phrase

_STEP = re.compile(r"bước \d|câu \d|ví dụ|mẫu (?:số )?\d")
_RIGHTS = re.compile(r"(?:được|có thể|không bắt buộc)\b")
_POLITE = re.compile(r"(?:trân trọng|rất mong|kính chúc|xin cảm ơn|thay mặt|chúc )")
_MONEY = re.compile(
    r"(?:nguồn )?kinh phí (?:(?:thực hiện|tổ chức|triển khai) )?[^.;,]{0,40}?"
    r"(?:từ (?:nguồn )?(?:ngân sách|dự toán)|lấy từ|được (?:lấy|bố trí|cân đối) (?:từ|trong))\b"
)
_QUESTION = re.compile(r"(?:tại sao|vì sao|như thế nào|ra sao|là gì|bao nhiêu)\b")
# What an article of a decision brings about by itself asks nothing of anybody.
DECIDES = re.compile(
    either(
        """
        ban hành · phê duyệt · công bố · thành lập · công nhận · bổ nhiệm · tặng · khen thưởng · bãi bỏ ·
        thay thế · phạm vi · đối tượng ·
        (?:quyết định|chỉ thị|nghị quyết|kế hoạch|quy chế|quy định|thông tư) này có hiệu lực
        """
    )
    + r"\b"
)
# The closing request of a letter.
_ASKS_BACK = re.compile(r"trong quá trình (?:triển khai |tổ chức )?thực hiện\b")
# First syllables of verbs that urge rather than tell: "các trường tiếp tục …".
_URGES = word_set("tiếp tăng chủ tích khẩn nghiêm thường kịp đẩy tập chú quan phối nâng rà")


def is_task(phrase: Phrase, low: str, mode: str) -> bool:
    """Whether a clause asks for work."""
    if mode == DEAF or len(phrase.words) < 3 or _STEP.match(low) or _POLITE.match(low) or low.rstrip().endswith("?"):
        return False
    if phrase.order:
        return True
    if mode in (CLOSED, NEWS) or _only_tells(phrase, low):
        return False
    if mode == ISSUED:
        return _urges(phrase, low)
    return phrase.acts


def asks_back(low: str) -> bool:
    """Whether this is the closing request to report difficulties."""
    return bool(_ASKS_BACK.match(low))


def is_question(low: str) -> bool:
    return low.rstrip().endswith("?") and bool(_QUESTION.search(low[-25:]))


def reason(phrase: Phrase, mode: str) -> str:
    """Why the clause was taken, for the person who confirms."""
    if phrase.order:
        return f"có lời “{phrase.order}”"
    if phrase.modal:
        return "có từ buộc làm (cần, phải, chịu trách nhiệm…)"
    if mode == ZONE:
        return "nằm dưới mục nhiệm vụ"
    return "bắt đầu bằng động từ giao việc"


def _only_tells(phrase: Phrase, low: str) -> bool:
    """Past, narrative, sanction, right, a person who says something, or where the money comes from."""
    if _MONEY.match(low) and not phrase.modal:
        return True
    if SANCTION.search(low) and not phrase.imperative:
        return True
    speaks = phrase.person and phrase.subject is None and not phrase.modal
    return phrase.past or speaks or bool(NARRATIVE.search(low[:110]) or _RIGHTS.match(low))


def _urges(phrase: Phrase, low: str) -> bool:
    if low.startswith("dự kiến "):
        return False
    if phrase.acts and asks_back(low):
        return True
    if phrase.modal or (phrase.imperative and not phrase.adjunct) or (phrase.noun and phrase.verb >= 0):
        return True
    if phrase.subject is None or phrase.adjunct or not 0 <= phrase.verb < len(phrase.words):
        return False
    return phrase.words.low[phrase.verb] in _URGES

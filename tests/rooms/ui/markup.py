"""What a screen reader needs of a page, read from its HTML."""

from html.parser import HTMLParser


class Page(HTMLParser):
    """Collects what the promises are about: language, headings, fields and their labels, ids, links to them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lang = ""
        self.h1: list[str] = []
        self.fields: list[dict[str, str | None]] = []
        self.labelled: set[str] = set()
        self.ids: list[str] = []
        self.anchors: list[str] = []
        self.images_without_words = 0
        self._label_depth = 0
        self._in_h1 = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag == "html":
            self.lang = found.get("lang") or ""
        elif tag == "h1":
            self._in_h1 = True
            self.h1.append("")
        elif tag == "label":
            self._label_depth += 1
            if found.get("for"):
                self.labelled.add(str(found["for"]))
        elif tag in ("input", "select", "textarea") and found.get("type") not in ("hidden", "submit"):
            self.fields.append({**found, "inside": "1" if self._label_depth else None})
        elif tag == "img" and "alt" not in found:
            self.images_without_words += 1
        elif tag == "a" and str(found.get("href", "")).startswith("#"):
            self.anchors.append(str(found["href"])[1:])

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._label_depth -= 1
        elif tag == "h1":
            self._in_h1 = False

    def handle_data(self, data: str) -> None:
        if self._in_h1:
            self.h1[-1] += data

    @property
    def unlabelled(self) -> list[dict[str, str | None]]:
        return [
            field
            for field in self.fields
            if not (field.get("inside") or field.get("aria-label") or field.get("aria-labelledby"))
            and field.get("id") not in self.labelled
        ]


def check(html: str) -> Page:
    """The promises every page keeps."""
    page = Page(html)
    assert page.lang == "vi"
    assert len(page.h1) == 1 and page.h1[0].strip()
    assert not page.unlabelled, page.unlabelled
    assert not page.images_without_words
    assert len(page.ids) == len(set(page.ids)), sorted(one for one in page.ids if page.ids.count(one) > 1)
    assert set(page.anchors) <= set(page.ids) | {"", "content"}
    return page

"""Check-ins of phones without a line (generated): the module of the page, in a real browser, loses and doubles none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.generative.chromium import CHROMIUM, MODULES, call, page_with

PLAY = Path(__file__).with_name("arrivals_play.js").read_text(encoding="utf-8")
MODULE = Path(__file__).resolve().parents[2] / "src" / "giaoban" / "work" / "static" / "work" / "arrivals.js"


@pytest.mark.journey
@pytest.mark.skipif(not CHROMIUM.exists(), reason="no browser: apt-get install chromium")
def test_whatever_breaks_everybody_tapped_is_there_once() -> None:
    with page_with({"play.js": PLAY, "arrivals.js": MODULE.read_text(encoding="utf-8")}) as page:
        refused = 0
        for seed in range(30):
            found = call(page, "play.js", "play", seed, 40, 4)
            assert found["tapped"] > 30
            assert (found["lost"], found["double"], found["waiting"]) == (0, 0, 0), f"seed {seed}: {found}"
            refused += found["refused"]
        assert refused > 0  # who is on no list stays on the phone, with the reason


PAGE = """
<form id="check-in"><input id="code" name="code"><button id="go">go</button>
<button type="button" id="camera" hidden></button>
<video id="view" hidden></video><p id="said"></p><span id="came"></span><span id="line"></span><span id="kept"></span>
<ul><li data-who="i1"><strong>Trường A</strong><button name="who" value="i1">x</button></li>
<li data-who="i2"><strong>Trường Bình Minh</strong><button name="who" value="i2">x</button></li></ul></form>
<script type="application/json" id="check-in-data">%s</script>
"""
WORDS = ["waiting", "sent", "refused", "unknown", "again", "done", "all", "left", "signed_out", "volatile", "kept"]


@pytest.mark.journey
@pytest.mark.skipif(not CHROMIUM.exists(), reason="no browser: apt-get install chromium")
def test_the_page_checks_in_without_a_line_and_sends_when_it_is_back() -> None:
    """By a tap, by a code and by a name; the page is loaded once more while there is no line."""
    made = {"work/checkin.js": (MODULE.parent / "checkin.js").read_text(encoding="utf-8")}
    made["work/arrivals.js"] = MODULE.read_text(encoding="utf-8")
    made["indicators/keep.js"] = (MODULES / "keep.js").read_text(encoding="utf-8")
    people = [{"who": "i1", "code": "AAAA2222", "name": "Trường A", "came": False}]
    people.append({"who": "i2", "code": "BBBB3333", "name": "Trường Bình Minh", "came": False})
    words = {word: word for word in WORDS} | {"not_kept": "n", "camera": "c", "left": "left %(n)s"}
    data = {"account": 1, "meeting": 2, "session": None, "send": "/gui", "worker": "/w.js", "most": 100}
    html = PAGE % json.dumps(data | {"people": people, "words": words})
    line = """([html, up]) => {
      window.heard = [];
      window.fetch = async (_, { body }) => {
        if (!up) throw new TypeError("no line");
        const { rows } = JSON.parse(body);
        window.heard.push(...rows);
        return new Response(JSON.stringify({ taken: rows.map(({ key }) => key), refused: {} }));
      };
      document.body.innerHTML = html;
      return import("/work/checkin.js").then(() => new Promise((done) => setTimeout(done, 300)));
    }"""
    with page_with(made) as page:
        page.evaluate(line, [html, False])
        page.click("button[value=i1]")
        page.fill("#code", "bbbb-3333")
        page.wait_for_function("document.querySelectorAll('.badge.warn').length === 2")
        assert page.inner_text("#came") == "2" and page.inner_text("#line") == "left 2"
        page.goto(page.url)  # the page is opened anew: what waited is still there
        page.evaluate(line, [html, True])
        page.wait_for_function("document.querySelectorAll('.badge.good').length === 2")
        assert sorted(row["who"] for row in page.evaluate("window.heard")) == ["i1", "i2"]
        page.fill("#code", "binh minh")
        page.click("#go")
        page.wait_for_function("document.getElementById('said').textContent === 'again'")
        assert page.inner_text("#line") == "all"

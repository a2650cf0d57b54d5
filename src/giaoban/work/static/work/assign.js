// Words selected in a document become a task: offsets are counted in characters of the stored text, as Python counts.
const text = document.querySelector(".document-text[data-document]");
const button = text?.querySelector("[data-assign]");

// Where a point of the page lies in the document's text; null outside of it.
function offset(node, at) {
  const piece = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest?.("[data-start]");
  if (!piece || !text.contains(piece)) return null;
  const before = document.createRange();
  before.setStart(piece, 0);
  before.setEnd(node, at);
  return Number(piece.dataset.start) + [...before.toString()].length;
}

function follow() {
  const chosen = getSelection();
  button.hidden = true;
  if (!chosen || chosen.isCollapsed || !chosen.rangeCount) return;
  const range = chosen.getRangeAt(0);
  const start = offset(range.startContainer, range.startOffset);
  const end = offset(range.endContainer, range.endOffset);
  if (start === null || end === null || end - start < 5) return;
  const address = new URL(button.href);
  address.searchParams.set("tu", start);
  address.searchParams.set("den", end);
  button.href = address;
  button.hidden = false;
}

// The text came after the page: go to the passage that the address names.
if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView({ block: "center" });
if (button) document.addEventListener("selectionchange", follow);

// A text to paste elsewhere: one button copies it; without this script it stands there to be selected.
for (const copy of document.querySelectorAll("[data-paste]")) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    const text = document.getElementById(copy.dataset.paste);
    text.select();
    try {
      await navigator.clipboard.writeText(text.value);
    } catch {
      document.execCommand("copy"); // without HTTPS the clipboard is closed to pages
    }
    copy.querySelector("[data-words]").textContent = copy.dataset.done;
  });
}

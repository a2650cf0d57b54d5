// Deciding over reports: tick all that are shown, say how many are ticked, copy a text to paste.
const form = document.querySelector("[data-ticks]");
const boxes = [...(form?.querySelectorAll(`input[type=checkbox][name="${form.dataset.ticks}"]`) ?? [])];
const all = form?.querySelector("[data-all]");
const words = form?.querySelector("[data-ticked]");
const empty = words?.textContent;

function count() {
  const ticked = boxes.filter((box) => box.checked).length;
  if (words) words.textContent = ticked ? words.dataset.words.replace("%s", ticked) : empty;
  if (all) all.checked = ticked > 0 && ticked === boxes.length;
}

all?.addEventListener("change", () => {
  for (const box of boxes) if (!box.closest("tr").hidden) box.checked = all.checked;
  count();
});
for (const box of boxes) box.addEventListener("change", count);
if (boxes.length) count();

const copy = document.querySelector("[data-copy]");
copy?.addEventListener("click", async () => {
  const text = document.getElementById(copy.dataset.copy);
  text.select();
  try {
    await navigator.clipboard.writeText(text.value);
  } catch {
    document.execCommand("copy"); // without HTTPS the clipboard is closed to pages
  }
  copy.textContent = copy.dataset.done;
});

// A picture goes to the clipboard where the browser lets it; elsewhere the button is not shown, the download stays.
const shot = document.querySelector("[data-copy-picture]");
if (shot && !(window.ClipboardItem && navigator.clipboard?.write)) shot.hidden = true;
shot?.addEventListener("click", async () => {
  const answer = fetch(shot.dataset.copyPicture).then((got) => got.blob());
  await navigator.clipboard.write([new ClipboardItem({ "image/png": answer })]);
  shot.textContent = shot.dataset.done;
});

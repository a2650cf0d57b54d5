// Ticks: the whole page at once and how many; the month by arrow keys. All of it reads and works without.
const form = document.querySelector("[data-ticks]");
if (form) {
  const boxes = [...form.querySelectorAll('input[name="viec"]')];
  const said = form.querySelector("[data-ticked]");
  const words = said.textContent;
  const all = form.querySelector("[data-tick-all]");
  const count = () => {
    const n = boxes.filter((box) => box.checked).length;
    said.textContent = n ? `${words}: ${n}` : words;
  };
  form.addEventListener("change", count);
  all.addEventListener("click", () => {
    const on = !boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = on;
    count();
  });
  count();
}

const month = document.querySelector("[data-month]");
if (month) {
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
  month.addEventListener("keydown", (event) => {
    const from = event.target.closest("td");
    if (!from || !(event.key in step) || event.altKey || event.ctrlKey || event.metaKey) return;
    const cells = [...month.querySelectorAll("td")];
    const way = step[event.key];
    for (let at = cells.indexOf(from) + way; at >= 0 && at < cells.length; at += way) {
      const link = cells[at].querySelector(".date a");
      if (!link) continue;
      event.preventDefault();
      link.focus();
      return;
    }
  });
}

// Ticking many tasks at once, counting them, and showing a proposal's passage in the text beside it.
const form = document.getElementById("choose");
const ticks = [...form.querySelectorAll(".tasks .take input")];
const counter = document.getElementById("ticked");

const count = () => counter && (counter.textContent = `${ticks.filter((tick) => tick.checked).length} ${counter.dataset.one}`);

form.addEventListener("change", (event) => ticks.includes(event.target) && count());
form.addEventListener("click", (event) => {
  const all = event.target.closest("[data-tick]");
  if (!all) return;
  for (const tick of ticks) tick.checked = all.dataset.tick === "all";
  count();
});
for (const item of form.querySelectorAll(".tasks > li")) {
  item.addEventListener("focusin", () => {
    const code = item.querySelector(".sign").textContent;
    const passage = document.getElementById(`o-${code}`);
    const page = passage?.closest(".doc");
    if (page && page.scrollHeight > page.clientHeight) page.scrollTo({ top: passage.offsetTop - page.offsetTop - 60, behavior: "smooth" });
  });
}

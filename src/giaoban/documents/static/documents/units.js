// A field for names of units (data-units): names offered while typing; with "many", Enter keeps a name as a chip.
// Without script it is a plain field in which names are parted by ";".
function prepare(field) {
  if (field.dataset.ready) return;
  field.dataset.ready = "1";
  if (field.dataset.units !== "many") return;
  const chosen = field.value.split(";").map((name) => name.trim()).filter(Boolean);
  const kept = document.createElement("input");
  kept.type = "hidden";
  kept.name = field.name;
  field.removeAttribute("name");
  const chips = document.createElement("span");
  chips.className = "row";
  chips.setAttribute("aria-live", "polite");
  field.after(kept, chips);
  field.value = "";

  function draw() {
    kept.value = [...chosen, field.value.trim()].filter(Boolean).join("; ");
    chips.replaceChildren(
      ...chosen.map((name, place) => {
        const chip = document.createElement("button");
        chip.type = "button";
        chip.className = "button small";
        chip.textContent = `${name} ×`;
        chip.setAttribute("aria-label", `${field.dataset.remove}: ${name}`);
        chip.addEventListener("click", () => {
          chosen.splice(place, 1);
          draw();
          field.focus();
        });
        return chip;
      }),
    );
  }

  function keep() {
    const name = field.value.trim();
    if (!name) return;
    if (!chosen.includes(name)) chosen.push(name);
    field.value = "";
    draw();
  }

  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && field.value.trim()) {
      event.preventDefault();
      keep();
    }
  });
  field.addEventListener("input", (event) => {
    const offered = [...(field.list?.options ?? [])].some((option) => option.value === field.value);
    if (offered && event.inputType !== "insertText" && event.inputType !== "deleteContentBackward") keep();
    else draw();
  });
  field.addEventListener("change", draw);
  draw();
}

for (const field of document.querySelectorAll("[data-units]")) prepare(field);
document.addEventListener("htmx:load", (event) => event.target.querySelectorAll?.("[data-units]").forEach(prepare));

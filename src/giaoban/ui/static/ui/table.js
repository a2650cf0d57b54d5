// Tables: each cell learns its column's name, so that a phone shows rows as cards; arrows move between fields;
// an input marked data-filter="ID" hides the rows of table ID that lack its words (accents do not matter).
const fold = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d");

function label(table) {
  const heads = [...table.querySelectorAll("thead tr:last-child > *")].map((cell) => cell.textContent.trim());
  for (const row of table.querySelectorAll("tbody tr, tfoot tr")) {
    if (row.querySelector("[colspan], [rowspan]")) continue;
    [...row.children].forEach((cell, index) => {
      if (!cell.dataset.label && heads[index]) cell.dataset.label = heads[index];
    });
  }
  table.classList.add("labelled");
}

function move(event) {
  const field = event.target;
  if (!field.matches("td input:not([type=checkbox])") || event.altKey || event.ctrlKey) return;
  const step = { ArrowDown: 1, ArrowUp: -1, Enter: event.shiftKey ? -1 : 1 }[event.key];
  if (!step) return;
  const cell = field.closest("td");
  let row = cell.parentElement;
  do row = step > 0 ? row.nextElementSibling : row.previousElementSibling;
  while (row && !row.children[cell.cellIndex]?.querySelector("input"));
  const next = row?.children[cell.cellIndex].querySelector("input");
  if (next) {
    event.preventDefault();
    next.focus();
    next.select();
  } else if (event.key === "Enter") event.preventDefault();
}

function filter(input) {
  const table = document.getElementById(input.dataset.filter);
  const rows = [...(table?.querySelectorAll("tbody tr") ?? [])].map((row) => [row, fold(row.textContent)]);
  input.addEventListener("input", () => {
    const words = fold(input.value).split(/\s+/).filter(Boolean);
    for (const [row, text] of rows) row.hidden = !words.every((word) => text.includes(word));
  });
}

export function prepareTables(scope) {
  for (const table of scope.querySelectorAll(".table table")) {
    label(table);
    if (!table.dataset.moves) {
      table.dataset.moves = "1";
      table.addEventListener("keydown", move);
    }
  }
  for (const input of scope.querySelectorAll("[data-filter]")) filter(input);
}

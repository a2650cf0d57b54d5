// Pointing at the grid: a click on a cell leads to what its column is, colours follow what is chosen. Without this
// script the same selects are there, and the page shows the colours after keeping.
const table = document.querySelector(".pointed");

function paint(place, role) {
  for (const cell of table.querySelectorAll(`[data-column="${place}"]`)) {
    cell.className = cell.className.replace(/\brole-\w+/, `role-${role}`);
  }
}

if (table) {
  table.addEventListener("change", (event) => {
    const { name, value } = event.target;
    if (name.startsWith("role-")) paint(name.slice(5), value);
    if (name.startsWith("line-") && value) event.target.closest("tr").className = `line-${value}`;
  });
  table.addEventListener("click", (event) => {
    const cell = event.target.closest("td[data-column]");
    if (!cell) return;
    for (const old of table.querySelectorAll(".aimed")) old.classList.remove("aimed");
    cell.classList.add("aimed");
    document.getElementById(`role-${cell.dataset.column}`)?.focus({ preventScroll: false });
  });
}

// A calendar beside a day field. The field stays text, day first; the calendar writes into it.
const ICON =
  '<svg class="icon" viewBox="0 0 24 24" width="18" height="18" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true"><rect x="3" y="4" width="18" height="18" rx="2"/><path d="M16 2v4M8 2v4M3 10h18"/></svg>';

const toNative = (text) => {
  const found = /^(?:(\d{1,2}:\d{2}) )?(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text.trim());
  if (!found) return "";
  const [, time, day, month, year] = found;
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}${time ? `T${time.padStart(5, "0")}` : ""}`;
};
const toText = (value) => {
  const [day, time] = value.split("T");
  const written = day.split("-").reverse().join("/");
  return time ? `${time} ${written}` : written;
};

function attach(field) {
  const box = document.createElement("span");
  box.className = "day";
  field.replaceWith(box);
  const calendar = document.createElement("input");
  calendar.type = field.dataset.day;
  calendar.tabIndex = -1;
  calendar.setAttribute("aria-hidden", "true");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.innerHTML = ICON;
  button.setAttribute("aria-label", "Lịch");
  box.append(field, button, calendar);
  button.addEventListener("click", () => {
    calendar.value = toNative(field.value);
    calendar.showPicker?.();
  });
  calendar.addEventListener("change", () => {
    if (!calendar.value) return;
    field.value = toText(calendar.value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  delete field.dataset.day;
}

export function prepareDays(scope) {
  for (const field of scope.querySelectorAll("input[data-day]")) attach(field);
}

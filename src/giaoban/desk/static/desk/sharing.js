// The rest of a plan while its parts are typed. The server says what is true; this only shows it sooner.
const form = document.querySelector("form[data-sharing][data-counted]");
const PLACES = 6n;

function read(text) {
  const found = text.trim().replace(/[.\s\u00a0\u202f]/g, "").replace(/−|–/, "-").match(/^(-?)(\d+)(?:,(\d{1,6}))?%?$/);
  if (!found) return null;
  const digits = BigInt(found[2]) * 10n ** PLACES + BigInt((found[3] || "").padEnd(Number(PLACES), "0"));
  return found[1] ? -digits : digits;
}

function write(number) {
  const sign = number < 0n ? "-" : "", size = number < 0n ? -number : number;
  const whole = (size / 10n ** PLACES).toString().replace(/\B(?=(\d{3})+$)/g, ".");
  const rest = (size % 10n ** PLACES).toString().padStart(Number(PLACES), "0").replace(/0+$/, "");
  return sign + whole + (rest ? "," + rest : "");
}

function show() {
  const whole = read(form.dataset.whole);
  let sum = 0n;
  for (const box of form.querySelectorAll("input[name^='phan-']")) {
    const value = box.value.trim() ? read(box.value) : 0n;
    box.setAttribute("aria-invalid", value === null ? "true" : "false");
    sum += value ?? 0n;
  }
  for (const place of form.querySelectorAll("output[data-sum]")) place.value = write(sum);
  for (const place of form.querySelectorAll("output[data-rest]")) {
    place.value = write(whole - sum);
    place.classList.toggle("bad", whole < sum);
  }
}

if (form) {
  form.addEventListener("input", show);
  show();
}

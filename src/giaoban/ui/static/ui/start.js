// Before the first paint: what this browser was told to look like. Everything else waits (page.js).
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  try {
    if (localStorage.getItem("contrast") === "high") root.classList.add("high-contrast");
    if (localStorage.getItem("rail") === "folded") root.classList.add("rail-folded");
  } catch {
    // A browser that keeps nothing shows the usual look.
  }
})();

// Takes an element found in the catalogue into the first empty question.
for (const button of document.querySelectorAll("[data-question]")) {
  button.addEventListener("click", () => {
    for (let n = 1; n <= 5; n += 1) {
      const text = document.getElementsByName(`text_${n}`)[0];
      if (text && !text.value.trim()) {
        text.value = button.dataset.question;
        document.getElementsByName(`unit_${n}`)[0].value = button.dataset.unit;
        document.getElementsByName(`element_${n}`)[0].value = button.dataset.element;
        text.focus();
        return;
      }
    }
  });
}


"use strict";
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-reveal]");
  if (!button) return;
  const show = button.getAttribute("aria-pressed") !== "true";
  const scope = button.dataset.reveal === "all" ? document : button.closest("[data-example]");
  for (const mark of scope.querySelectorAll("[data-word]")) mark.textContent = show ? mark.dataset.word : mark.dataset.dots;
  for (const pressed of scope.querySelectorAll("button[data-reveal]")) pressed.setAttribute("aria-pressed", String(show));
});

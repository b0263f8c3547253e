// Chooses light or dark before the first paint, from the choice made here or in the playground. A
// file of its own, because the policy of the page allows no inline script.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("reticle.theme");
  } catch {
    /* storage is switched off: follow the system */
  }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
})();

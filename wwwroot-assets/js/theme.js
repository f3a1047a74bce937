// Runs before the first paint, so that a dark page is never white for a moment.
(() => {
  let theme = null;
  try { theme = localStorage.getItem("release.theme"); } catch { /* storage may be forbidden */ }
  const dark = theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();

// Everything the frame does in the browser: theme, clocks, keys, copying, and keeping the page behind a dialog out of reach.
const root = document.documentElement;
let skew = 0;

const read = key => { try { return localStorage.getItem(`release.${key}`); } catch { return null; } };

export function start(page, serverNow) {
  skew = serverNow - Date.now();
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", event => {
    if (read("theme")) return;
    root.dataset.theme = event.matches ? "dark" : "light";
    page.invokeMethodAsync("SystemThemeAsync", event.matches).catch(() => { });
  });
  setInterval(() => drawTimes(document.querySelectorAll("time[data-ago], time[data-since], time[data-until]")), 1000);
  new MutationObserver(observe).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-ago", "data-since", "data-until", "data-usual"] });
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
  return { dark: root.dataset.theme === "dark", wide: read("rail") === "wide" };
}

export function ready() {
  drawTimes(document.querySelectorAll("time"));
  root.dataset.ready = "true";
}

export function remember(key, value) {
  try { localStorage.setItem(`release.${key}`, value); } catch { /* then it lasts as long as the page */ }
  if (key === "theme") root.dataset.theme = value;
}

function observe(changes) {
  const times = new Set();
  // What proves a failure stands at the end of its evidence.
  const end = box => { box.scrollTop = box.scrollHeight; };
  for (const change of changes) {
    if (change.type === "attributes") times.add(change.target);
    for (const node of change.addedNodes) {
      if (node.nodeType !== 1) continue;
      if (node.matches(".verdict pre")) end(node);
      else for (const box of node.querySelectorAll(".verdict pre")) end(box);
      if (node.tagName === "TIME") times.add(node);
      else for (const time of node.getElementsByTagName("time")) times.add(time);
    }
  }
  if (times.size) drawTimes(times);
  const shell = document.getElementById("shell");
  const covered = document.querySelector(".mud-dialog") !== null;
  if (shell && covered !== shell.inert) {
    shell.inert = covered;
    if (covered) shell.setAttribute("aria-hidden", "true"); else shell.removeAttribute("aria-hidden");
    // After the dialog's own focus trap has settled; whoever has begun to type or tab keeps the focus.
    if (covered) setTimeout(() => {
      if (!document.activeElement?.closest(".mud-dialog :is(input, button, a, textarea)")) document.querySelector(".mud-dialog input[type=text]")?.focus();
    }, 250);
  }
}

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

function drawTimes(times) {
  const now = Date.now() + skew;
  for (const time of times) {
    const { ago, since, until, usual, usualText } = time.dataset;
    const at = Date.parse(ago ?? since ?? until ?? "");
    if (Number.isNaN(at)) continue;
    const text = since ? duration(now - at) + beside(now - at, usual, usualText) : until ? (at > now ? `in ${coarse(at - now)}` : "now") : now - at < 5000 ? "just now" : `${coarse(now - at)} ago`;
    if (time.textContent !== text) time.textContent = text;
    const title = exact.format(at);
    if (time.title !== title) time.title = title;
  }
}

function beside(ms, usual, text) {
  return !usual ? "" : ms > Number(usual) + 999 ? `, longer than usual (${text})` : ` of ${text}`;
}

function duration(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  return s < 60 ? `${s} s` : s < 3600 ? `${Math.floor(s / 60)} min ${s % 60} s` : `${Math.floor(s / 3600)} h ${Math.floor(s / 60) % 60} min`;
}

function coarse(ms) {
  const s = Math.floor(ms / 1000), m = Math.floor(s / 60), h = Math.floor(m / 60), d = Math.floor(h / 24);
  return s < 60 ? `${s} s` : m < 60 ? `${m} min` : h < 24 ? `${h} h ${m % 60} min` : d < 14 ? `${d} d ${h % 24} h` : `${d} d`;
}

let afterG = 0;

function onKey(event) {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    press(event, '[data-shortcut="/"]');
    return;
  }
  const dialog = document.querySelector(".mud-dialog");
  if (dialog && event.key === "Enter" && !event.target.closest("button, a, textarea, select")) {
    // In a field of a form the browser itself presses the submit button; the search has none and follows its chosen hit.
    press(event, event.target.closest("form") ? "" : ".mud-dialog button[type=submit], .mud-dialog .hits a.selected");
    return;
  }
  const typing = event.target.closest?.("input, textarea, select, [contenteditable=true]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || dialog) return;
  if (afterG > Date.now() - 1500) {
    afterG = 0;
    press(event, `[data-go="${CSS.escape(event.key)}"]`);
  } else if (event.key === "g") {
    afterG = Date.now();
  } else if (event.key === "l") {
    const log = document.querySelector("[role=log]");
    if (!log) return;
    event.preventDefault();
    log.scrollIntoView({ block: "nearest" });
    if (!log.hasAttribute("tabindex")) log.tabIndex = -1;
    log.focus();
  } else {
    press(event, `[data-shortcut="${CSS.escape(event.key)}"]`);
  }
}

function press(event, selector) {
  if (!selector) return;
  const target = [...document.querySelectorAll(selector)].find(e => !e.disabled && e.offsetParent !== null);
  if (!target) return;
  event.preventDefault();
  target.click();
}

async function onClick(event) {
  const skip = event.target.closest("[data-skip]");
  if (skip) {
    event.preventDefault();
    document.getElementById("content")?.focus();
    return;
  }
  if (event.target.closest("[data-sign-out]")) {
    await fetch("/logout", { method: "POST" });
    forgetDrafts();
    location.assign("/login");
    return;
  }
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  if (await copy(button.dataset.copy)) {
    button.dataset.copied = "true";
    setTimeout(() => delete button.dataset.copied, 1200);
  }
}

function forgetDrafts() {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith("release.draft.")) sessionStorage.removeItem(key);
  } catch { /* then there are none */ }
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Plain http on another machine than this one has no clipboard API.
    const area = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

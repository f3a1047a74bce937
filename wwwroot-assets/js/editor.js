// Line numbers, marked lines and the Tab key for one text area. Text is only ever set as text.
// What is typed and not saved is kept for this tab, so that a restart of the dashboard, which reloads the page, does not lose it.
export function attach(area, owner, label) {
  const box = area.closest(".editor");
  const gutter = box.querySelector(".editor-gutter");
  const marks = box.querySelector(".editor-marks");
  let problems = [];
  let typing = 0;
  const draft = draftOf(`${location.pathname}:${label}`);
  let saved = null; // The text that what is typed is based on.
  const keep = () => {
    if (saved === null || !area.isConnected) return;
    if (area.value === saved) draft.forget(); else draft.keep(saved, area.value);
  };

  const draw = () => {
    const lines = area.value.split("\n");
    gutter.textContent = lines.map((_, i) => i + 1).join("\n");
    marks.replaceChildren(...lines.map((line, i) => {
      const row = document.createElement("span");
      row.textContent = (line || " ") + "\n";
      const problem = problems.find(p => p.line === i + 1);
      if (problem) row.className = "bad";
      return row;
    }));
    scroll();
  };
  const scroll = () => {
    gutter.scrollTop = area.scrollTop;
    marks.scrollTop = area.scrollTop;
    marks.scrollLeft = area.scrollLeft;
  };

  area.addEventListener("scroll", scroll);
  area.addEventListener("input", () => {
    draw();
    clearTimeout(typing);
    typing = setTimeout(() => { keep(); owner.invokeMethodAsync("TypedAsync").catch(() => { }); }, 300);
  });
  addEventListener("pagehide", keep);
  let trapTab = true;
  area.addEventListener("keydown", event => {
    // Escape lets Tab leave the field, so that the keyboard is never caught in it.
    if (event.key === "Escape") trapTab = false;
    if (event.key !== "Tab" || event.shiftKey || !trapTab) return;
    event.preventDefault();
    area.setRangeText("  ", area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input"));
  });
  area.addEventListener("focus", () => trapTab = true);

  return {
    // True when text that was typed over this one, and not saved, was put back.
    set(text) {
      saved = text;
      const typed = draft.read(text);
      area.value = typed ?? text;
      draw();
      return typed !== null;
    },
    // What was typed was saved or given up.
    forget() { clearTimeout(typing); saved = null; draft.forget(); },
    leave() { clearTimeout(typing); removeEventListener("pagehide", keep); },
    text: () => new TextEncoder().encode(area.value),
    mark(list) { problems = list; draw(); },
    jump(line, column) {
      const before = area.value.split("\n").slice(0, line - 1).reduce((sum, l) => sum + l.length + 1, 0);
      area.focus();
      area.setSelectionRange(before + column - 1, before + column - 1);
      area.scrollTop = (line - 4) * 20;
    },
  };
}

// A draft counts only over the very text it was typed over: what somebody else saved meanwhile is never undone by it.
function draftOf(place) {
  const key = `release.draft.${place}`;
  return {
    read(base) {
      try {
        const kept = JSON.parse(sessionStorage.getItem(key));
        return kept && kept.base === mark(base) && kept.text !== base ? kept.text : null;
      } catch { return null; }
    },
    keep(base, text) { try { sessionStorage.setItem(key, JSON.stringify({ base: mark(base), text })); } catch { /* full or forbidden: then it lasts as long as the page */ } },
    forget() { try { sessionStorage.removeItem(key); } catch { /* there is none */ } },
  };
}

// Enough to tell two versions of a text apart; crypto.subtle does not exist on plain http.
function mark(text) {
  let a = 0xdeadbeef, b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 2654435761);
    b = Math.imul(b ^ text.charCodeAt(i), 1597334677);
  }
  return `${text.length}-${(a >>> 0).toString(16)}-${(b >>> 0).toString(16)}`;
}

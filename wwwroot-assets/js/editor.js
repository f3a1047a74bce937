// Line numbers, marked lines and the Tab key for one text area. Text is only ever set as text.
export function attach(area, owner) {
  const box = area.closest(".editor");
  const gutter = box.querySelector(".editor-gutter");
  const marks = box.querySelector(".editor-marks");
  let problems = [];
  let typing = 0;

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
    typing = setTimeout(() => owner.invokeMethodAsync("TypedAsync").catch(() => { }), 300);
  });
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
    set(text) { area.value = text; draw(); },
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

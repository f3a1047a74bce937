// Log text -> runs of {text, classes, color, background}. Nothing here or behind it makes markup out of log text: a run is drawn with textContent.

const ESCAPE = /\u001b(?:\[([0-9:;<=>?]*)[ -/]*([@-~])|[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\|$)|[ -/]*[0-~]|$)|\u009b[0-?]*[ -/]*[@-~]/g;
// Control characters that would vanish or reorder what stands around them are shown by their symbols.
const HIDDEN = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** What a terminal would show of a line that was drawn over itself: the text behind the last carriage return that has any. */
export function lastDrawn(text) {
  if (!text.includes('\r')) return text;
  const parts = text.split('\r');
  for (let i = parts.length - 1; i > 0; i--) if (parts[i].trim() !== '') return parts[i];
  return parts[0];
}

/** @returns {{text: string, classes: string, color: string, background: string}[]} */
export function toRuns(text) {
  const line = lastDrawn(text);
  if (!line.includes('\u001b') && !line.includes('\u009b')) return line === '' ? [] : [run(line, plain())];
  const runs = [];
  const style = plain();
  let at = 0;
  ESCAPE.lastIndex = 0;
  for (const match of line.matchAll(ESCAPE)) {
    if (match.index > at) runs.push(run(line.slice(at, match.index), style));
    at = match.index + match[0].length;
    if (match[2] === 'm') applyStyle(style, match[1]);
  }
  if (at < line.length) runs.push(run(line.slice(at), style));
  return runs;
}

function plain() {
  return { bold: false, dim: false, italic: false, underline: false, strike: false, inverse: false, fg: null, bg: null };
}

function run(text, style) {
  const classes = [];
  for (const name of ['bold', 'dim', 'italic', 'underline', 'strike', 'inverse']) if (style[name]) classes.push(`lv-${name}`);
  let [fg, bg] = [style.fg, style.bg];
  let color = '', background = '';
  if (typeof fg === 'number') classes.push(`lv-fg${fg}`); else color = fg ?? '';
  if (typeof bg === 'number') classes.push(`lv-bg${bg}`); else background = bg ?? '';
  return { text: text.replace(HIDDEN, symbol), classes: classes.join(' '), color, background };
}

function symbol(c) {
  const code = c.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : '\ufffd';
}

function applyStyle(style, parameters) {
  const codes = parameters === '' ? [0] : parameters.split(/[;:]/).map(p => (p === '' ? 0 : Number(p)));
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    if (code === 0) Object.assign(style, plain());
    else if (code === 1) style.bold = true;
    else if (code === 2) style.dim = true;
    else if (code === 3) style.italic = true;
    else if (code === 4) style.underline = true;
    else if (code === 7) style.inverse = true;
    else if (code === 9) style.strike = true;
    else if (code === 22) style.bold = style.dim = false;
    else if (code === 23) style.italic = false;
    else if (code === 24) style.underline = false;
    else if (code === 27) style.inverse = false;
    else if (code === 29) style.strike = false;
    else if (code >= 30 && code <= 37) style.fg = code - 30;
    else if (code === 39) style.fg = null;
    else if (code >= 40 && code <= 47) style.bg = code - 40;
    else if (code === 49) style.bg = null;
    else if (code >= 90 && code <= 97) style.fg = code - 82;
    else if (code >= 100 && code <= 107) style.bg = code - 92;
    else if (code === 38 || code === 48) {
      const [value, used] = extended(codes, i + 1);
      if (code === 38) style.fg = value; else style.bg = value;
      i += used;
    }
  }
}

/** 38;5;n and 38;2;r;g;b: a number for the sixteen that follow the theme, else a CSS colour. */
function extended(codes, at) {
  if (codes[at] === 5) return [indexed(codes[at + 1] ?? 0), 2];
  if (codes[at] === 2) return [`rgb(${byte(codes[at + 1])}, ${byte(codes[at + 2])}, ${byte(codes[at + 3])})`, 4];
  return [null, 0];
}

function indexed(n) {
  if (!(n >= 0 && n <= 255)) return null;
  if (n < 16) return n;
  if (n >= 232) { const grey = 8 + (n - 232) * 10; return `rgb(${grey}, ${grey}, ${grey})`; }
  const level = v => (v === 0 ? 0 : 55 + v * 40);
  const c = n - 16;
  return `rgb(${level(Math.floor(c / 36))}, ${level(Math.floor(c / 6) % 6)}, ${level(c % 6)})`;
}

const byte = value => Math.max(0, Math.min(255, Math.trunc(value) || 0));

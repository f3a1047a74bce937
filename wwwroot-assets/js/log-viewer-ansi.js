// Log text -> runs of {text, classes, color, background}. Nothing here or behind it makes markup out of log text: a run is drawn with textContent.

import { safe } from './log-viewer-text.js';

const ESCAPE = /\u001b(?:\[([0-9:;<=>?]*)[ -/]*([@-~])|[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\|$)|[ -/]*[0-~]|$)|\u009b[0-?]*[ -/]*[@-~]/g;
// Control characters that would vanish or reorder what stands around them are shown by their symbols.
const HIDDEN = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** What a terminal would show of a line that was drawn over itself: the text behind the last carriage return that has any. */
export function lastDrawn(text) {
  if (!text.includes('\r')) return text;
  const parts = text.split('\r');
  for (let i = parts.length - 1; i > 0; i--) if (parts[i].trim() !== '') return parts[i];
  return parts[0];
}

/**
 * Every line begins plain: lines of several tasks stand between each other, and any line may be the first that is looked at.
 * @returns {{text: string, at: number, href: string, classes: string, color: string, background: string}[]} at: where it begins in the stored text
 */
export function toRuns(text) {
  const line = lastDrawn(text);
  const skipped = line.length === text.length ? 0 : text.lastIndexOf(line);
  if (!line.includes('\u001b') && !line.includes('\u009b')) return line === '' ? [] : [run(line, skipped, plain(), '')];
  const runs = [];
  const style = plain();
  let at = 0, href = '';
  for (const match of line.matchAll(ESCAPE)) {
    if (match.index > at) runs.push(run(line.slice(at, match.index), skipped + at, style, href));
    at = match.index + match[0].length;
    if (match[2] === 'm') applyStyle(style, match[1]);
    else if (match[0].startsWith('\u001b]8;')) href = safe(/^\u001b\]8;[^;]*;([^\u0007\u001b]*)/.exec(match[0])?.[1] ?? '');
  }
  if (at < line.length) runs.push(run(line.slice(at), skipped + at, style, href));
  return runs;
}

/** Where a place of the stored text is in what is shown. */
export function shownAt(runs, column) {
  let shown = 0;
  for (const run of runs) {
    if (column < run.at + run.text.length) return shown + Math.max(0, column - run.at);
    shown += run.text.length;
  }
  return shown;
}

function plain() {
  return { bold: false, dim: false, italic: false, underline: false, strike: false, inverse: false, fg: null, bg: null };
}

function run(text, at, style, href) {
  const classes = [];
  for (const name of ['bold', 'dim', 'italic', 'underline', 'strike', 'inverse']) if (style[name]) classes.push(`lv-${name}`);
  let [fg, bg] = [style.fg, style.bg];
  let color = '', background = '';
  if (typeof fg === 'number') classes.push(`lv-fg${fg}`); else color = fg ?? '';
  if (typeof bg === 'number') classes.push(`lv-bg${bg}`); else background = bg ?? '';
  return { text: text.replace(HIDDEN, symbol), at, href, classes: classes.join(' '), color, background };
}

function symbol(c) {
  const code = c.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : '\ufffd';
}

function applyStyle(style, parameters) {
  // With colons an element may be left out (38:2::1:2:3), and 4:3 is a kind of underline.
  const flat = parameters.replace(/([34]8):2:\d*:(?=\d+:\d+:\d)/g, '$1:2:').replace(/(^|;)4:(\d)/g, (_, before, kind) => `${before}${kind === '0' ? 24 : 4}`);
  const codes = flat === '' ? [0] : flat.split(/[;:]/).map(p => (p === '' ? 0 : Number(p)));
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

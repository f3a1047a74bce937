// Selecting across any number of lines. Rows are used again for other lines, so a selection is two places (line and column) and is drawn by highlights; the browser's own
// selection would end where the row does. A finger keeps the browser's own.

import { below } from './log-viewer-map.js';

const NEAR_EDGE = 24;
const drawn = typeof Highlight === 'function' && CSS.highlights ? new Highlight() : null;
if (drawn) CSS.highlights.set('lv-selection', drawn);

export class Selection {
  #viewer; #ranges = []; #timer = 0; #pointer = null; #clean = true;
  /** Places {src, n, col}: where it began and where it goes to. */
  from = null;
  to = null;

  constructor(viewer) {
    this.#viewer = viewer;
    viewer.on('scroller', 'mousedown', e => this.#down(e));
    window.addEventListener('mousemove', e => this.#move(e), { signal: viewer.signal });
    window.addEventListener('mouseup', () => this.#up(), { signal: viewer.signal });
  }

  get empty() { return !this.from || (this.from.n === this.to.n && this.from.src === this.to.src && this.from.col === this.to.col); }

  reset() { this.clear(); }

  close() {
    clearInterval(this.#timer);
    this.#forget();
  }

  clear() {
    this.from = this.to = null;
    this.draw();
  }

  all() {
    const { pane } = this.#viewer;
    let [first, last] = [0, pane.total - 1];
    while (first < last && !this.#place(pane.map.at(first), 0)) first++;
    while (last > first && !this.#place(pane.map.at(last), 0)) last--;
    [this.from, this.to] = [this.#place(pane.map.at(first), 0), this.#place(pane.map.at(last), Infinity)];
    this.#hold();
    this.draw();
  }

  /** Both ends in the order of the view: [{row, col}, {row, col}]. */
  ends() {
    const { map } = this.#viewer.pane;
    const [a, b] = [this.from, this.to].map(p => ({ row: map.rowOf(p.n, p.src).row, col: p.col }));
    return a.row < b.row || (a.row === b.row && a.col <= b.col) ? [a, b] : [b, a];
  }

  /** By keyboard: the moving end goes on by rows and columns. */
  extend(rows, columns) {
    const { pane, here } = this.#viewer;
    this.from ??= { src: 0, n: here, col: 0 };
    this.to ??= this.from;
    const at = pane.map.rowOf(this.to.n, this.to.src).row;
    let row = Math.max(0, Math.min(pane.total - 1, at + rows));
    // Headers and gaps have no text to stand in.
    const step = Math.sign(rows) || 1;
    while (row > 0 && row < pane.total - 1 && !['line', 'pair'].includes(pane.map.at(row).kind)) row += step;
    const col = columns === Infinity ? Infinity : columns === -Infinity ? 0 : Math.max(0, Math.min(this.to.col, 100_000) + columns);
    this.to = this.#place(pane.map.at(row), col) ?? this.to;
    this.#hold();
    pane.reveal(row);
    this.draw();
  }

  /** Draws what is selected of the rows that are there. */
  draw() {
    if (this.empty && this.#clean) return;
    this.#clean = this.empty;
    this.#forget();
    const { pane } = this.#viewer;
    this.#viewer.root.classList.toggle('lv-selecting', !this.empty);
    if (this.empty || pane.total === 0) { pane.rows.forEach(r => r.element.classList.remove('lv-sel')); return; }
    const [a, b] = this.ends();
    pane.rows.forEach((row, i) => {
      const at = pane.first + i;
      const inside = at >= a.row && at <= b.row;
      row.element.classList.toggle('lv-sel', inside && (!drawn || row.parts?.text?.textContent === ''));
      if (!inside || !drawn || !row.parts?.text) return;
      const range = between(row.parts.text, at === a.row ? a.col : 0, at === b.row ? b.col : Infinity);
      if (range) { this.#ranges.push(range); drawn.add(range); }
    });
  }

  #forget() {
    for (const range of this.#ranges) drawn.delete(range);
    this.#ranges = [];
  }

  #place(at, col) {
    if (at?.kind === 'line') return { src: at.src, n: at.n, col };
    if (at?.kind === 'pair' && (at.right ?? at.left) !== null) return { src: at.right === null ? 1 : 0, n: at.right ?? at.left, col };
    return null;
  }

  /** Lines do not move under a selection. */
  #hold() {
    const { pane } = this.#viewer;
    if (!pane.atEnd || this.#viewer.ended) return;
    pane.atEnd = false;
    this.#viewer.moved();
  }

  #down(e) {
    if (e.button !== 0 || !e.target.closest('.lv-x, .lv-t, .lv-s, .lv-k')) return;
    const place = this.#at(e.clientX, e.clientY);
    if (!place) return;
    if (e.target.closest('.lv-link') && e.detail === 1) { this.#pointer = null; return; }
    e.preventDefault();
    this.#viewer.scroller.focus({ preventScroll: true });
    document.getSelection()?.removeAllRanges();
    if (e.shiftKey && this.from) this.to = place;
    else if (e.detail === 2) [this.from, this.to] = this.#word(place);
    else if (e.detail >= 3) [this.from, this.to] = [{ ...place, col: 0 }, { ...place, col: Infinity }];
    else this.from = this.to = place;
    this.#pointer = { x: e.clientX, y: e.clientY, words: e.detail > 1 };
    this.#timer = setInterval(() => this.#drag(), 50);
    this.draw();
  }

  #move(e) {
    if (!this.#pointer) return;
    Object.assign(this.#pointer, { x: e.clientX, y: e.clientY, words: false });
    this.#drag();
  }

  #drag() {
    const pointer = this.#pointer;
    if (!pointer || pointer.words) return;
    const { pane, scroller } = this.#viewer;
    const box = scroller.getBoundingClientRect();
    const out = pointer.y < box.top + NEAR_EDGE ? pointer.y - box.top - NEAR_EDGE : pointer.y > box.bottom - NEAR_EDGE ? pointer.y - box.bottom + NEAR_EDGE : 0;
    if (out !== 0 && (pointer.y < box.top || pointer.y > box.bottom)) pane.moveBy(out * 2);
    const y = Math.max(box.top + 2, Math.min(box.bottom - 20, pointer.y));
    const place = this.#at(pointer.x, y);
    if (!place || (place.n === this.to.n && place.col === this.to.col && place.src === this.to.src)) return;
    this.to = place;
    if (!this.empty) this.#hold();
    this.draw();
  }

  #up() {
    clearInterval(this.#timer);
    this.#pointer = null;
  }

  /** The place under a point. */
  #at(x, y) {
    const { pane } = this.#viewer;
    const tops = pane.rows.map(r => r.element.getBoundingClientRect().top);
    const i = Math.max(0, below(tops, y));
    const row = pane.rows[i];
    const at = pane.map.at(pane.first + i);
    const text = row?.parts?.text;
    if (!text || !at) return null;
    const box = text.getBoundingClientRect();
    const caret = document.caretPositionFromPoint?.(x, y);
    const [node, offset] = caret ? [caret.offsetNode, caret.offset] : caretRange(x, y);
    let col = x < box.left ? 0 : Infinity;
    if (node && text.contains(node)) col = columnOf(text, node, offset);
    return this.#place(at, col);
  }

  #word(place) {
    const { pane } = this.#viewer;
    const row = pane.rows[pane.map.rowOf(place.n, place.src).row - pane.first];
    const text = row?.parts?.text?.textContent ?? '';
    const at = Math.min(place.col, text.length);
    const start = at - (/[\w./:@-]*$/.exec(text.slice(0, at))?.[0].length ?? 0);
    const end = at + (/^[\w./:@-]*/.exec(text.slice(at))?.[0].length ?? 0);
    return [{ ...place, col: start }, { ...place, col: end }];
  }
}

function caretRange(x, y) {
  const range = document.caretRangeFromPoint?.(x, y);
  return range ? [range.startContainer, range.startOffset] : [null, 0];
}

function columnOf(text, node, offset) {
  const range = document.createRange();
  range.setStart(text, 0);
  range.setEnd(node, offset);
  return range.toString().length;
}

/** A range of the characters a..b of an element; null when it has none. */
function between(element, a, b) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let at = 0, started = false, last = null;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const length = node.data.length;
    if (!started && a <= at + length) { range.setStart(node, Math.max(0, a - at)); started = true; }
    if (b <= at + length) { range.setEnd(node, Math.max(0, b - at)); return started ? range : null; }
    at += length;
    last = node;
  }
  if (!started || !last) return null;
  range.setEnd(last, last.data.length);
  return range;
}

// The scrolling pane: about as many rows as fit, used again and again, and a scrollbar that is a picture of the position in a log of any length.
// The position is kept in rows of the map (with a fraction), not in pixels: browsers cannot make elements of 200 million pixels.

import { createRow, drawRow } from './log-viewer-row.js';
import { RowMap } from './log-viewer-map.js';

export const ROW = 20;
const MAX_HEIGHT = 8_000_000;
const AROUND = 60;
const CALM = 120;
const CALM_AT_END = 400;
const SETTLE = 400;
const PATIENCE = 1000;

export class Pane {
  #rows = []; #first = -1; #top = -1; #width = 0; #frame = 0; #touch = null; #calm = 0; #wanted = 0; #asked = []; #late = 0;
  #height = 0; #drawn = { height: 0, shift: '', spaced: -1 }; #moved = true; #settling = 0; #settled = 0;
  position = 0;
  wrap = false;
  /** True while the end is what is shown: then it stays shown as lines come. */
  atEnd = true;
  map = RowMap.identity(0);
  look = { version: 0, matches: null, current: null, marked: null, task: '', time: null, names: null, wide: false };

  /** @param {{moved: () => void, drawn: () => void}} events moved: the user went somewhere; drawn: the rows are in place. */
  constructor(scroller, sources, events, signal) {
    this.scroller = scroller;
    this.sources = sources;
    this.events = events;
    this.layer = element('div', 'lv-layer');
    this.inner = element('div', 'lv-rows');
    this.spacer = element('div', 'lv-spacer');
    this.layer.append(this.inner);
    scroller.replaceChildren(this.layer, this.spacer);
    scroller.addEventListener('scroll', () => this.#scrolled(), { passive: true, signal });
    scroller.addEventListener('wheel', e => this.#wheel(e), { passive: false, signal });
    scroller.addEventListener('touchstart', e => { this.#touch = e.touches.length === 1 ? e.touches[0].clientY : null; }, { passive: true, signal });
    scroller.addEventListener('touchmove', e => this.#touched(e), { passive: false, signal });
    for (const begins of ['pointerdown', 'touchstart', 'wheel']) scroller.addEventListener(begins, () => { if (this.#settling) this.#settle(); }, { passive: true, signal });
    this.resizes = new ResizeObserver(() => { this.#height = scroller.clientHeight; this.refresh(); });
    this.resizes.observe(scroller);
  }

  /** Asking the browser after rows were written would make it lay them out at once. */
  get height() { return this.#height ||= this.scroller.clientHeight; }
  get rowsInView() { return Math.ceil(this.height / ROW); }
  get total() { return this.map.count; }
  get rows() { return this.#rows; }
  get first() { return this.#first; }
  /** Whether there is nothing that is not in view. */
  get whole() { return !this.wrap && this.#maxPosition === 0; }
  get #maxPosition() { return Math.max(0, this.total - this.height / ROW); }
  get #scaled() { return this.total * ROW > MAX_HEIGHT; }
  get #own() { return this.wrap || this.#scaled; }

  /** Another way to look at the log; the row that stands for a line stays where it is. */
  setMap(map, keep = null) {
    const offset = keep === null ? 0 : this.position - this.map.rowOf(keep).row;
    this.map = map;
    // The beginning stays the beginning, also where it gets a header.
    if (keep !== null && !this.atEnd && this.position >= 0.5) this.position = Math.max(0, map.rowOf(keep).row + offset);
    this.#width = 0;
    this.repaint({});
  }

  /** Shows a row a third down the pane, so that what led to it is seen; and stays there, even where that is the end. */
  goToRow(row) {
    this.atEnd = false;
    this.position = Math.max(0, Math.min(row, this.total - 1) - Math.floor(this.height / ROW / 3));
    this.refresh();
  }

  goToEnd() {
    this.atEnd = true;
    this.refresh();
  }

  moveBy(pixels) {
    const row = this.wrap ? this.#rows[0]?.element.offsetHeight || ROW : ROW;
    this.moveTo(this.position + pixels / row, pixels < 0);
  }

  moveTo(position, up = position < this.position) {
    this.position = Math.max(0, Math.min(this.wrap ? this.total - 1 : this.#maxPosition, position));
    if (up) this.atEnd = false;
    if (!this.wrap && this.total > 0 && this.position >= this.#maxPosition - 0.5) this.atEnd = true;
    this.refresh();
    this.events.moved();
  }

  /** Moves as little as shows a row. */
  reveal(row) {
    const last = this.position + Math.floor(this.height / ROW) - 1;
    if (row < this.position) this.moveTo(row, true); else if (row > last) this.moveTo(row - Math.floor(this.height / ROW) + 1, false);
  }

  repaint(look) {
    Object.assign(this.look, look);
    this.look.version++;
    this.refresh();
  }

  /** Draws on the next frame, once. */
  refresh() {
    this.#moved = true;
    this.grown();
  }

  /** Draws the lines that came; nothing else is different. */
  grown() {
    this.#frame ||= requestAnimationFrame(() => { this.#frame = 0; this.#draw(); });
  }

  close() {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#calm);
    clearTimeout(this.#settling);
    this.resizes.disconnect();
    this.scroller.replaceChildren();
  }

  #scrolled() {
    const { scrollTop: top, scrollLeft: left, clientHeight } = this.scroller;
    // Only then: each row with something that sticks is a layer of its own to the browser.
    this.scroller.classList.toggle('lv-sideways', left > 0);
    // What the pane set itself comes back as an event too; only what the user did moves the position.
    if (Math.abs(top - this.#top) < 1.5) return;
    // A view that became higher or lower is put elsewhere by the browser: the user went nowhere.
    if (clientHeight !== this.#drawn.height) { this.#height = clientHeight; this.refresh(); return; }
    this.#top = top;
    const most = this.scroller.scrollHeight - this.height;
    this.atEnd = top >= most - 2;
    this.position = this.#scaled ? (most > 0 ? (top / most) * this.#maxPosition : 0) : top / ROW;
    // At once: a frame later the rows would be seen at the old place.
    this.#moved = true;
    this.#draw();
    this.events.moved();
  }

  #wheel(e) {
    if (!this.#own || e.ctrlKey || Math.abs(e.deltaX) > Math.abs(e.deltaY)) return;
    e.preventDefault();
    this.moveBy(e.deltaMode === 1 ? e.deltaY * ROW : e.deltaMode === 2 ? e.deltaY * this.height : e.deltaY);
  }

  #touched(e) {
    if (!this.#own || this.#touch === null || e.touches.length !== 1) return;
    const y = e.touches[0].clientY;
    if (Math.abs(y - this.#touch) < 2) return;
    e.preventDefault();
    this.moveBy(this.#touch - y);
    this.#touch = y;
  }

  #draw() {
    const height = this.height;
    if (height === 0) return;
    if (height !== this.#drawn.height) {
      this.layer.style.height = `${height}px`;
      this.layer.style.marginBottom = `${-height}px`;
      this.#drawn.height = height;
    }
    if (this.wrap) this.#drawWrapped(height); else this.#drawPlain();
    this.#need(this.#wanted, this.#wanted + this.#rows.length - 1);
    // What is around is fetched when the view stands still: while the end runs away it would be fetched for nothing.
    clearTimeout(this.#calm);
    this.#calm = setTimeout(() => this.#need(this.#wanted - AROUND, this.#wanted + this.#rows.length + AROUND), this.atEnd ? CALM_AT_END : CALM);
    this.events.drawn();
    // While lines only come, what there is to scroll is made longer a few times a second: each time costs the browser a layout and a frame of its own.
    if (this.#moved || performance.now() - this.#settled >= SETTLE) this.#settle(); else this.#settling ||= setTimeout(() => this.#settle(), SETTLE);
  }

  #need(first, last) {
    const ranges = this.map.ranges(Math.max(0, first), Math.min(this.total - 1, last));
    this.sources.forEach((lines, src) => lines?.need(ranges.filter(r => r.src === src).map(r => [r.from, r.to])));
  }

  #drawPlain() {
    this.position = this.atEnd ? this.#maxPosition : Math.min(this.position, this.#maxPosition);
    this.#wanted = Math.floor(this.position);
    const first = this.#standIn(this.#wanted);
    this.scroller.classList.toggle('lv-behind', first !== this.#wanted);
    this.#drawRows(first);
    this.#shift(first === this.#wanted ? -(this.position - first) * ROW : 0);
  }

  #shift(pixels) {
    const shift = `translateY(${pixels}px)`;
    if (shift !== this.#drawn.shift) this.inner.style.transform = this.#drawn.shift = shift;
  }

  /** Makes what the browser scrolls as long and as wide as the log, and puts it where the view is. */
  #settle() {
    clearTimeout(this.#settling);
    [this.#settling, this.#moved, this.#settled] = [0, false, performance.now()];
    const spaced = Math.min(this.total * ROW, MAX_HEIGHT);
    if (spaced !== this.#drawn.spaced) this.spacer.style.height = `${this.#drawn.spaced = spaced}px`;
    if (!this.wrap) {
      const width = this.inner.scrollWidth;
      if (width > this.#width) this.spacer.style.width = `${this.#width = width}px`;
    }
    this.#placeScrollbar();
  }

  /** While the user drags faster than lines come, the newest place that has come stands in: what lags can be read, what is empty cannot. */
  #standIn(wanted) {
    const now = performance.now();
    if (this.#has(wanted)) {
      [this.#asked, this.#late] = [[], 0];
      return wanted;
    }
    if (this.#asked.at(-1) !== wanted) this.#asked.push(wanted);
    if (this.#asked.length > 200) this.#asked.shift();
    const come = this.#asked.findLastIndex(first => this.#has(first));
    if (come > 0) this.#asked.splice(0, come);
    if (come > 0 || this.#late === 0) this.#late = now;
    if (now - this.#late > PATIENCE) return wanted;
    return come >= 0 ? this.#asked[0] : this.#first >= 0 && this.#has(this.#first) ? this.#first : wanted;
  }

  /** Whether the rows of a place can be drawn: of its first, middle and last line, which come together. */
  #has(first) {
    const last = Math.min(this.total - 1, first + this.rowsInView - 1);
    return [first, (first + last) >> 1, last].every(row => {
      const at = this.map.at(row);
      return at?.kind !== 'line' || this.sources[at.src]?.get(at.n) !== undefined;
    });
  }

  #drawWrapped(height) {
    let first = this.#wanted = Math.floor(Math.min(this.position, Math.max(0, this.total - 1)));
    if (!this.atEnd) {
      this.#drawRows(first);
      const skipped = (this.position - first) * (this.#rows[0]?.element.offsetHeight ?? 0);
      this.atEnd = first + this.#rows.length >= this.total && this.inner.offsetHeight - skipped <= height;
      this.#shift(-skipped);
      if (!this.atEnd) return;
    }
    // The last line stands at the bottom; the lines above it take what they need.
    first = this.#wanted = Math.max(0, this.total - this.rowsInView - 1);
    this.#drawRows(first);
    const shift = Math.min(0, height - this.inner.offsetHeight);
    this.#shift(shift);
    let above = -shift;
    for (const row of this.#rows) {
      const tall = row.element.offsetHeight || ROW;
      if (above < tall) { first += above / tall; break; }
      above -= tall;
      first++;
    }
    this.position = first;
  }

  #drawRows(first) {
    const count = Math.max(0, Math.min(this.rowsInView + 1, this.total - first));
    while (this.#rows.length < count) { const row = createRow(); this.#rows.push(row); this.inner.append(row.element); }
    while (this.#rows.length > count) this.#rows.pop().element.remove();
    // Rows that stay in view keep their elements and their order, and with them the focus.
    const shift = first - this.#first;
    for (let i = 0; i < shift && shift < count; i++) { const row = this.#rows.shift(); this.inner.append(row.element); this.#rows.push(row); }
    for (let i = 0; i < -shift && -shift < count; i++) { const row = this.#rows.pop(); this.inner.prepend(row.element); this.#rows.unshift(row); }
    this.#first = first;
    this.#rows.forEach((row, i) => drawRow(row, this.map.at(first + i), this.sources, this.look));
  }

  #placeScrollbar() {
    const most = this.scroller.scrollHeight - this.height;
    const max = this.#maxPosition;
    const wanted = this.atEnd ? most : this.#scaled ? (max > 0 ? (Math.min(this.position, max) / max) * most : 0) : Math.min(most, this.position * ROW);
    if (Math.abs(this.scroller.scrollTop - wanted) >= 1) this.scroller.scrollTop = wanted;
    this.#top = this.scroller.scrollTop;
  }
}

function element(tag, className) {
  const e = document.createElement(tag);
  e.className = className;
  return e;
}

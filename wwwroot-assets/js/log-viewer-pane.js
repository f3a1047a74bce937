// The scrolling pane: about as many rows as fit, used again and again, and a scrollbar that is a picture of the position in a log of any length.
// The position is kept in lines (with a fraction), not in pixels: browsers cannot make elements of 200 million pixels.

import { createRow, drawRow } from './log-viewer-row.js';

export const ROW = 20;
const MAX_HEIGHT = 8_000_000;
const MARGIN = 60;

export class Pane {
  #rows = [];
  #first = -1;
  #top = -1;
  #width = 0;
  #frame = 0;
  #touch = null;
  total = 0;
  position = 0;
  wrap = false;
  /** True while the end is what is shown: then it stays shown as lines come. */
  atEnd = true;
  look = { version: 0, query: '', current: null, marked: null, task: '' };

  /** @param {{moved: () => void}} events moved: the user went somewhere. */
  constructor(scroller, lines, events, signal) {
    this.scroller = scroller;
    this.lines = lines;
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
    this.resizes = new ResizeObserver(() => this.refresh());
    this.resizes.observe(scroller);
  }

  get height() { return this.scroller.clientHeight; }
  get rowsInView() { return Math.ceil(this.height / ROW); }
  get #maxPosition() { return Math.max(0, this.total - this.height / ROW); }
  get #scaled() { return this.total * ROW > MAX_HEIGHT; }
  get #own() { return this.wrap || this.#scaled; }

  setTotal(total) {
    if (total === this.total) return;
    this.total = total;
    this.refresh();
  }

  /** Shows a line a third down the pane, so that what led to it is seen; and stays there, even where that is the end. */
  goTo(n) {
    this.atEnd = false;
    this.position = Math.max(0, Math.min(n - 1, this.total - 1) - Math.floor(this.height / ROW / 3));
    this.refresh();
  }

  goToEnd() {
    this.atEnd = true;
    this.refresh();
  }

  moveBy(pixels) {
    const before = this.position;
    const row = this.wrap ? this.#rows[0]?.element.offsetHeight || ROW : ROW;
    this.position = Math.max(0, Math.min(this.wrap ? this.total - 1 : this.#maxPosition, before + pixels / row));
    if (pixels < 0) this.atEnd = false;
    this.#settle();
    this.events.moved();
  }

  repaint(look) {
    Object.assign(this.look, look);
    this.look.version++;
    this.refresh();
  }

  /** Draws on the next frame, once. */
  refresh() {
    this.#frame ||= requestAnimationFrame(() => { this.#frame = 0; this.#draw(); });
  }

  close() {
    cancelAnimationFrame(this.#frame);
    this.resizes.disconnect();
    this.scroller.replaceChildren();
  }

  #settle() {
    if (!this.wrap && this.position >= this.#maxPosition - 0.5) this.atEnd = true;
    this.refresh();
  }

  #scrolled() {
    const top = this.scroller.scrollTop;
    // What the pane set itself comes back as an event too; only what the user did moves the position.
    if (Math.abs(top - this.#top) < 1.5) return;
    this.#top = top;
    const most = this.scroller.scrollHeight - this.height;
    this.atEnd = top >= most - 2;
    this.position = this.#scaled ? (most > 0 ? (top / most) * this.#maxPosition : 0) : top / ROW;
    // At once: a frame later the rows would be seen at the old place.
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
    this.layer.style.height = `${height}px`;
    this.layer.style.marginBottom = `${-height}px`;
    this.spacer.style.height = `${Math.min(this.total * ROW, MAX_HEIGHT)}px`;
    if (this.wrap) this.#drawWrapped(height); else this.#drawPlain();
    this.#placeScrollbar();
    const first = this.#first + 1, last = Math.min(this.total, first + this.#rows.length - 1);
    if (last >= first) this.lines.need(first - MARGIN, Math.min(this.total, last + MARGIN));
  }

  #drawPlain() {
    this.position = this.atEnd ? this.#maxPosition : Math.min(this.position, this.#maxPosition);
    const first = Math.floor(this.position);
    this.#drawRows(first);
    this.inner.style.transform = `translateY(${-(this.position - first) * ROW}px)`;
    const width = this.inner.scrollWidth;
    if (width > this.#width) this.spacer.style.width = `${this.#width = width}px`;
  }

  #drawWrapped(height) {
    let first = Math.floor(Math.min(this.position, Math.max(0, this.total - 1)));
    if (!this.atEnd) {
      this.#drawRows(first);
      const skipped = (this.position - first) * (this.#rows[0]?.element.offsetHeight ?? 0);
      this.atEnd = first + this.#rows.length >= this.total && this.inner.offsetHeight - skipped <= height;
      this.inner.style.transform = `translateY(${-skipped}px)`;
      if (!this.atEnd) return;
    }
    // The last line stands at the bottom; the lines above it take what they need.
    first = Math.max(0, this.total - this.rowsInView - 2);
    this.#drawRows(first);
    const shift = Math.min(0, height - this.inner.offsetHeight);
    this.inner.style.transform = `translateY(${shift}px)`;
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
    const count = Math.max(0, Math.min(this.rowsInView + 2, this.total - first));
    while (this.#rows.length < count) { const row = createRow(); this.#rows.push(row); this.inner.append(row.element); }
    while (this.#rows.length > count) this.#rows.pop().element.remove();
    // Rows that stay in view keep their elements and their order, and with them what the user has selected.
    const shift = first - this.#first;
    for (let i = 0; i < shift && shift < count; i++) { const row = this.#rows.shift(); this.inner.append(row.element); this.#rows.push(row); }
    for (let i = 0; i < -shift && -shift < count; i++) { const row = this.#rows.pop(); this.inner.prepend(row.element); this.#rows.unshift(row); }
    this.#first = first;
    this.#rows.forEach((row, i) => drawRow(row, first + i + 1, this.lines.get(first + i + 1), this.look));
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

// Marked lines and their links: #L120 and #L120-L140. A link that is copied pins its lines, so that they outlive the retention of the log.

import { plural } from './log-viewer-row.js';

const MOST_PINNED = 1000;

export class Marks {
  #viewer;
  /** [first, last] or null. */
  range = null;

  constructor(viewer) {
    this.#viewer = viewer;
    viewer.on('scroller', 'click', e => this.#clicked(e));
    viewer.on('link', 'click', () => this.copyLink());
    viewer.on('text', 'click', () => viewer.copying.lines(...this.range));
    viewer.on('unmark', 'click', () => { this.clear(); viewer.scroller.focus({ preventScroll: true }); });
  }

  reset() {
    this.range = null;
    this.#viewer.part('actions').hidden = true;
  }

  set([from, to], address = false) {
    const viewer = this.#viewer;
    this.range = from <= to ? [from, to] : [to, from];
    viewer.lastAt = from;
    viewer.pane.repaint({ marked: this.range });
    viewer.part('actions').hidden = false;
    viewer.part('link').hidden = !this.#linked;
    const [a, b] = this.range;
    viewer.part('marked').textContent = a === b ? `Line ${a.toLocaleString('en')}` : `Lines ${a.toLocaleString('en')}–${b.toLocaleString('en')}`;
    if (address && viewer.deepLinks) history.replaceState(history.state, '', `${this.#page}${hash(this.range)}`);
  }

  /** The map is another one: the marked lines are looked for again. */
  again() {
    if (this.range) this.#viewer.goToLine(this.range[0]);
  }

  clear() {
    this.reset();
    this.#viewer.pane.repaint({ marked: null });
    if (this.#viewer.deepLinks && hashRange()) history.replaceState(history.state, '', location.pathname + location.search);
  }

  async copyLink() {
    const { url, say, copying } = this.#viewer;
    if (!this.range || !this.#linked) return;
    const [from, to] = this.range;
    await copying.put(`${location.origin}${this.#page}${hash(this.range)}`);
    say.notice(`Link to ${from === to ? `line ${from.toLocaleString('en')}` : plural(to - from + 1, 'line')} copied`);
    try {
      const response = await fetch(`${url}/pins`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ from, to: Math.min(to, from + MOST_PINNED - 1) }) });
      if (!response.ok && response.status !== 404) say.notice('The link is copied, but its lines could not be kept: it works as long as the log does.');
    } catch {
      say.notice('The link is copied, but the dashboard could not be told to keep its lines.');
    }
  }

  get #page() { return this.#viewer.page ?? `${location.pathname}${location.search}`; }

  get #linked() { return this.#viewer.deepLinks || Boolean(this.#viewer.page); }

  #clicked(e) {
    const number = e.target.closest?.('.lv-n');
    const n = Number(number?.parentElement.dataset.line);
    if (!n || number.classList.contains('lv-ln')) return;
    if (e.shiftKey && this.range) this.set([n > this.range[0] ? this.range[0] : n, n > this.range[0] ? n : this.range[1]], true);
    else if (this.range && this.range[0] === n && this.range[1] === n) this.clear();
    else this.set([n, n], true);
  }
}

const hash = ([from, to]) => (from === to ? `#L${from}` : `#L${from}-L${to}`);

export function hashRange() {
  return location.hash.startsWith('#L') ? rangeOf(location.hash.slice(1)) : null;
}

/** Lines as they are written in addresses and typed: 50, L50, 50-60, L50-L60. */
export function rangeOf(text) {
  const match = /^L?(\d{1,12})(?:\s*[-–]\s*L?(\d{1,12}))?$/i.exec(text.trim());
  if (!match) return null;
  const [from, to] = [Number(match[1]), Number(match[2] ?? match[1])];
  return from < 1 || to < 1 ? null : [Math.min(from, to), Math.max(from, to)];
}

// Errors: their number, and the way from one to the next.

import { Ranges } from './log-viewer-filter.js';
import { below } from './log-viewer-map.js';
import { plural } from './log-viewer-row.js';

export class Errors {
  #viewer; #ranges = null; #at = null;

  constructor(viewer) {
    this.#viewer = viewer;
    viewer.on('errors', 'click', () => this.next());
  }

  reset(url) {
    this.#ranges?.close();
    this.#ranges = new Ranges(url, 'marks=error&context=0');
    this.#at = null;
    this.#viewer.part('errors').hidden = true;
  }

  grow() {
    if (this.#at === null) return;
    this.#show();
  }

  outlined() {
    this.#show();
  }

  async next() { await this.#go(n => this.#lines().find(r => r[1] > n), 0); }

  async previous() { await this.#go(n => { const i = below(this.#lines(), n - 1, r => r[0]); return this.#lines()[i]; }, Infinity); }

  #lines() { return this.#ranges.ranges; }

  async #go(find, start) {
    const viewer = this.#viewer;
    try {
      await this.#ranges.read(viewer.total);
    } catch (error) {
      viewer.say.notice(error.message);
      return;
    }
    if (this.#lines().length === 0) { viewer.say.notice('No line is marked as an error.'); return; }
    // The first press goes to the first error of all; then on from where it was.
    const range = find(this.#at ?? start);
    if (!range) { viewer.say.notice(start === 0 ? 'That was the last error.' : 'That was the first error.'); return; }
    const forward = start === 0;
    const n = forward ? Math.max(range[0], (this.#at ?? 0) + 1) : Math.min(range[1], (this.#at ?? Infinity) - 1);
    this.#at = n;
    viewer.lastAt = n;
    viewer.goToLine(n);
    viewer.pane.repaint({ current: n });
    this.#show();
    viewer.say.notice(`Error on line ${n.toLocaleString('en')}`);
  }

  #show() {
    const errors = this.#viewer.outline.data?.errors ?? 0;
    const button = this.#viewer.part('errors');
    button.hidden = errors === 0;
    button.querySelector('span').textContent = plural(errors, 'error');
  }
}

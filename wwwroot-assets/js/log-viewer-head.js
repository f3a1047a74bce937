// The header that stays at the top while the lines of its group go by.

import { fillHead } from './log-viewer-row.js';
import { below } from './log-viewer-map.js';

export class Head {
  #viewer; #parts; #key = '';

  constructor(viewer) {
    this.#viewer = viewer;
    const sticky = viewer.part('sticky');
    this.#parts = Object.fromEntries(['icon', 'name', 'notes', 'took'].map(name => [name, sticky.querySelector(`[data-part="${name}"]`)]));
    viewer.on('sticky', 'click', () => {
      const head = this.#top();
      if (!head) return;
      viewer.pane.moveTo(head.row, true);
      viewer.scroller.focus({ preventScroll: true });
    });
  }

  draw() {
    const head = this.#top();
    const sticky = this.#viewer.part('sticky');
    sticky.hidden = !head;
    if (!head) { this.#key = ''; return; }
    const group = head.segment.group;
    const path = this.around(head.row).map(h => h.segment.group.title);
    const key = `${path.join()} ${group.key} ${group.status} ${group.errors} ${Math.floor(Date.now() / 1000)}`;
    if (key === this.#key) return;
    this.#key = key;
    fillHead(this.#parts, { ...group, title: [...path, group.title].join(' › ') });
  }

  /** Headers of the groups a row is in, outermost first. */
  around(row) {
    const { map } = this.#viewer.pane;
    const heads = map.heads();
    const found = [];
    let depth = map.at(row)?.segment.depth ?? 0;
    for (let i = below(heads, row - 1, h => h.row); i >= 0 && depth > 0; i--) {
      const head = heads[i];
      if ((head.segment.depth ?? 0) !== depth - 1) continue;
      found.unshift(head);
      depth--;
    }
    return found;
  }

  #top() {
    const { pane } = this.#viewer;
    if (pane.total === 0) return null;
    const head = this.around(Math.floor(pane.position)).at(-1);
    return head && head.row < pane.position ? head : null;
  }
}

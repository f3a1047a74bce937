// The strip at the right: how text, errors and matches are spread over the log, where the view is, and a handle to drag.

import { plural } from './log-viewer-row.js';

const CALM = 500;
/** What is never drawn as if it were long. */
const SHORT = 40;
/** How much of a mark's colour is there for one line among thousands: still clearly to be seen. */
const FAINTEST = 0.6;

export class Minimap {
  #viewer; #canvas; #thumb; #key = ''; #dragging = false; #resizes; #painted = ''; #later = 0;
  #height = 0; #thumbAt = ''; #at = 0;

  constructor(viewer) {
    this.#viewer = viewer;
    this.#canvas = viewer.part('map').querySelector('canvas');
    this.#thumb = viewer.part('map').querySelector('.lv-thumb');
    viewer.on('map', 'pointerdown', e => this.#down(e));
    viewer.on('map', 'pointermove', e => { if (this.#dragging) this.#drag(e); });
    for (const end of ['pointerup', 'pointercancel']) viewer.on('map', end, () => { this.#dragging = false; });
    viewer.on('map', 'keydown', e => this.#pressed(e));
    viewer.on('map', 'wheel', e => { e.preventDefault(); viewer.pane.moveBy(e.deltaY); }, { passive: false });
    this.#resizes = new ResizeObserver(() => {
      this.#height = viewer.part('map').clientHeight;
      this.place();
      this.paint();
    });
    this.#resizes.observe(viewer.part('map'));
  }

  close() {
    clearTimeout(this.#later);
    this.#resizes.disconnect();
  }

  /** Puts the handle where the view is. */
  place() {
    const { pane } = this.#viewer;
    const map = this.#viewer.part('map');
    const height = this.#height;
    const inView = pane.height / 20;
    const fits = pane.total <= inView;
    if (fits !== map.hidden) {
      map.hidden = fits;
      this.#viewer.root.classList.toggle('lv-fits', fits);
    }
    if (map.hidden || height === 0) return;
    const tall = Math.max(24, height * Math.min(1, inView / pane.total));
    const most = Math.max(1, pane.total - inView);
    const at = `height: ${Math.round(tall * 4) / 4}px; transform: translateY(${Math.round(Math.min(1, pane.position / most) * (height - tall) * 4) / 4}px)`;
    if (at !== this.#thumbAt) this.#thumb.style.cssText = this.#thumbAt = at;
    // The picture and the words may be a moment late where lines only come; the handle may not.
    if (!this.#viewer.following) this.#describe();
    if (this.#painted === this.#now) return;
    if (performance.now() - this.#at >= CALM) this.paint(); else this.#later ||= setTimeout(() => this.paint(), CALM);
  }

  #describe() {
    const { pane, total, outline } = this.#viewer;
    const map = this.#viewer.part('map');
    const line = pane.map.lineAt(Math.ceil(pane.position)) ?? 1;
    const errors = outline?.data?.errors ?? 0;
    const key = `${line} ${total} ${errors}`;
    if (key === this.#key) return;
    this.#key = key;
    map.setAttribute('aria-valuemax', String(Math.max(1, total)));
    map.setAttribute('aria-valuenow', String(line));
    map.setAttribute('aria-valuetext', `Line ${line.toLocaleString('en')} of ${total.toLocaleString('en')}${errors > 0 ? `, ${plural(errors, 'error')} in all` : ''}`);
  }

  /** What the picture is of. */
  get #now() { return `${this.#viewer.pane.map.count} ${this.#height}`; }

  paint() {
    const { pane, outline, root } = this.#viewer;
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    if (width === 0 || height === 0) return;
    clearTimeout(this.#later);
    [this.#later, this.#painted, this.#at] = [0, this.#now, performance.now()];
    this.#describe();
    const scale = window.devicePixelRatio || 1;
    this.#canvas.width = width * scale;
    this.#canvas.height = height * scale;
    const draw = this.#canvas.getContext('2d');
    draw.scale(scale, scale);
    const { data } = outline ?? {};
    if (!data || pane.total === 0) return;
    const color = name => getComputedStyle(root).getPropertyValue(name).trim();
    const [quiet, error, warning] = [color('--lv-quiet'), color('--lv-error'), color('--lv-warning')];
    const y = line => (line > this.#viewer.total ? 1 : pane.map.rowOf(line).row / pane.total) * height;
    const size = data.bucketSize;
    const places = data.buckets.map(([lines, errors, warnings, bytes], i) => ({ lines, errors, warnings, top: y(i * size + 1), end: y((i + 1) * size + 1), long: bytes / Math.max(1, lines) }));
    const widest = Math.max(SHORT, ...places.map(p => p.long));
    draw.globalAlpha = 0.3;
    draw.fillStyle = quiet;
    // By the root: one very long line does not make all others alike.
    for (const { long, top, end } of places) draw.fillRect(4, top, Math.sqrt(long / widest) * (width - 8), end - top);
    draw.globalAlpha = 1;
    for (const [kind, style] of [['warnings', warning], ['errors', error]]) {
      draw.fillStyle = style;
      for (const { top, tall, share } of ticks(places, kind, height)) {
        const wide = Math.min(1, 0.35 + share * 4) * (width - 8);
        draw.globalAlpha = FAINTEST + (1 - FAINTEST) * Math.min(1, Math.sqrt(share) * 2);
        draw.fillRect(width - 4 - wide, top, wide, tall);
      }
    }
    draw.globalAlpha = 1;
    draw.fillStyle = color('--lv-accent');
    for (const n of this.#viewer.find.found(height)) draw.fillRect(1, y(n), 4, 2);
  }

  #down(e) {
    if (e.button !== 0) return;
    e.preventDefault();
    this.#viewer.part('map').focus({ preventScroll: true });
    this.#viewer.part('map').setPointerCapture(e.pointerId);
    this.#dragging = true;
    this.#drag(e);
  }

  #drag(e) {
    const { pane } = this.#viewer;
    const box = this.#viewer.part('map').getBoundingClientRect();
    const tall = this.#thumb.offsetHeight;
    const share = Math.max(0, Math.min(1, (e.clientY - box.top - tall / 2) / Math.max(1, box.height - tall)));
    const most = Math.max(0, pane.total - pane.height / 20);
    if (share >= 1) { pane.goToEnd(); this.#viewer.moved(); } else { pane.atEnd = false; pane.moveTo(share * most); }
  }

  #pressed(e) {
    const { pane } = this.#viewer;
    const page = pane.height - 40;
    const go = {
      ArrowUp: () => pane.moveBy(-20), ArrowDown: () => pane.moveBy(20), ArrowLeft: () => pane.moveBy(-20), ArrowRight: () => pane.moveBy(20),
      PageUp: () => pane.moveBy(-page * 10), PageDown: () => pane.moveBy(page * 10),
      Home: () => pane.moveTo(0, true), End: () => { pane.goToEnd(); this.#viewer.moved(); },
    }[e.key];
    if (!go || e.ctrlKey || e.metaKey || e.altKey) return;
    e.preventDefault();
    e.stopPropagation();
    go();
  }
}

/** Marks of a kind, at most one for each point of the height, two points high where there are few: [{top, tall, share}], share being how much of the lines there are of the kind. */
export function ticks(places, kind, height) {
  const points = new Map();
  for (const place of places) {
    if (place[kind] === 0) continue;
    const top = Math.min(Math.floor(place.top), Math.ceil(height) - 1);
    const point = points.get(top) ?? { found: 0, lines: 0 };
    points.set(top, { found: point.found + place[kind], lines: point.lines + place.lines });
  }
  const tall = points.size * 8 > height ? 1 : 2;
  return [...points].map(([top, { found, lines }]) => ({ top, tall, share: found / Math.max(1, lines) }));
}

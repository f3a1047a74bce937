// Copying: what is selected, lines, the whole; fetched from the server, as far as it is not here.

import { toRuns } from './log-viewer-ansi.js';
import { plural } from './log-viewer-row.js';

const MOST = 64 * 1024 * 1024;

export class Copying {
  #viewer; #stop = null;

  constructor(viewer) {
    this.#viewer = viewer;
    viewer.on('scroller', 'copy', e => {
      if (viewer.selection.empty) return;
      e.preventDefault();
      this.selected();
    });
    viewer.on('copyall', 'click', () => { viewer.menu.toggle(false); this.lines(1, viewer.total); });
  }

  async selected() {
    const { selection, pane } = this.#viewer;
    const [a, b] = selection.ends();
    const ranges = pane.map.ranges(a.row, b.row).sort((x, y) => x.row - y.row);
    const twoSided = new Set(ranges.filter(r => r.src === 0).map(r => r.row));
    await this.#copy(ranges.filter(r => r.src === 0 || !twoSided.has(r.row)), (text, row) => text.slice(row === a.row ? a.col : 0, row === b.row ? b.col : undefined));
  }

  async lines(from, to) {
    await this.#copy([{ src: 0, from, to, row: 0 }], text => text);
  }

  /** Puts a text on the clipboard, by whichever way the browser has. */
  async put(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Plain http on another machine than this one has no clipboard API.
      const area = Object.assign(document.createElement('textarea'), { value: text });
      this.#viewer.root.append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
      this.#viewer.scroller.focus({ preventScroll: true });
    }
  }

  async #copy(ranges, cut) {
    const { sources, say } = this.#viewer;
    this.#stop?.abort();
    const stop = this.#stop = new AbortController();
    const parts = [];
    let size = 0;
    try {
      for (const { src, from, to, row } of ranges) {
        const take = line => {
          const text = cut(shown(line.text), row + line.n - from);
          size += text.length + 1;
          if (size > MOST) throw new Error('This is more than a clipboard should hold. Download the log instead, or copy less.');
          parts.push(text);
        };
        const here = [];
        if (to - from < 200) for (let n = from; n <= to; n++) here.push(sources[src].get(n));
        if (here.length > 0 && here.every(Boolean)) here.forEach(take);
        else {
          if (to - from > 20_000) say.notice(`Reading ${plural(to - from + 1, 'line')}…`);
          await sources[src].each(from, to, stop.signal, page => page.forEach(take));
        }
      }
      await this.put(parts.join('\n'));
      say.notice(`${plural(parts.length, 'line')} copied`);
    } catch (error) {
      if (!stop.signal.aborted) say.notice(error.message);
    }
  }
}

/** The text as it is seen: without colours, and with nothing that a terminal would obey. */
function shown(text) {
  return toRuns(text).map(run => run.text).join('');
}

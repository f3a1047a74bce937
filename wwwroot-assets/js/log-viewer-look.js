// Which way of looking at the log is on, and the map that belongs to it.

import { ask } from './log-viewer-lines.js';
import { RowMap } from './log-viewer-map.js';
import { byTask, byTime, difference, someLines } from './log-viewer-views.js';
import { Head } from './log-viewer-head.js';
import { plural } from './log-viewer-row.js';

const COLORS = 8;

export class Views {
  #viewer; #head; #closed = new Set(); #opened = new Set(); #frame = 0; #shape = '';
  groups = 'time';
  /** Ranges that are shown instead of everything, or null. */
  filter = null;
  /** {rows, split} of a difference, or null. */
  diff = null;
  /** Names of instances that are shown, or null for all. */
  chosen = null;
  /** {gone, pins} of a log of which lines were removed. */
  #kept = null;

  constructor(viewer) {
    this.#viewer = viewer;
    this.#head = new Head(viewer);
    viewer.on('scroller', 'click', e => this.#clicked(e));
  }

  reset() {
    [this.#closed, this.#opened] = [new Set(), new Set()];
    Object.assign(this, { filter: null, diff: null, chosen: null });
    this.#kept = null;
    this.#shape = '';
    this.#viewer.pane.setMap(RowMap.identity(0));
    this.#viewer.pane.repaint({ names: null, current: null, marked: null });
  }

  close() { cancelAnimationFrame(this.#frame); }

  /** Whether the newest lines are at the end of what is shown. */
  get tailShown() { return !this.diff; }

  get nothing() { return this.filter ? 'No line matches.' : this.diff ? 'There is no difference.' : 'Nothing is shown.'; }

  /** Draws the map anew; the line the user is at stays where it is. */
  build() {
    const { pane } = this.#viewer;
    const keep = pane.total > 0 ? pane.map.lineAt(Math.ceil(pane.position)) : null;
    pane.setMap(this.#make(), keep);
    this.#viewer.say.state();
  }

  grow() {
    const { pane, total } = this.#viewer;
    if (this.diff || this.filter || this.chosen) return;
    pane.map.grow(total);
    pane.grown();
  }

  /** Retention has removed lines up to one: what was linked to is still there and is shown with its number, and of a service what other instances printed. */
  async prune({ at, lines: gone, removed = gone, reason }) {
    if (this.#kept?.gone >= gone && this.#kept.removed >= removed) return;
    const viewer = this.#viewer;
    const kept = this.#kept = { gone, removed, pins: this.#kept?.pins ?? [] };
    const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeStyle: 'short' }).format(new Date(at));
    viewer.say.note(`${plural(removed, 'line')} of this log ${removed === 1 ? 'was' : 'were'} removed on ${when}. ${reason} Lines that somebody linked to are kept.`);
    this.build();
    let pins = [];
    try {
      const ranges = (await ask(`${viewer.lines.url}/outline?buckets=1`, viewer.signal))?.kept;
      if (ranges) pins = ranges.filter(([from]) => from <= gone).map(([from, to]) => [from, Math.min(to, gone)]);
      else await viewer.lines.each(1, gone, viewer.signal, page => page.forEach(line => { if (line.n <= gone) { viewer.lines.put(line); pins.push([line.n, line.n]); } }));
    } catch {
      // Then the pinned lines are missing as well; the sentence above is still true.
    }
    if (kept !== this.#kept) return;
    kept.pins = pins;
    this.build();
    viewer.marks.again();
  }

  outlined() {
    const { outline, pane } = this.#viewer;
    const { tree } = outline;
    this.#name(tree.instances.length > 1 ? tree.instances : tree.tasks.length > 1 && tree.tasks.some(t => parallel(t, tree.tasks)) ? tree.tasks : []);
    const shape = `${this.groups} ${[...tree.byKey.values()].map(g => `${g.key} ${g.first} ${g.running ? '' : g.last} ${g.status} ${g.errors} ${g.warnings}`).join('|')}`;
    if (shape === this.#shape && this.groups !== 'task') return;
    this.#shape = shape;
    if (tree.byKey.size > 0 && (this.groups !== 'off' || this.chosen)) this.build(); else pane.refresh();
  }

  setGroups(mode) {
    this.groups = mode;
    this.build();
  }

  /** The row of a line, after opening what hides it. */
  reveal(n) {
    const { pane, outline } = this.#viewer;
    let at = pane.map.rowOf(n);
    if (!at.shown) {
      const { segment } = pane.map.at(at.row) ?? {};
      if (segment?.kind === 'gap' && !segment.fixed) this.#opened.add(segment.key);
      for (const group of outline.tree.byKey.values()) if (group.first && n >= group.first && n <= (group.running ? Infinity : group.last)) this.#closed.delete(group.key);
      pane.setMap(this.#make());
      at = pane.map.rowOf(n);
    }
    return at.row;
  }

  drawn() { this.#head.draw(); }

  toggle(key, open = this.#closed.has(key)) {
    if (open) this.#closed.delete(key); else this.#closed.add(key);
    this.#keepHead(key, open, () => this.build());
  }

  /** Folds or opens the group the user is in. */
  fold(open) {
    const { pane } = this.#viewer;
    const row = pane.map.rowOf(this.#viewer.here).row;
    const heads = pane.map.heads();
    const head = open
      ? heads.find(h => h.row === row && !h.segment.open) ?? heads.find(h => h.row >= Math.floor(pane.position) && !h.segment.open)
      : this.#head.around(row).at(-1) ?? heads.find(h => h.row >= row && h.segment.open);
    if (!head) return;
    this.toggle(head.segment.group.key, open);
    this.#viewer.lastAt = head.segment.group.first;
    this.#viewer.say.notice(`${head.segment.group.title} ${open ? 'opened' : 'folded'}`);
  }

  foldAll(open) {
    this.#closed = new Set(open ? [] : this.#viewer.outline.tree.byKey.keys());
    this.build();
  }

  #keepHead(key, opened, change) {
    const { pane } = this.#viewer;
    const rowOf = () => pane.map.heads().find(h => h.segment.group.key === key)?.row;
    const before = rowOf();
    if (opened) pane.atEnd = false;
    change();
    const after = rowOf();
    // A header that is in view stays under the pointer; one that was above comes to the top. Folding at the end goes on following.
    if (before === undefined || after === undefined || (!opened && pane.atEnd && before >= pane.position)) return;
    const position = Math.max(0, before < pane.position ? after : pane.position + after - before);
    pane.atEnd = false;
    pane.moveTo(position, true);
  }

  #make() {
    const { total, outline } = this.#viewer;
    if (this.diff) return difference(this.diff.rows, { split: this.diff.split, opened: this.#opened });
    // What is between may be gone: it cannot be opened.
    const fixed = Boolean(this.#kept);
    if (this.filter) return someLines(this.filter.ranges, Math.max(this.filter.covered, 1), { opened: this.#opened, what: 'without a match', fixed });
    if (this.#kept && !this.chosen) return RowMap.after(someLines(this.#kept.pins, this.#kept.gone, { fixed: true, what: 'removed' }), this.#kept.gone + 1, total);
    const { tree } = outline;
    if (this.chosen) {
      const ranges = tree.instances.filter(i => this.chosen.has(i.name)).flatMap(i => i.ranges ?? []);
      return someLines(ranges, total, { opened: this.#opened, what: fixed ? 'of other instances or removed' : 'of other instances', fixed });
    }
    if (tree.groups.length === 0 || this.groups === 'off') return RowMap.identity(total);
    return this.groups === 'task' ? byTask(tree, total, this.#closed) : byTime(tree, total, this.#closed);
  }

  #name(groups) {
    const names = groups.length === 0 ? null : new Map(groups.map((g, i) => [g.name, { short: short(brief(g.name, groups)), color: String(i % COLORS) }]));
    const before = this.#viewer.pane.look.names;
    if ([...(before?.keys() ?? [])].join() === [...(names?.keys() ?? [])].join()) return;
    this.#viewer.root.classList.toggle('lv-named', names !== null);
    this.#viewer.root.style.setProperty('--lv-names', String(Math.max(4, ...[...(names?.values() ?? [])].map(n => n.short.length))));
    this.#viewer.pane.repaint({ names });
  }

  #clicked(e) {
    const row = e.target.closest?.('.lv-row');
    if (e.target.closest?.('.lv-head')) this.toggle(row.dataset.fold);
    if (e.target.closest?.('.lv-open')) { this.#opened.add(row.dataset.gap); this.build(); }
  }
}

const parallel = (task, tasks) => tasks.some(other => other !== task && other.first && task.first && other.first <= task.last && other.last >= task.first);

/** services.web is web where nothing else is: what tells tasks apart stands first, and is seen where there is little room. */
function brief(name, groups) {
  const plain = of => of.slice(of.indexOf('.') + 1);
  return groups.some(g => g.kind !== 'task' || (g.name !== name && plain(g.name) === plain(name))) ? name : plain(name);
}

/** What tells instances apart is mostly at the end of their names. */
function short(name) {
  return name.length <= 14 ? name : `…${name.slice(-13)}`;
}

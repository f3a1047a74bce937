// The log viewer: ties the pane to the lines (HTTP), to the circuit, which pushes the tail, and to everything that can be done with a log. See docs/logs.md.

import { Circuit } from './log-viewer-circuit.js';
import { Compare } from './log-viewer-compare.js';
import { Copying } from './log-viewer-copy.js';
import { Errors } from './log-viewer-errors.js';
import { Find } from './log-viewer-find.js';
import { Keys } from './log-viewer-keys.js';
import { Lines } from './log-viewer-lines.js';
import { Marks, hashRange } from './log-viewer-marks.js';
import { Menu } from './log-viewer-menu.js';
import { Minimap } from './log-viewer-minimap.js';
import { Outline } from './log-viewer-outline.js';
import { Pane } from './log-viewer-pane.js';
import { Say } from './log-viewer-say.js';
import { Selection } from './log-viewer-selection.js';
import { Views } from './log-viewer-look.js';

/** Called by the component. @returns an object with push, show and close. */
export function open(root, dotnet, options) {
  styles();
  return new LogViewer(root, dotnet, options);
}

class LogViewer {
  #stop = new AbortController(); #wanted = null; #closed = false; #parts = new Map(); #digits = 0;
  total = 0; ended = false; left = 0; following = true; failure = '';
  task = null; url = ''; page = null; deepLinks = false; sources = []; lastAt = null;

  constructor(root, dotnet, options) {
    this.root = root;
    this.dotnet = dotnet;
    this.signal = this.#stop.signal;
    this.scroller = this.part('scroller');
    this.pane = new Pane(this.scroller, this.sources, { moved: () => this.moved(), drawn: () => this.#drawn() }, this.signal);
    this.say = new Say(this);
    this.circuit = new Circuit(this, dotnet);
    this.views = new Views(this);
    this.marks = new Marks(this);
    this.selection = new Selection(this);
    this.copying = new Copying(this);
    this.find = new Find(this);
    this.errors = new Errors(this);
    this.minimap = new Minimap(this);
    this.compare = new Compare(this);
    this.menu = new Menu(this);
    this.keys = new Keys(this);
    this.on('jump', 'click', () => this.goToEnd());
    this.on('task', 'click', () => this.#setTask(null));
    window.addEventListener('hashchange', () => this.#followHash(), { signal: this.signal });
    this.show(options);
    this.circuit.start();
  }

  part(name) {
    let part = this.#parts.get(name);
    if (!part?.isConnected) this.#parts.set(name, part = this.root.querySelector(`[data-lv="${name}"]`));
    return part;
  }

  on(name, event, handler, options = {}) { this.part(name).addEventListener(event, handler, { ...options, signal: this.signal }); }

  get lines() { return this.sources[0]; }

  /** Shows another log, or another task of the same. */
  show({ url, task, line, tail, deepLinks, page }) {
    Object.assign(this, { deepLinks, page });
    if (url !== this.url) { this.#begin(url); this.push(tail); }
    const hash = this.deepLinks && !task ? hashRange() : null;
    if (line) this.goToLine(line, { mark: [line, line] });
    else if (hash) this.goToLine(hash[0], { mark: hash });
    else this.#setTask(task ?? null);
    // Who asks for a line wants to see it, also where the log is below the edge of the window.
    if (line || hash) this.root.scrollIntoView({ block: 'nearest' });
  }

  /** The tail as the circuit sees it: length, end, and the newest lines if they are looked at. */
  push(state) {
    this.lines.putTail(state.lines);
    this.grow(state.totalLines, state.ended);
    if (state.pruned) this.views.prune(state.pruned);
  }

  close() {
    this.#closed = true;
    this.#stop.abort();
    for (const part of [this.circuit, this.minimap, this.say, this.selection, this.find, this.views, this.pane]) part.close();
    this.outline?.close();
    this.sources.forEach(lines => lines?.close());
  }

  get closed() { return this.#closed; }

  grow(total, ended) {
    const more = total > this.total || (ended && !this.ended);
    const news = this.total === 0 || (ended && !this.ended);
    this.ended ||= ended;
    this.total = Math.max(this.total, total);
    if (this.following) this.left = this.total;
    if (more) {
      this.views.grow();
      this.find.grow();
      this.errors.grow();
      this.#measure();
    }
    this.outline.want(this.total, this.ended);
    if (this.#wanted !== null && this.total > 0) { const [n, options] = this.#wanted; this.goToLine(n, options); }
    if (more && !news) this.say.soon(); else this.say.state();
  }

  /** The user went somewhere. */
  moved() {
    this.following = this.pane.atEnd;
    if (this.following) this.left = this.total;
    this.say.state();
    this.circuit.sync();
  }

  goToEnd() {
    this.pane.goToEnd();
    this.moved();
    this.scroller.focus({ preventScroll: true });
  }

  /** Goes to a line, opening what hides it. */
  goToLine(n, { mark = null } = {}) {
    this.#wanted = this.total === 0 ? [n, { mark }] : null;
    this.following = false;
    this.pane.atEnd = false;
    if (this.total > 0) {
      const line = Math.max(1, Math.min(n, this.total));
      this.pane.goToRow(this.views.reveal(line));
      if (mark) this.marks.set(mark);
      this.left = this.total;
    }
    this.say.state();
    this.circuit.sync();
  }

  /** The line the user is at: what is marked or found if it is in view, else the first in view. */
  get here() {
    const { first, rowsInView, map } = this.pane;
    const row = this.lastAt === null ? -1 : map.rowOf(this.lastAt).row;
    return row >= first && row <= first + rowsInView ? this.lastAt : map.lineAt(Math.ceil(this.pane.position)) ?? 1;
  }

  #begin(url) {
    this.sources.forEach(lines => lines?.close());
    this.outline?.close();
    this.url = url;
    Object.assign(this, { total: 0, ended: false, left: 0, following: true, failure: '', lastAt: null });
    this.#wanted = null;
    this.sources[0] = new Lines(url, {
      loaded: (total, ended) => { this.failure = ''; this.grow(total, ended); this.pane.refresh(); },
      failed: message => { this.failure = message; this.say.state(); },
    });
    this.sources[1] = null;
    this.outline = new Outline(url, () => this.#outlined());
    for (const part of [this.say, this.views, this.marks, this.selection, this.errors, this.compare, this.find]) part.reset(url);
    this.pane.atEnd = true;
    this.menu.reset(url);
  }

  /** Room for the numbers of lines. */
  #measure() {
    const digits = Math.max(3, String(this.total).length);
    if (digits !== this.#digits) this.root.style.setProperty('--lv-digits', String(this.#digits = digits));
  }

  #outlined() {
    this.views.outlined();
    this.errors.outlined();
    this.menu.outlined();
    this.minimap.paint();
  }

  #drawn() {
    this.selection.draw();
    this.views.drawn();
    this.minimap.place();
  }

  #setTask(task) {
    this.task = task;
    const button = this.part('task');
    button.hidden = task === null;
    button.querySelector('span').textContent = task?.name ?? '';
    if (task?.first) this.goToLine(task.first);
    this.pane.repaint({ task: task?.name ?? '' });
  }

  #followHash() {
    const range = this.deepLinks ? hashRange() : null;
    if (range) this.goToLine(range[0], { mark: range });
  }
}

function styles() {
  const href = new URL('../css/log-viewer.css', import.meta.url).href;
  if (document.querySelector(`link[href="${href}"], link[rel="stylesheet"][href*="log-viewer"]`)) return;
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = href;
  document.head.append(link);
}

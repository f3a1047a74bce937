// The log viewer: ties the pane to the toolbar, to the lines (HTTP) and to the circuit, which pushes the tail. See docs/logs.md.

import { Lines } from './log-viewer-lines.js';
import { Pane, ROW } from './log-viewer-pane.js';
import { Search } from './log-viewer-search.js';

const HEARTBEAT = 5000;
const POLL = 1000;
const SYNC_TIMEOUT = 4000;

/** Called by the component. @returns an object with push, show and close. */
export function open(root, dotnet, options) {
  styles();
  return new LogViewer(root, dotnet, options);
}

class LogViewer {
  #root; #dotnet; #lines; #pane; #search; #aborted = new AbortController();
  #total = 0; #ended = false; #left = 0; #following = true; #failure = ''; #offline = false;
  #task = null; #url; #timer = 0; #sent = ''; #closed = false; #deepLinks; #wanted = null;

  constructor(root, dotnet, options) {
    this.#root = root;
    this.#dotnet = dotnet;
    this.#deepLinks = options.deepLinks;
    const on = (name, event, handler) => this.#part(name).addEventListener(event, handler, { signal: this.#aborted.signal });
    on('query', 'keydown', e => this.#queryKey(e));
    on('query', 'input', debounce(() => this.#find(), 250));
    on('next', 'click', () => this.#step('next'));
    on('previous', 'click', () => this.#step('previous'));
    on('jump', 'click', () => { this.#pane.goToEnd(); this.#moved(); this.#part('scroller').focus({ preventScroll: true }); });
    on('task', 'click', () => { this.#setTask(null); });
    on('wrap', 'click', e => { this.#pane.wrap = toggle(e.currentTarget, root, 'lv-wrap'); this.#pane.repaint({}); });
    on('times', 'click', e => { toggle(e.currentTarget, root, 'lv-times'); this.#pane.repaint({}); });
    on('scroller', 'keydown', e => this.#key(e));
    on('scroller', 'click', e => this.#clicked(e));
    document.addEventListener('visibilitychange', () => this.#sync(), { signal: this.#aborted.signal });
    document.addEventListener('selectionchange', () => this.#selected(), { signal: this.#aborted.signal });
    window.addEventListener('hashchange', () => this.#followHash(), { signal: this.#aborted.signal });
    this.show(options);
    this.#beat();
  }

  /** Shows another log, or another task of the same. */
  show({ url, task, line }) {
    if (url !== this.#url) this.#begin(url);
    const target = line ?? (this.#deepLinks && !task ? hashLine() : null);
    if (target) this.#goToLine(target); else this.#setTask(task ?? null);
  }

  /** The tail as the circuit sees it: length, end, and the newest lines if they are looked at. */
  push(state) {
    for (const line of state.lines ?? []) this.#lines.put(line);
    this.#grow(state.totalLines, state.ended);
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#aborted.abort();
    this.#pane?.close();
    this.#lines?.close();
  }

  #begin(url) {
    this.#pane?.close();
    this.#lines?.close();
    this.#url = url;
    [this.#total, this.#ended, this.#left, this.#following, this.#failure, this.#sent, this.#wanted] = [0, false, 0, true, '', '', null];
    this.#lines = new Lines(url, {
      loaded: (total, ended) => { this.#failure = ''; this.#grow(total, ended); this.#pane.repaint({}); },
      failed: message => { this.#failure = message; this.#say(); },
    });
    this.#pane = new Pane(this.#part('scroller'), this.#lines, { moved: () => this.#moved() }, this.#aborted.signal);
    this.#search = new Search(url);
    this.#part('raw').href = `${url}/raw`;
    this.#find();
    this.#sync(true);
  }

  #grow(total, ended) {
    this.#ended ||= ended;
    this.#total = Math.max(this.#total, total);
    this.#pane.setTotal(this.#total);
    if (this.#following) this.#left = this.#total;
    if (this.#wanted !== null && this.#total > 0) this.#goToLine(this.#wanted);
    this.#root.dataset.total = this.#total;
    this.#root.style.setProperty('--lv-digits', String(Math.max(3, String(this.#total).length)));
    this.#root.dataset.ended = this.#ended;
    this.#say();
  }

  #moved() {
    this.#following = this.#pane.atEnd;
    if (this.#following) this.#left = this.#total;
    this.#say();
    this.#sync();
  }

  #goToLine(n) {
    this.#wanted = this.#total === 0 ? n : null;
    this.#following = false;
    this.#pane.atEnd = false;
    if (this.#total > 0) {
      this.#pane.goTo(n);
      this.#pane.repaint({ marked: n });
      this.#left = this.#total;
    }
    this.#say();
    this.#sync();
  }

  #setTask(task) {
    this.#task = task;
    const button = this.#part('task');
    button.hidden = task === null;
    button.querySelector('span').textContent = task?.name ?? '';
    if (task?.first) this.#goToLine(task.first);
    this.#pane.repaint({ task: task?.name ?? '', marked: null });
  }

  #followHash() {
    const line = this.#deepLinks ? hashLine() : null;
    if (line) this.#goToLine(line);
  }

  // --- what is said ---------------------------------------------------------------------------------------------------

  #say() {
    const count = this.#total === 1 ? '1 line' : `${this.#total.toLocaleString('en')} lines`;
    const state = this.#failure !== '' ? this.#failure : this.#offline ? 'connection lost, still reading' : this.#ended ? count : this.#total === 0 ? 'waiting for the first line' : `${count} · live`;
    put(this.#part('status'), state);
    this.#root.classList.toggle('lv-live', !this.#ended && !this.#offline && this.#failure === '');
    this.#root.classList.toggle('lv-trouble', this.#failure !== '' || this.#offline);
    this.#root.dataset.following = this.#following;
    const added = this.#total - this.#left;
    this.#part('jump').hidden = this.#following || this.#total === 0;
    put(this.#part('jump'), added > 0 ? `Jump to newest · ${added.toLocaleString('en')} new ${added === 1 ? 'line' : 'lines'}` : 'Jump to newest');
    this.#part('empty').hidden = this.#total > 0;
    put(this.#part('empty'), this.#failure !== '' ? this.#failure : this.#ended ? 'This log is empty.' : 'Nothing has been printed yet. Lines appear here as they come.');
  }

  // --- the circuit ----------------------------------------------------------------------------------------------------

  /** Tells the server what is looked at and hears the state; the server pushes only what is asked for here. */
  async #sync(always = false) {
    const visible = document.visibilityState === 'visible';
    const view = [this.#following && visible, visible, this.#pane.rowsInView + 2];
    if (!always && this.#sent === String(view)) return;
    this.#sent = String(view);
    try {
      const state = await within(this.#dotnet.invokeMethodAsync('SyncAsync', ...view), SYNC_TIMEOUT);
      if (this.#closed) return;
      this.#offline = false;
      this.push(state);
    } catch {
      // The circuit is away: until it is back the log is read by HTTP, see #beat.
      this.#sent = '';
      this.#offline = true;
    }
  }

  async #beat() {
    if (this.#closed) return;
    if (!this.#ended && document.visibilityState === 'visible') {
      await this.#sync(true);
      if (this.#offline && !this.#closed) {
        try {
          const { total, ended } = await this.#lines.poll(this.#total);
          if (!this.#closed) this.#grow(total, ended);
        } catch {
          this.#say();
        }
      }
    }
    if (!this.#closed) this.#timer = setTimeout(() => this.#beat(), this.#offline ? POLL : HEARTBEAT);
  }

  // --- search ---------------------------------------------------------------------------------------------------------

  async #find() {
    const query = this.#part('query').value;
    const first = Math.floor(this.#pane.position) + 1;
    await this.#searching(() => this.#search.start(query, this.#pane.atEnd ? 1 : first));
  }

  async #step(direction) {
    if (this.#search.query !== this.#part('query').value) await this.#find();
    else await this.#searching(() => this.#search[direction]());
  }

  async #searching(action) {
    const search = this.#search;
    const hits = this.#part('hits');
    try {
      await action();
      if (search !== this.#search) return;
      put(hits, search.query === '' ? '' : search.total === 0 ? 'nothing found' : `${search.position.toLocaleString('en')} of ${search.total.toLocaleString('en')}`);
      this.#pane.repaint({ query: search.query, current: search.line });
      if (search.line === null) return;
      this.#following = false;
      this.#left = this.#total;
      this.#pane.goTo(search.line);
      this.#say();
      this.#sync();
    } catch (error) {
      if (error.name !== 'AbortError') put(hits, error.message);
    }
  }

  #queryKey(e) {
    e.stopPropagation();
    if (e.key === 'Enter') { e.preventDefault(); this.#step(e.shiftKey ? 'previous' : 'next'); }
    if (e.key === 'Escape') { this.#part('query').value = ''; this.#find(); this.#part('scroller').focus({ preventScroll: true }); }
  }

  // --- keyboard and pointer -------------------------------------------------------------------------------------------

  #key(e) {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const page = Math.max(ROW, this.#pane.height - 2 * ROW);
    const action = {
      End: () => { this.#pane.goToEnd(); this.#moved(); },
      Home: () => { this.#pane.moveBy(-Infinity); },
      PageUp: () => this.#pane.moveBy(-page),
      PageDown: () => this.#pane.moveBy(page),
      ArrowUp: () => this.#pane.moveBy(-ROW),
      ArrowDown: () => this.#pane.moveBy(ROW),
      '/': () => this.#part('query').focus(),
      n: () => this.#step('next'),
      N: () => this.#step('previous'),
    }[e.key];
    if (!action) return;
    e.preventDefault();
    e.stopPropagation();
    action();
  }

  #clicked(e) {
    const number = e.target.closest?.('.lv-n');
    if (!number) return;
    const n = Number(number.parentElement.dataset.line);
    if (this.#deepLinks) history.replaceState(history.state, '', `${location.pathname}${location.search}#L${n}`);
    this.#pane.repaint({ marked: n });
  }

  /** Lines do not move under a selection. */
  #selected() {
    const selection = document.getSelection();
    if (!this.#following || !selection || selection.isCollapsed || !this.#part('scroller').contains(selection.anchorNode)) return;
    this.#pane.atEnd = false;
    this.#moved();
  }

  #part(name) {
    return this.#root.querySelector(`[data-lv="${name}"]`);
  }
}

function hashLine() {
  const match = /^#L(\d{1,12})$/.exec(location.hash);
  return match ? Number(match[1]) : null;
}

function toggle(button, root, className) {
  const on = root.classList.toggle(className);
  button.setAttribute('aria-pressed', String(on));
  return on;
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function debounce(action, wait) {
  let timer = 0;
  return () => { clearTimeout(timer); timer = setTimeout(action, wait); };
}

function within(promise, time) {
  let timer = 0;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error('late')), time); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function styles() {
  const href = new URL('../css/log-viewer.css', import.meta.url).href;
  if (document.querySelector(`link[href="${href}"]`)) return;
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = href;
  document.head.append(link);
}

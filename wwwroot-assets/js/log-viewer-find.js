// The search field: text or regular expression, next and previous, and the filter that leaves only what was found.

import { put } from './log-viewer-say.js';
import { Search, terms } from './log-viewer-search.js';
import { Ranges } from './log-viewer-filter.js';
import { plural } from './log-viewer-row.js';

const TYPING = 200;
const GROWING = 1000;

export class Find {
  #viewer; #search = null; #filter = null; #typing = 0; #growing = 0;

  constructor(viewer) {
    this.#viewer = viewer;
    viewer.on('query', 'keydown', e => this.#key(e));
    viewer.on('query', 'input', () => { clearTimeout(this.#typing); this.#typing = setTimeout(() => this.start(), TYPING); });
    viewer.on('next', 'click', () => this.step('next'));
    viewer.on('previous', 'click', () => this.step('previous'));
    for (const name of ['regex', 'case']) viewer.on(name, 'click', () => { this.#toggle(name); this.start(); });
    viewer.on('filter', 'click', () => this.toggleFilter());
    viewer.on('find', 'click', () => this.focus());
  }

  reset(url) {
    this.#drop();
    this.#search = new Search(url);
    if (this.#query !== '') this.start();
  }

  close() {
    clearTimeout(this.#typing);
    clearTimeout(this.#growing);
    this.#filter?.close();
  }

  focus() {
    this.#viewer.root.classList.add('lv-finding');
    this.#viewer.part('query').focus();
    this.#viewer.part('query').select();
  }

  get active() { return this.#query !== ''; }

  clear() {
    this.#viewer.part('query').value = '';
    this.#viewer.root.classList.remove('lv-finding');
    this.#drop();
    this.start();
  }

  async start() {
    const viewer = this.#viewer;
    const search = this.#search;
    clearTimeout(this.#typing);
    const from = viewer.following ? 1 : viewer.here;
    await this.#run(() => search.start(this.#query, this.#options, from, viewer.total));
    if (search === this.#search && this.#isOn('filter')) await this.#applyFilter();
  }

  async step(direction) {
    if (this.#search.query !== this.#query) await this.start(); else await this.#run(() => this.#search[direction]());
  }

  async toggleFilter() {
    if (!this.#isOn('filter') && this.#query === '') { this.focus(); this.#viewer.say.notice('Type what to look for first.'); return; }
    this.#toggle('filter');
    if (this.#isOn('filter')) await this.#applyFilter(); else this.#drop();
  }

  /** Lines with matches for the strip at the right: of many, every few. */
  found(most) {
    const lines = this.#search?.lines ?? [];
    const every = Math.max(1, Math.ceil(lines.length / most));
    return lines.filter((_, i) => i % every === 0);
  }

  /** The log has grown: what is new is searched too, a little later and all at once. */
  grow() {
    if (!this.#search?.active || this.#growing) return;
    this.#growing = setTimeout(async () => {
      this.#growing = 0;
      const { total } = this.#viewer;
      try {
        await this.#search.grow(total);
        this.#say();
        if (this.#filter && await this.#filter.read(total)) this.#viewer.views.build();
      } catch {
        // The next line that comes tries again.
      }
    }, GROWING);
  }

  get #query() { return this.#viewer.part('query').value; }

  get #options() { return { regex: this.#isOn('regex'), exact: this.#isOn('case') }; }

  async #run(action) {
    const viewer = this.#viewer;
    const search = this.#search;
    try {
      await action();
      if (search !== this.#search) return;
      this.#say();
      viewer.pane.repaint({ matches: search.highlight, current: search.line });
      viewer.minimap.paint();
      if (search.line === null) return;
      viewer.lastAt = search.line;
      viewer.goToLine(search.line);
    } catch (error) {
      if (error.name !== 'AbortError') put(viewer.part('hits'), error.message);
    }
  }

  #say() {
    const { query, total, position } = this.#search;
    put(this.#viewer.part('hits'), query === '' ? '' : total === 0 ? 'nothing found' : `${position.toLocaleString('en')} of ${total.toLocaleString('en')}`);
    this.#viewer.root.classList.toggle('lv-found', query !== '');
  }

  async #applyFilter() {
    const viewer = this.#viewer;
    this.#filter?.close();
    if (this.#query === '') { this.#drop(); return; }
    const filter = this.#filter = new Ranges(viewer.url, `${terms(this.#query, this.#options.regex, this.#options.exact)}&context=2`);
    try {
      await filter.read(viewer.total);
    } catch (error) {
      if (error.name !== 'AbortError') put(viewer.part('hits'), error.message);
      return;
    }
    if (filter !== this.#filter) return;
    const at = viewer.lastAt;
    viewer.views.filter = filter;
    viewer.views.build();
    if (at !== null && !viewer.following) viewer.pane.goToRow(viewer.pane.map.rowOf(at).row);
    viewer.say.notice(filter.whole ? `${plural(filter.total, 'matching line')} shown` : 'The first matches are shown; there are too many for a list. Look for something rarer.');
  }

  #drop() {
    this.#filter?.close();
    this.#filter = null;
    const { views, lastAt, pane } = this.#viewer;
    this.#viewer.part('filter').setAttribute('aria-pressed', 'false');
    if (!views.filter) return;
    views.filter = null;
    views.build();
    if (lastAt !== null && !pane.atEnd) pane.goToRow(views.reveal(lastAt));
  }

  #isOn(name) { return this.#viewer.part(name).getAttribute('aria-pressed') === 'true'; }

  #toggle(name) { this.#viewer.part(name).setAttribute('aria-pressed', String(!this.#isOn(name))); }

  #key(e) {
    e.stopPropagation();
    if (e.key === 'Enter') { e.preventDefault(); this.step(e.shiftKey ? 'previous' : 'next'); }
    if (e.key === 'Escape') {
      // What was found stays, so that n and N go on from the log; Escape there clears it.
      e.preventDefault();
      if (!this.active) this.clear();
      this.#viewer.scroller.focus({ preventScroll: true });
    }
  }
}

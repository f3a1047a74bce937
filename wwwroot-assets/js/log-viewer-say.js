// What is said: the state in the toolbar, notes above the log, and to a screen reader how much has come, seldom enough to be listened to.

import { plural } from './log-viewer-row.js';

const EVERY = 4000;
const NOTICE = 4000;
const SOON = 250;

export class Say {
  #viewer; #timer; #said = { total: 0, errors: 0, known: false }; #notice = 0; #soon = 0; #told = 0;
  aloud = true;

  constructor(viewer) {
    this.#viewer = viewer;
    this.#timer = setInterval(() => this.#announce(), EVERY);
  }

  reset() {
    this.#said = { total: 0, errors: 0, known: false };
    this.note('');
  }

  close() {
    clearInterval(this.#timer);
    clearTimeout(this.#notice);
    clearTimeout(this.#soon);
  }

  /** Numbers that run are told a few times a second, together with the rows where it can be: each by itself would be a frame of its own. */
  soon() {
    if (performance.now() - this.#told >= SOON) this.state(); else this.#soon ||= setTimeout(() => this.state(), SOON);
  }

  state() {
    clearTimeout(this.#soon);
    [this.#soon, this.#told] = [0, performance.now()];
    const viewer = this.#viewer;
    const { total, ended, failure, root, following } = viewer;
    // What was there at first is not news.
    if (!this.#said.known && total > 0) this.#said = { total, errors: 0, known: true };
    const { offline } = viewer.circuit;
    const count = plural(total, 'line');
    const state = failure !== '' ? failure : offline ? 'connection lost, still reading' : ended ? count : total === 0 ? 'waiting for the first line' : `${count} · live`;
    put(viewer.part('status'), state);
    root.classList.toggle('lv-live', !ended && !offline && failure === '');
    root.classList.toggle('lv-trouble', failure !== '' || offline);
    const added = total - viewer.left;
    const jump = viewer.part('jump');
    jump.hidden = following || total === 0 || !viewer.views.tailShown || viewer.pane.whole;
    jump.classList.toggle('lv-new', added > 0);
    put(jump.querySelector('span'), added > 0 ? `Jump to newest · ${plural(added, 'new line')}` : 'Jump to newest');
    const empty = viewer.part('empty');
    empty.hidden = total > 0 && viewer.pane.total > 0;
    put(empty, failure !== '' ? failure : total > 0 ? viewer.views.nothing : ended ? 'This log is empty.' : 'Nothing has been printed yet. Lines appear here as they come.');
  }

  /** A sentence above the log, as long as it is true. */
  note(text) {
    const note = this.#viewer.part('note');
    note.hidden = text === '';
    put(note, text);
  }

  /** A word about what was just done; heard as well as seen. */
  notice(text) {
    const toast = this.#viewer.part('toast');
    toast.hidden = text === '';
    put(toast, text);
    clearTimeout(this.#notice);
    this.#notice = setTimeout(() => { toast.hidden = true; }, NOTICE);
    this.#speak(text);
  }

  #announce() {
    const { total, outline } = this.#viewer;
    const errors = outline?.data?.errors ?? 0;
    const before = this.#said;
    if (document.visibilityState !== 'visible') return;
    this.#said = { total, errors, known: before.known };
    if (!this.aloud || !before.known || total <= before.total) return;
    const more = errors > before.errors ? `, ${plural(errors - before.errors, 'error')}` : '';
    this.#speak(`${plural(total - before.total, 'new line')}${more}`);
  }

  #speak(text) {
    put(this.#viewer.part('say'), text);
  }
}

export function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

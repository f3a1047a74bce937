// The keys of the log, and the list of them.

import { rangeOf } from './log-viewer-marks.js';
import { ROW } from './log-viewer-pane.js';

/** [keys, meaning]; the list under ? is made of this. */
const KEYS = [
  ['/', 'Search'], ['n  N', 'Next, previous match'], ['e  E', 'First and next, previous error'], ['g', 'Go to a line, or to lines: 50-60'],
  ['Home  End', 'First line; newest line, and follow'], ['PageUp  PageDown  ↑  ↓', 'Move'],
  ['[  ]', 'Fold the group, open the next'], ['{  }', 'Fold, open all groups'], ['Enter', 'Fold or open the focused header'],
  ['Shift with arrows', 'Select text; Ctrl-A all'], ['Ctrl-C', 'Copy what is selected'], ['m', 'Mark the line in view; Shift-M to the end of a range'], ['c', 'Copy the link to the marked lines'],
  ['w', 'Break long lines'], ['t', 'Times: off, absolute, relative, since start'], ['v', 'Groups: by time, by task, off'], ['x', 'Only matches'], ['f', 'Full screen'], ['Esc', 'From the search to the log; then clear the selection, the search and the mark'], ['?', 'This list'],
];

export class Keys {
  #viewer;

  constructor(viewer) {
    this.#viewer = viewer;
    viewer.on('scroller', 'keydown', e => this.#pressed(e));
    viewer.on('shortcuts', 'click', () => { viewer.menu.toggle(false); this.#list(); });
    viewer.on('goto', 'click', () => { viewer.menu.toggle(false); this.#ask(); });
    viewer.part('line').form.addEventListener('submit', () => this.#go(), { signal: viewer.signal });
    for (const name of ['keys', 'asking']) {
      viewer.on(name, 'keydown', e => e.stopPropagation());
      viewer.on(name, 'click', e => { if (e.target === e.currentTarget || e.target.closest('[data-close]')) e.currentTarget.close(); });
      viewer.on(name, 'close', () => viewer.scroller.focus({ preventScroll: true }));
    }
  }

  #pressed(e) {
    if (e.altKey) return;
    const { pane, selection, find, errors, views, menu, marks } = this.#viewer;
    const page = Math.max(ROW, pane.height - 2 * ROW);
    const rows = Math.floor(page / ROW);
    const control = e.ctrlKey || e.metaKey;
    const inButton = e.target.closest('button, a');
    if (inButton && (e.key === 'Enter' || e.key === ' ')) return;
    const action = control ? {
      a: () => selection.all(),
      Home: e.shiftKey ? () => selection.extend(-pane.total, -Infinity) : null,
      End: e.shiftKey ? () => selection.extend(pane.total, Infinity) : null,
    }[e.key] : e.shiftKey && /^(Arrow|Page|Home|End)/.test(e.key) ? {
      ArrowUp: () => selection.extend(-1, 0), ArrowDown: () => selection.extend(1, 0), ArrowLeft: () => selection.extend(0, -1), ArrowRight: () => selection.extend(0, 1),
      PageUp: () => selection.extend(-rows, 0), PageDown: () => selection.extend(rows, 0), Home: () => selection.extend(0, -Infinity), End: () => selection.extend(0, Infinity),
    }[e.key] : {
      End: () => { pane.goToEnd(); this.#viewer.moved(); },
      Home: () => pane.moveTo(0, true),
      PageUp: () => pane.moveBy(-page), PageDown: () => pane.moveBy(page), ArrowUp: () => pane.moveBy(-ROW), ArrowDown: () => pane.moveBy(ROW),
      '/': () => find.focus(), n: () => find.step('next'), N: () => find.step('previous'), x: () => find.toggleFilter(),
      e: () => errors.next(), E: () => errors.previous(),
      g: () => this.#ask(),
      '[': () => views.fold(false), ']': () => views.fold(true), '{': () => views.foldAll(false), '}': () => views.foldAll(true),
      m: () => marks.set([this.#viewer.here, this.#viewer.here], true),
      M: () => marks.set([marks.range?.[0] ?? this.#viewer.here, pane.map.lineAt(Math.floor(pane.position) + pane.rowsInView - 2) ?? this.#viewer.here], true),
      c: () => marks.copyLink(),
      w: () => menu.wrap(), t: () => this.#cycle('times'), v: () => this.#cycle('groups'), f: () => menu.full(),
      Escape: menu.isFull || !selection.empty || find.active || marks.range ? () => this.#escape() : null,
      '?': () => this.#list(),
    }[e.key];
    if (!action) return;
    e.preventDefault();
    e.stopPropagation();
    action();
  }

  #escape() {
    const { selection, find, marks, menu } = this.#viewer;
    if (!selection.empty) selection.clear(); else if (find.active) find.clear(); else if (marks.range) marks.clear(); else menu.full();
  }

  #cycle(name) {
    const select = this.#viewer.part(name);
    select.selectedIndex = (select.selectedIndex + 1) % select.options.length;
    select.dispatchEvent(new Event('change', { bubbles: true }));
    this.#viewer.say.notice(`${select.getAttribute('aria-label')}: ${select.selectedOptions[0].textContent}`);
  }

  #ask() {
    const input = this.#viewer.part('line');
    input.value = String(this.#viewer.here);
    this.#viewer.part('asking').showModal();
    input.select();
  }

  #go() {
    const range = rangeOf(this.#viewer.part('line').value);
    if (!range) return;
    const last = Math.max(1, this.#viewer.total);
    this.#viewer.goToLine(range[0], { mark: range.map(n => Math.min(n, last)) });
  }

  #list() {
    const list = this.#viewer.part('keylist');
    if (list.childElementCount === 0) {
      for (const [keys, meaning] of KEYS) {
        const term = document.createElement('dt');
        for (const key of keys.split('  ')) { const kbd = document.createElement('kbd'); kbd.textContent = key; term.append(kbd, ' '); }
        const text = document.createElement('dd');
        text.textContent = meaning;
        list.append(term, text);
      }
    }
    this.#viewer.part('keys').showModal();
  }
}

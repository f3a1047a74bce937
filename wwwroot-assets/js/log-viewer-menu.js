// The menu of the toolbar: how lines look, what is downloaded. What a user chose is remembered in the browser.

import { clock } from './log-viewer-time.js';

const KEY = 'release.log';
const AGAIN = 5000;
const WIDE = 900;
const SMALL = 700;

export class Menu {
  #viewer; #kept = read(); #timer = 0; #resizes;
  wrapWanted = false;

  constructor(viewer) {
    this.#viewer = viewer;
    viewer.on('menu', 'click', () => this.toggle());
    viewer.on('panel', 'keydown', e => { if (e.key === 'Escape') { e.stopPropagation(); this.toggle(false); viewer.part('menu').focus(); } });
    document.addEventListener('pointerdown', e => { if (!viewer.part('panel').contains(e.target) && !viewer.part('menu').contains(e.target)) this.toggle(false); }, { signal: viewer.signal });
    viewer.on('wrap', 'click', () => this.wrap());
    viewer.on('times', 'change', e => this.#setTimes(e.currentTarget.value));
    viewer.on('groups', 'change', e => { viewer.views.setGroups(e.currentTarget.value); this.#keep({ groups: e.currentTarget.value }); });
    viewer.on('fold', 'click', () => viewer.views.foldAll(false));
    viewer.on('unfold', 'click', () => viewer.views.foldAll(true));
    viewer.on('aloud', 'click', e => { viewer.say.aloud = press(e.currentTarget); this.#keep({ aloud: viewer.say.aloud }); });
    viewer.on('instances', 'change', () => this.#choose());
    viewer.on('full', 'click', () => this.full());
    document.addEventListener('fullscreenchange', () => this.#dressFull(), { signal: viewer.signal });
    viewer.views.groups = viewer.part('groups').value = this.#kept.groups ?? 'time';
    viewer.say.aloud = this.#kept.aloud ?? true;
    viewer.part('aloud').setAttribute('aria-pressed', String(viewer.say.aloud));
    this.setWrap(this.#kept.wrap === true, false);
    this.wrapWanted = this.#kept.wrap === true;
    this.#resizes = new ResizeObserver(() => this.#arrange());
    this.#resizes.observe(viewer.root);
    viewer.signal.addEventListener('abort', () => { this.#resizes.disconnect(); clearInterval(this.#timer); });
  }

  reset(url) {
    this.#viewer.part('raw').href = `${url}/raw`;
    this.#viewer.part('gz').href = `${url}/raw.gz`;
    this.#viewer.part('comparing').hidden = !/\/runs\//.test(url);
    this.#viewer.part('instances').hidden = true;
    this.#viewer.part('instances').querySelector('div').replaceChildren();
    this.#setTimes(this.#kept.times ?? 'off');
  }

  toggle(open = this.#viewer.part('panel').hidden) {
    const panel = this.#viewer.part('panel');
    if (panel.hidden !== open) return;
    panel.hidden = !open;
    this.#viewer.part('menu').setAttribute('aria-expanded', String(open));
    if (open) {
      panel.style.maxHeight = `${this.#viewer.root.clientHeight - panel.offsetTop - 8}px`;
      this.#viewer.compare.offer();
      panel.querySelector('button:not([hidden]), select, a')?.focus({ preventScroll: true });
    }
  }

  wrap() {
    this.wrapWanted = !this.#viewer.pane.wrap;
    this.setWrap(this.wrapWanted);
  }

  setWrap(on, keep = true) {
    const { pane, root } = this.#viewer;
    pane.wrap = on;
    root.classList.toggle('lv-wrap', on);
    this.#viewer.part('wrap').setAttribute('aria-pressed', String(on));
    pane.repaint({});
    if (keep) this.#keep({ wrap: on });
  }

  async full() {
    const { root } = this.#viewer;
    if (document.fullscreenElement) await document.exitFullscreen();
    else if (root.requestFullscreen) await root.requestFullscreen().catch(() => root.classList.toggle('lv-full'));
    // Phones that have no full screen for elements.
    else root.classList.toggle('lv-full');
    this.#dressFull();
  }

  get isFull() { return this.#viewer.root.classList.contains('lv-full') || document.fullscreenElement === this.#viewer.root; }

  /** What the outline knows of instances becomes a choice. */
  outlined() {
    const { outline, part } = this.#viewer;
    const { instances, byKey } = outline.tree;
    this.#viewer.part('grouping').hidden = byKey.size === instances.length;
    const box = this.#viewer.part('instances');
    box.hidden = instances.length < 2 || instances.some(i => i.ranges === null);
    if (box.hidden) return;
    const list = box.querySelector('div');
    const known = new Set([...list.querySelectorAll('input')].map(i => i.value));
    instances.forEach((instance, i) => {
      if (known.has(instance.name)) return;
      const label = document.createElement('label');
      const input = Object.assign(document.createElement('input'), { type: 'checkbox', value: instance.name, checked: this.#viewer.views.chosen === null });
      const name = Object.assign(document.createElement('span'), { className: 'lv-k', textContent: instance.name });
      name.dataset.color = String(i % 8);
      label.append(input, name);
      list.append(label);
    });
  }

  #choose() {
    const inputs = [...this.#viewer.part('instances').querySelectorAll('input')];
    const on = inputs.filter(i => i.checked).map(i => i.value);
    this.#viewer.views.chosen = on.length === inputs.length ? null : new Set(on);
    this.#viewer.views.build();
  }

  async #setTimes(mode) {
    const { pane, root, lines, part } = this.#viewer;
    this.#viewer.part('times').value = mode;
    this.#keep({ times: mode });
    root.classList.toggle('lv-times', mode !== 'off');
    clearInterval(this.#timer);
    const show = started => pane.repaint({ time: clock(mode, started) });
    show(null);
    if (mode === 'relative') this.#timer = setInterval(() => { if (document.visibilityState === 'visible') pane.repaint({}); }, AGAIN);
    if (mode === 'since start') {
      const first = [];
      await lines.each(1, 1, this.#viewer.signal, page => first.push(...page)).catch(() => {});
      if (lines === this.#viewer.lines && this.#kept.times === mode) show(first.length > 0 ? Date.parse(first[0].t) : null);
    }
  }

  /** On a wide toolbar the commonest choices stand outside of the menu. */
  #arrange() {
    const { root } = this.#viewer;
    const wide = root.clientWidth >= WIDE;
    root.classList.toggle('lv-small', root.clientWidth <= SMALL);
    const quick = this.#viewer.part('quick');
    const panel = this.#viewer.part('panel');
    if (wide === (quick.parentElement !== panel)) return;
    if (wide) this.#viewer.part('full').before(quick); else panel.prepend(quick);
  }

  #dressFull() {
    this.#viewer.part('full').setAttribute('aria-pressed', String(this.isFull));
    this.#viewer.pane.refresh();
  }

  #keep(choice) {
    Object.assign(this.#kept, choice);
    try { localStorage.setItem(KEY, JSON.stringify(this.#kept)); } catch { /* then it lasts as long as the page */ }
  }
}

function read() {
  try { return JSON.parse(localStorage.getItem(KEY)) ?? {}; } catch { return {}; }
}

function press(button) {
  const on = button.getAttribute('aria-pressed') !== 'true';
  button.setAttribute('aria-pressed', String(on));
  return on;
}

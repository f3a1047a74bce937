// One drawn row. Rows are made once and drawn again and again: as a line, as two lines side by side, as the header of a group, as a gap.

import { fillText, setText, toRuns } from './log-viewer-text.js';
import { took } from './log-viewer-time.js';

export function createRow() {
  const element = make('div', 'lv-row');
  return { element, key: '', parts: null, className: 'lv-row', data: {}, depth: 0, title: '' };
}

/**
 * @param {object} at what the map says of the row
 * @param {{version: number, matches: object|null, current: number|null, marked: [number, number]|null, task: string, time: object|null, names: Map|null}} look
 */
export function drawRow(row, at, sources, look) {
  const line = at.kind === 'line' ? sources[at.src]?.get(at.n) : undefined;
  const [left, right] = at.kind === 'pair' ? [at.left && sources[1]?.get(at.left), at.right && sources[0].get(at.right)] : [];
  const key = `${at.kind} ${at.src} ${at.n ?? at.right ?? at.segment.group?.key ?? at.segment.key} ${at.left} ${line ? 1 : 0}${left ? 1 : 0}${right ? 1 : 0} ${look.version}`;
  if (row.key === key) return;
  row.key = key;
  row.runs = null;
  const data = at.segment.tone ? { tone: at.segment.tone } : {};
  if (at.kind === 'line') drawLine(row, at, line, look, data);
  else if (at.kind === 'pair') drawPair(row, at, left, right, look, data);
  else if (at.kind === 'head') drawHead(row, at.segment, data);
  else drawGap(row, at.segment, data);
  dress(row, data, at.segment.depth ?? 0);
}

const DATA = ['line', 'left', 's', 'm', 'tone', 'fold', 'gap'];

/** A live log draws every row anew many times a second: only what is different is touched. */
function dress(row, data, depth) {
  const { element } = row;
  for (const name of DATA) {
    if (data[name] === row.data[name]) continue;
    if (data[name] === undefined) delete element.dataset[name]; else element.dataset[name] = data[name];
  }
  row.data = data;
  if (depth !== row.depth) element.style.setProperty('--lv-depth', row.depth = depth);
}

function dressClass(row, ...names) {
  const className = ['lv-row', ...names.filter(Boolean)].join(' ');
  if (className !== row.className) row.element.className = row.className = className;
}

function dressTitle(row, title) {
  if (title !== row.title) row.element.title = row.title = title;
}

function drawLine(row, { n, src }, line, look, data) {
  const parts = shape(row, 'line', () => {
    const cells = { number: make('span', 'lv-n'), time: make('span', 'lv-t'), name: make('span', 'lv-k'), source: make('span', 'lv-s'), text: make('span', 'lv-x') };
    cells.number.title = 'Link to this line; with Shift, to a range';
    cells.source.setAttribute('aria-hidden', 'true');
    return cells;
  });
  data[src === 0 ? 'line' : 'left'] = n;
  data.s = line?.s;
  data.m = line?.m;
  const marked = look.marked && src === 0 && n >= look.marked[0] && n <= look.marked[1];
  const other = look.task !== '' && line !== undefined && line.task !== look.task;
  dressClass(row, marked && 'lv-marked', src === 0 && n === look.current && 'lv-current', other && 'lv-other', line === undefined && 'lv-waiting');
  dressTitle(row, line?.task ?? '');
  setText(parts.number, String(n));
  const time = line && look.time ? look.time(line.t) : '';
  setText(parts.time, time);
  if (time !== '' && parts.time.title !== line.t) parts.time.title = line.t;
  const name = look.names && line ? look.names.get(line.task) : undefined;
  setText(parts.name, name?.short ?? '');
  if (parts.name.dataset.color !== (name?.color ?? '')) parts.name.dataset.color = name?.color ?? '';
  row.runs = line ? toRuns(line.text) : [];
  fillText(parts.text, row.runs, line ? look.matches?.places(line, row.runs) : null);
}

function drawPair(row, { left, right }, leftLine, rightLine, look, data) {
  const parts = shape(row, 'pair', () => ({ ln: make('span', 'lv-n lv-ln'), lx: make('span', 'lv-x lv-lx'), number: make('span', 'lv-n'), text: make('span', 'lv-x') }));
  if (right !== null) data.line = right;
  if (left !== null) data.left = left;
  dressClass(row, right !== null && right === look.current && 'lv-current');
  dressTitle(row, '');
  parts.ln.textContent = left ?? '';
  parts.number.textContent = right ?? '';
  row.runs = rightLine ? toRuns(rightLine.text) : [];
  const leftRuns = leftLine ? toRuns(leftLine.text) : [];
  fillText(parts.lx, leftRuns, leftLine ? look.matches?.places(leftLine, leftRuns) : null);
  fillText(parts.text, row.runs, rightLine ? look.matches?.places(rightLine, row.runs) : null);
}

function drawHead(row, { group, open }, data) {
  const parts = shape(row, 'head', () => {
    const button = make('button', 'lv-head');
    button.type = 'button';
    const cells = { button, arrow: make('span', 'lv-arrow'), icon: make('span', 'lv-state'), name: make('span', 'lv-name'), notes: make('span', 'lv-notes'), took: make('span', 'lv-took') };
    cells.arrow.setAttribute('aria-hidden', 'true');
    cells.icon.setAttribute('aria-hidden', 'true');
    button.append(cells.arrow, cells.icon, cells.name, cells.notes, cells.took);
    return cells;
  }, p => [p.button]);
  dressClass(row, 'lv-group');
  dressTitle(row, '');
  data.fold = group.key;
  parts.button.setAttribute('aria-expanded', String(open));
  fillHead(parts, group);
}

/** Also for the header that stays at the top. */
export function fillHead(parts, group) {
  parts.icon.dataset.status = group.status ?? '';
  parts.name.textContent = group.title ?? group.name;
  parts.notes.textContent = [group.errors > 0 ? plural(group.errors, 'error') : '', group.warnings > 0 ? plural(group.warnings, 'warning') : ''].filter(Boolean).join(', ');
  parts.notes.classList.toggle('lv-bad', group.errors > 0);
  parts.took.textContent = [group.status === 'succeeded' ? '' : group.status ?? '', took(group)].filter(Boolean).join(' · ');
}

function drawGap(row, segment, data) {
  const parts = shape(row, 'gap', () => {
    const button = make('button', 'lv-open');
    button.type = 'button';
    return { button };
  });
  dressClass(row, 'lv-gapped');
  dressTitle(row, '');
  data.gap = segment.key;
  parts.button.textContent = segment.text;
  parts.button.disabled = segment.fixed === true;
  parts.button.title = segment.fixed ? '' : 'Show these lines';
}

/** The elements of a kind of row, made again only when the row was of another kind. */
function shape(row, kind, makeParts, order = Object.values) {
  if (row.kind !== kind) {
    row.kind = kind;
    row.parts = makeParts();
    row.element.replaceChildren(...order(row.parts));
  }
  return row.parts;
}

const numbers = new Intl.NumberFormat('en');

export function plural(n, word) {
  return `${numbers.format(n)} ${word}${n === 1 ? '' : 's'}`;
}

function make(tag, className) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  return element;
}

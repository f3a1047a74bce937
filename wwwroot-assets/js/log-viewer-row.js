// One drawn row. Rows are made once and drawn again and again: as a line, as two lines side by side, as the header of a group, as a gap.

import { drawText, toRuns } from './log-viewer-text.js';
import { took } from './log-viewer-time.js';

export function createRow() {
  const element = make('div', 'lv-row');
  return { element, key: '', parts: null };
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
  const element = row.element;
  if (element.className !== 'lv-row') element.className = 'lv-row';
  for (const name of ['line', 's', 'm', 'left', 'tone', 'fold', 'gap']) if (name in element.dataset) delete element.dataset[name];
  element.style.removeProperty('--lv-depth');
  element.removeAttribute('title');
  const depth = at.segment.depth ?? 0;
  if (depth > 0) element.style.setProperty('--lv-depth', depth);
  if (at.segment.tone) element.dataset.tone = at.segment.tone;
  if (at.kind === 'line') drawLine(row, at, line, look);
  else if (at.kind === 'pair') drawPair(row, at, left, right, look);
  else if (at.kind === 'head') drawHead(row, at.segment);
  else drawGap(row, at.segment);
}

function drawLine(row, { n, src }, line, look) {
  const parts = shape(row, 'line', () => {
    const cells = { number: make('span', 'lv-n'), time: make('span', 'lv-t'), name: make('span', 'lv-k'), source: make('span', 'lv-s'), text: make('span', 'lv-x') };
    cells.number.title = 'Link to this line; with Shift, to a range';
    cells.source.setAttribute('aria-hidden', 'true');
    return cells;
  });
  const element = row.element;
  if (src === 0) element.dataset.line = n; else element.dataset.left = n;
  element.dataset.s = line?.s ?? '';
  if (line?.m) element.dataset.m = line.m;
  const marked = look.marked && src === 0 && n >= look.marked[0] && n <= look.marked[1];
  element.classList.toggle('lv-marked', Boolean(marked));
  element.classList.toggle('lv-current', src === 0 && n === look.current);
  element.classList.toggle('lv-other', look.task !== '' && line !== undefined && line.task !== look.task);
  element.classList.toggle('lv-waiting', line === undefined);
  parts.number.textContent = n;
  parts.time.textContent = line && look.time ? look.time(line.t) : '';
  parts.time.title = line?.t ?? '';
  const name = look.names && line ? look.names.get(line.task) : undefined;
  parts.name.textContent = name?.short ?? '';
  parts.name.dataset.color = name?.color ?? '';
  if (line?.task) element.title = line.task;
  row.runs = line ? toRuns(line.text) : [];
  parts.text.replaceChildren(...drawText(row.runs, line ? look.matches?.places(line, row.runs) : null));
}

function drawPair(row, { left, right }, leftLine, rightLine, look) {
  const parts = shape(row, 'pair', () => ({ ln: make('span', 'lv-n lv-ln'), lx: make('span', 'lv-x lv-lx'), number: make('span', 'lv-n'), text: make('span', 'lv-x') }));
  if (right !== null) row.element.dataset.line = right;
  if (left !== null) row.element.dataset.left = left;
  row.element.classList.toggle('lv-current', right !== null && right === look.current);
  parts.ln.textContent = left ?? '';
  parts.number.textContent = right ?? '';
  row.runs = rightLine ? toRuns(rightLine.text) : [];
  const leftRuns = leftLine ? toRuns(leftLine.text) : [];
  parts.lx.replaceChildren(...drawText(leftRuns, leftLine ? look.matches?.places(leftLine, leftRuns) : null));
  parts.text.replaceChildren(...drawText(row.runs, rightLine ? look.matches?.places(rightLine, row.runs) : null));
}

function drawHead(row, { group, open }) {
  const parts = shape(row, 'head', () => {
    const button = make('button', 'lv-head');
    button.type = 'button';
    const cells = { button, arrow: make('span', 'lv-arrow'), icon: make('span', 'lv-state'), name: make('span', 'lv-name'), notes: make('span', 'lv-notes'), took: make('span', 'lv-took') };
    cells.arrow.setAttribute('aria-hidden', 'true');
    cells.icon.setAttribute('aria-hidden', 'true');
    button.append(cells.arrow, cells.icon, cells.name, cells.notes, cells.took);
    return cells;
  }, p => [p.button]);
  row.element.classList.add('lv-group');
  row.element.dataset.fold = group.key;
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

function drawGap(row, segment) {
  const parts = shape(row, 'gap', () => {
    const button = make('button', 'lv-open');
    button.type = 'button';
    return { button };
  });
  row.element.classList.add('lv-gapped');
  row.element.dataset.gap = segment.key;
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

export function plural(n, word) {
  return `${n.toLocaleString('en')} ${word}${n === 1 ? '' : 's'}`;
}

function make(tag, className) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  return element;
}

// One drawn line. Rows are made once and drawn again and again with other lines.

import { toRuns } from './log-viewer-ansi.js';
import { places } from './log-viewer-search.js';

export function createRow() {
  const element = make('div', 'lv-row');
  const number = make('span', 'lv-n');
  const time = make('span', 'lv-t');
  const source = make('span', 'lv-s');
  const text = make('span', 'lv-x');
  number.title = 'Link to this line';
  source.setAttribute('aria-hidden', 'true');
  element.append(number, time, source, text);
  return { element, number, time, source, text, key: '' };
}

/** @param {{version: number, query: string, current: number|null, marked: number|null, task: string}} look */
export function drawRow(row, n, line, look) {
  const key = `${n} ${line ? 1 : 0} ${look.version}`;
  if (row.key === key) return;
  row.key = key;
  row.element.dataset.line = n;
  row.element.dataset.s = line?.s ?? '';
  row.element.classList.toggle('lv-marked', n === look.marked);
  row.element.classList.toggle('lv-current', n === look.current);
  row.element.classList.toggle('lv-other', look.task !== '' && line !== undefined && line.task !== look.task);
  row.element.classList.toggle('lv-waiting', line === undefined);
  row.number.textContent = n;
  row.time.textContent = line ? clockTime(line.t) : '';
  row.time.title = line?.t ?? '';
  row.element.title = line?.task ?? '';
  row.text.replaceChildren(...(line ? drawText(line.text, look.query) : []));
}

function drawText(text, query) {
  const runs = toRuns(text);
  const found = query === '' ? [] : places(runs.map(r => r.text).join(''), query);
  const nodes = [];
  let at = 0;
  for (const run of runs) {
    let from = 0;
    for (const [start, end] of found) {
      const [a, b] = [Math.max(start - at, from), Math.min(end - at, run.text.length)];
      if (b <= from || a >= run.text.length) continue;
      if (a > from) nodes.push(drawRun(run, run.text.slice(from, a)));
      const mark = make('mark', 'lv-match');
      mark.append(drawRun(run, run.text.slice(a, b)));
      nodes.push(mark);
      from = b;
    }
    if (from < run.text.length) nodes.push(drawRun(run, run.text.slice(from)));
    at += run.text.length;
  }
  return nodes;
}

function drawRun(run, text) {
  if (run.classes === '' && run.color === '' && run.background === '') return document.createTextNode(text);
  const span = make('span', run.classes);
  span.textContent = text;
  if (run.color !== '') span.style.color = run.color;
  if (run.background !== '') span.style.backgroundColor = run.background;
  return span;
}

function clockTime(iso) {
  const at = new Date(iso);
  const pad = (value, width = 2) => String(value).padStart(width, '0');
  return `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}.${pad(at.getMilliseconds(), 3)}`;
}

function make(tag, className) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  return element;
}

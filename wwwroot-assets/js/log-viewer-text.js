// Runs of a line -> nodes. Text becomes text nodes and nothing else; links are made from addresses that were read as http or https, never from markup.

import { toRuns } from './log-viewer-ansi.js';

export { toRuns };

const ADDRESS = /https?:\/\/[^\s<>"'`\u0000-\u001f\u2400-\u2421\ufffd]+/g;
const LONGEST_ADDRESS = 2000;

/** Draws runs into an element. Plain text, which most lines are, is put into the text node that is there. */
export function fillText(element, runs, marks) {
  if (runs.length === 0) setText(element, '');
  else if (runs.length === 1 && isBare(runs[0]) && runs[0].href === '' && !(marks?.length > 0) && !runs[0].text.includes('://')) setText(element, runs[0].text);
  else element.replaceChildren(...drawText(runs, marks));
}

export function setText(element, text) {
  const node = element.firstChild;
  if (node?.nodeType === Node.TEXT_NODE && !node.nextSibling) { if (node.data !== text) node.data = text; }
  else if (node || text !== '') element.textContent = text;
}

/** @param {[number, number][]|null} marks places to highlight, in characters of what is shown */
function drawText(runs, marks) {
  const found = marks ?? [];
  const links = addresses(runs);
  const nodes = [];
  let at = 0;
  for (const run of runs) {
    const cuts = new Set([0, run.text.length]);
    for (const [start, end] of [...found, ...links]) for (const cut of [start - at, end - at]) if (cut > 0 && cut < run.text.length) cuts.add(cut);
    const sorted = [...cuts].sort((a, b) => a - b);
    for (let i = 0; i + 1 < sorted.length; i++) {
      const [from, to] = [sorted[i], sorted[i + 1]];
      const href = run.href || links.find(([start, end]) => at + from >= start && at + to <= end)?.[2];
      let node = drawRun(run, run.text.slice(from, to));
      if (found.some(([start, end]) => at + from >= start && at + to <= end)) node = wrap(make('mark', 'lv-match'), node);
      if (href) node = wrap(link(href), node);
      nodes.push(node);
    }
    at += run.text.length;
  }
  return nodes;
}

/** Addresses that stand in the text as such: [from, to, href]. */
function addresses(runs) {
  if (!runs.some(r => r.text.includes('://')) || runs.some(r => r.href)) return [];
  const text = runs.map(r => r.text).join('');
  const found = [];
  for (const match of text.matchAll(ADDRESS)) {
    const shown = match[0].replace(/[.,;:!?\])}]+$/, end => (end.startsWith(')') && match[0].includes('(') ? ')' : ''));
    const href = safe(shown);
    if (href && found.length < 50) found.push([match.index, match.index + shown.length, href]);
  }
  return found;
}

/** An address that may be followed, or an empty text. */
export function safe(address) {
  if (address.length > LONGEST_ADDRESS) return '';
  try {
    const url = new URL(address);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : '';
  } catch {
    return '';
  }
}

function link(href) {
  const a = make('a', 'lv-link plain');
  a.href = href;
  a.target = '_blank';
  a.rel = 'noopener noreferrer';
  a.title = href;
  a.tabIndex = -1;
  return a;
}

function drawRun(run, text) {
  if (isBare(run)) return document.createTextNode(text);
  const span = make('span', run.classes);
  span.textContent = text;
  if (run.color !== '') span.style.color = run.color;
  if (run.background !== '') span.style.backgroundColor = run.background;
  return span;
}

const isBare = run => run.classes === '' && run.color === '' && run.background === '';

function wrap(outer, inner) {
  outer.append(inner);
  return outer;
}

function make(tag, className) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  return element;
}

// The maps behind the ways to look at a log: some of its lines, its groups by time or by task, its difference to another.

import { RowMap } from './log-viewer-map.js';

const CONTEXT = 3;

const lines = (from, to, more) => ({ kind: 'lines', first: from, count: Math.max(0, to - from + 1), ...more });

/** Ranges of lines, and a gap for what is between; opened gaps show their lines. */
export function someLines(ranges, total, { opened = new Set(), what = 'not shown', fixed = false, depth = 0 } = {}) {
  const segments = [];
  let next = 1;
  const gap = to => {
    if (to < next) return;
    const key = String(next);
    if (opened.has(key)) segments.push(lines(next, to, { depth }));
    else segments.push({ kind: 'gap', key, from: next, to, text: `${count(to - next + 1)} ${what}`, fixed });
  };
  for (const [from, to] of merge(ranges)) {
    gap(from - 1);
    segments.push(lines(from, to));
    next = to + 1;
  }
  gap(total);
  return new RowMap(segments);
}

/** Groups in the order of time: those of one piece have a header and fold; parallel ones flow into each other below their parent. */
export function byTime(tree, total, closed) {
  const segments = [];
  const place = (groups, from, to, depth, last) => {
    let next = from;
    const solid = alone(groups);
    solid.forEach((group, i) => {
      const end = last && i === solid.length - 1 && group.running ? to : Math.min(to, group.last);
      segments.push(lines(next, group.first - 1, { depth }));
      const open = !closed.has(group.key);
      segments.push({ kind: 'head', group, open, depth, covers: [[group.first, end]] });
      if (open) place(group.children, group.first, end, depth + 1, end === to && last);
      next = end + 1;
    });
    if (next <= to || last) segments.push(lines(next, to, { depth }));
  };
  place(tree.groups, 1, total, 0, true);
  return withTail(segments, total);
}

/** Groups with all their lines brought together, also where they were written in parallel. */
export function byTask(tree, total, closed) {
  const segments = [];
  const place = (groups, own, depth) => {
    const pieces = [...own.map(r => ({ at: r[0], range: r })), ...groups.map(group => ({ at: group.first, group }))].sort((a, b) => a.at - b.at);
    for (const { range, group } of pieces) {
      if (range) { segments.push(lines(range[0], range[1], { depth })); continue; }
      const open = !closed.has(group.key);
      const all = spread(group);
      segments.push({ kind: 'head', group, open, depth, covers: all });
      const children = group.children.filter(c => c.ranges && c.first);
      if (open) place(children, without(all, merge(children.flatMap(spread))), depth + 1);
    }
  };
  const groups = tree.groups.filter(g => g.first && spread(g).length > 0);
  const taken = merge(groups.flatMap(spread));
  place(groups, without([[1, total]], taken), 0);
  return withTail(segments, total);
}

/** Rows of a difference, one below the other or side by side; what is the same is folded but for a few lines around a change. */
export function difference(rows, { split, opened }) {
  const segments = [];
  rows.forEach((row, i) => {
    if (row.kind === 'same') { same(row, i > 0, i < rows.length - 1); return; }
    const [left, right] = [row.left, row.right];
    if (!split) {
      if (left) segments.push(lines(left[0], left[1], { src: 1, tone: 'removed' }));
      if (right) segments.push(lines(right[0], right[1], { tone: 'added' }));
      return;
    }
    const before = segments.at(-1);
    if (row.kind === 'added' && before?.tone === 'removed' && before.right === null) { zip(segments.pop(), right); return; }
    segments.push({ kind: 'pair', left: left?.[0] ?? null, right: right?.[0] ?? null, count: size(left ?? right), tone: row.kind });
  });
  return new RowMap(segments);

  function zip(removed, [from, to]) {
    const both = Math.min(removed.count, to - from + 1);
    segments.push({ kind: 'pair', left: removed.left, right: from, count: both, tone: 'changed' });
    if (removed.count > both) segments.push({ kind: 'pair', left: removed.left + both, right: null, count: removed.count - both, tone: 'removed' });
    if (to - from + 1 > both) segments.push({ kind: 'pair', left: null, right: from + both, count: to - from + 1 - both, tone: 'added' });
  }

  function same({ left, right }, before, after) {
    const all = size(right);
    const [top, bottom] = [before ? CONTEXT : 0, after ? CONTEXT : 0];
    const key = `same-${right[0]}`;
    const piece = (skip, length) => segments.push(split ? { kind: 'pair', left: left[0] + skip, right: right[0] + skip, count: length, tone: 'same' } : lines(right[0] + skip, right[0] + skip + length - 1));
    if (all <= top + bottom + 1 || opened.has(key)) { piece(0, all); return; }
    if (top > 0) piece(0, top);
    segments.push({ kind: 'gap', key, from: right[0] + top, to: right[1] - bottom, text: `${count(all - top - bottom)} the same` });
    if (bottom > 0) piece(all - bottom, bottom);
  }
}

/** Those groups that share their time with no other of their level. */
function alone(groups) {
  const sorted = groups.filter(g => g.first).sort((a, b) => a.first - b.first);
  let reached = 0;
  return sorted.filter((group, i) => {
    const solid = group.first > reached && (i + 1 === sorted.length || sorted[i + 1].first > group.last);
    reached = Math.max(reached, group.last);
    return solid;
  });
}

function withTail(segments, total) {
  const last = segments.at(-1);
  if (last?.kind === 'lines' && last.first + last.count - 1 === total) last.tail = true;
  else if (!(last?.kind === 'head' && !last.open && last.covers.at(-1)?.[1] === total && last.group.running)) segments.push({ kind: 'lines', first: total + 1, count: 0, tail: true });
  return new RowMap(segments);
}

const size = range => range[1] - range[0] + 1;
const count = n => (n === 1 ? '1 line' : `${n.toLocaleString('en')} lines`);
const spread = group => (group.all ??= merge([...(group.ranges ?? []), ...group.children.flatMap(spread)]));

export function merge(ranges) {
  const merged = [];
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to); else merged.push([from, to]);
  }
  return merged;
}

/** Ranges without others; both merged. */
function without(ranges, taken) {
  const left = [];
  let i = 0;
  for (const [from, to] of ranges) {
    let next = from;
    while (i < taken.length && taken[i][1] < from) i++;
    for (let k = i; k < taken.length && taken[k][0] <= to; k++) {
      if (taken[k][0] > next) left.push([next, taken[k][0] - 1]);
      next = Math.max(next, taken[k][1] + 1);
    }
    if (next <= to) left.push([next, to]);
  }
  return left;
}

// View rows <-> log lines. A map is an ordered list of segments: runs of lines, headers of groups, gaps. Nothing here grows with the length of a run of lines, so a
// million lines cost one segment; folding, filters, groups and differences are only other lists.
//
// Segments: {kind: 'lines', first, count, src?, tone?, depth?, tail?}     lines of this log (src 0) or of the one it is compared with (src 1)
//           {kind: 'head', group, open, depth, covers: [[from, to], …]}   header of a group; covers are the lines it hides while closed
//           {kind: 'gap', key, from, to, text, fixed?}                    lines left out
//           {kind: 'pair', left, right, count, tone}                      lines side by side; left or right may be null

export class RowMap {
  #segments; #starts = []; #places = [null, null]; #heads = null;
  count = 0;

  constructor(segments) {
    this.#segments = segments.filter(s => s.kind === 'head' || s.kind === 'gap' || s.count > 0 || s.tail);
    for (const segment of this.#segments) {
      this.#starts.push(this.count);
      this.count += segment.count ?? 1;
    }
  }

  static identity(total) {
    return new RowMap([{ kind: 'lines', first: 1, count: total, tail: true }]);
  }

  /** A map, and the lines behind it to the end of the log. */
  static after(map, first, total) {
    return new RowMap([...map.segments, { kind: 'lines', first, count: Math.max(0, total - first + 1), tail: true }]);
  }

  get segments() { return this.#segments; }

  /** Rows of lines that are written from now on come to the end, if the end of the log is at the end of the map. */
  grow(total) {
    const last = this.#segments.at(-1);
    if (!last?.tail) return;
    const more = total - (last.first + last.count - 1);
    if (more <= 0) return;
    last.count += more;
    this.count += more;
    this.#places[0] = null;
  }

  /** What a row shows: {kind: 'line', n, src} | {kind: 'head'} | {kind: 'gap'} | {kind: 'pair', left, right}, with its segment. */
  at(row) {
    const i = below(this.#starts, row);
    const segment = this.#segments[i];
    if (!segment || row >= this.count) return null;
    const k = row - this.#starts[i];
    if (segment.kind === 'lines') return { kind: 'line', n: segment.first + k, src: segment.src ?? 0, segment };
    if (segment.kind === 'pair') return { kind: 'pair', left: segment.left === null ? null : segment.left + k, right: segment.right === null ? null : segment.right + k, segment };
    return { kind: segment.kind, segment };
  }

  /** The line a row shows or stands for, as near as there is one. */
  lineAt(row) {
    for (let r = Math.max(0, Math.min(row, this.count - 1)), steps = 0; r < this.count && steps < 50; r++, steps++) {
      const at = this.at(r);
      const n = at.kind === 'line' ? (at.src === 0 ? at.n : null) : at.kind === 'pair' ? at.right : at.kind === 'head' ? at.segment.group.first : at.segment.from;
      if (n) return n;
    }
    return null;
  }

  /** Where a line is: {row, shown}. Of a line that is not shown, the row that hides it, or the next. */
  rowOf(n, src = 0) {
    const places = this.#places[src] ??= this.#index(src);
    const at = places[below(places, n, p => p.from)] ?? places[0];
    if (!at) return { row: 0, shown: false };
    if (n >= at.from && n <= at.to) return { row: at.row + (at.shown ? n - at.from : 0), shown: at.shown };
    return { row: Math.min(this.count - 1, n < at.from ? at.row : at.row + (at.shown ? at.to - at.from : 0)), shown: false };
  }

  /** The lines of rows first..last as ranges: [{src, from, to, row}]. */
  ranges(first, last) {
    const found = [];
    for (let i = Math.max(0, below(this.#starts, first)); i < this.#segments.length && this.#starts[i] <= last; i++) {
      const segment = this.#segments[i];
      const a = Math.max(0, first - this.#starts[i]), b = Math.min((segment.count ?? 1) - 1, last - this.#starts[i]);
      if (b < a) continue;
      const add = (src, start) => { if (start !== null && start !== undefined) found.push({ src, from: start + a, to: start + b, row: this.#starts[i] + a }); };
      if (segment.kind === 'lines') add(segment.src ?? 0, segment.first);
      if (segment.kind === 'pair') { add(1, segment.left); add(0, segment.right); }
    }
    return found;
  }

  /** Rows of the headers of groups, in order. */
  heads() {
    return this.#heads ??= this.#segments.map((segment, i) => ({ row: this.#starts[i], segment })).filter(h => h.segment.kind === 'head');
  }

  #index(src) {
    const places = [];
    this.#segments.forEach((s, i) => {
      const row = this.#starts[i];
      if (s.kind === 'lines' && (s.src ?? 0) === src && s.count > 0) places.push({ from: s.first, to: s.first + s.count - 1, row, shown: true });
      const side = src === 0 ? s.right : s.left;
      if (s.kind === 'pair' && side !== null) places.push({ from: side, to: side + s.count - 1, row, shown: true });
      if (s.kind === 'gap' && src === 0) places.push({ from: s.from, to: s.to, row, shown: false });
      if (s.kind === 'head' && !s.open && src === 0) for (const [from, to] of s.covers) places.push({ from, to, row, shown: false });
    });
    return places.sort((a, b) => a.from - b.from);
  }
}

/** Index of the last element that is not above a value; -1 when all are. */
export function below(sorted, value, key = x => x) {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (key(sorted[middle]) <= value) low = middle + 1; else high = middle;
  }
  return low - 1;
}

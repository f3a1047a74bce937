// Search over the whole log by the server; what is found is remembered by line, so that next and previous need no request. A growing log is searched on from
// where the last search ended.

import { ask } from './log-viewer-lines.js';
import { shownAt } from './log-viewer-ansi.js';

const LIMIT = 1000;
const MOST_PLACES = 200;
const LONGEST_TRIED = 4000;

export class Search {
  #matches = []; #nextFrom = null; #current = -1; #request = null; #highlight = null;
  total = 0;
  query = ''; regex = false; exact = false;
  /** Length of the log when it was last searched. */
  covered = 0;

  constructor(url) {
    this.url = url;
  }

  get position() { return this.#current + 1; }
  get line() { return this.#matches[this.#current]?.n ?? null; }
  /** Lines of the matches that are known here. */
  get lines() { return this.#matches.map(m => m.n); }
  get active() { return this.query !== ''; }

  /** The question as a part of an address. */
  get terms() { return terms(this.query, this.regex, this.exact); }

  /** Looks for a text and stands on the first match at or behind a line (the first of all when there is none). */
  async start(query, { regex, exact }, from, covered) {
    this.#request?.abort();
    Object.assign(this, { query, regex, exact, covered, total: 0 });
    [this.#matches, this.#nextFrom, this.#current] = [[], 1, -1];
    this.#highlight = query === '' ? null : new Highlight(query, regex, exact, this.#matches);
    if (query === '') return;
    // Near the line first: the count of the whole comes with the same answer.
    await this.#more();
    while (this.#nextFrom !== null && this.#matches.at(-1).n < from) await this.#more();
    const at = this.#matches.findIndex(m => m.n >= from);
    if (this.#matches.length > 0) this.#current = at < 0 ? 0 : at;
  }

  /** The log has grown: counts what is new, and stays where it is. */
  async grow(covered) {
    if (!this.active || covered <= this.covered) return;
    const from = this.covered + 1;
    const page = await ask(`${this.url}/search?${this.terms}&from=${from}&limit=${LIMIT}`);
    if (!page) return;
    this.covered = covered;
    this.total = page.total;
    if (this.#nextFrom !== null) return;
    const known = this.#matches.at(-1)?.n ?? 0;
    for (const match of page.matches) if (match.n > known) this.#matches.push(match);
    this.#nextFrom = page.nextFrom;
    if (this.#current < 0 && this.#matches.length > 0) this.#current = 0;
  }

  async next() {
    if (this.#matches.length === 0) return;
    if (this.#current + 1 === this.#matches.length && this.#nextFrom !== null) await this.#more();
    this.#current = (this.#current + 1) % this.#matches.length;
  }

  async previous() {
    if (this.#matches.length === 0) return;
    if (this.#current === 0) while (this.#nextFrom !== null) await this.#more();
    this.#current = (this.#current + this.#matches.length - 1) % this.#matches.length;
  }

  /** What draws the matches of a line. */
  get highlight() { return this.#highlight; }

  async #more() {
    const request = this.#request = new AbortController();
    const page = await ask(`${this.url}/search?${this.terms}&from=${this.#nextFrom}&limit=${LIMIT}`, request.signal) ?? { matches: [], total: 0, nextFrom: null };
    this.total = page.total;
    this.#nextFrom = page.matches.length === 0 ? null : page.nextFrom;
    for (const { n, column, length } of page.matches) this.#matches.push({ n, column, length });
  }
}

export function terms(query, regex, exact) {
  return `q=${encodeURIComponent(query)}&regex=${regex}${exact ? '&case=match' : ''}`;
}

class Highlight {
  #pattern; #found; #byLine = null;

  constructor(query, regex, exact, found) {
    this.#found = found;
    this.#pattern = regex ? pattern(query, exact) : new RegExp(query.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), exact || query.toLowerCase() !== query ? 'g' : 'gi');
  }

  /** @returns {[number, number][]} in characters of what is shown */
  places(line, runs) {
    if (!this.#pattern) return this.#told(line, runs);
    const text = runs.map(r => r.text).join('');
    const places = [];
    for (const match of text.slice(0, LONGEST_TRIED).matchAll(this.#pattern)) {
      if (match[0] !== '') places.push([match.index, match.index + match[0].length]);
      if (places.length >= MOST_PLACES) break;
    }
    return places;
  }

  /** Where the server said they are. */
  #told(line, runs) {
    if (this.#byLine?.size !== this.#found.length) this.#byLine = { size: this.#found.length, map: Map.groupBy(this.#found, m => m.n) };
    return (this.#byLine.map.get(line.n) ?? []).slice(0, MOST_PLACES).map(m => [shownAt(runs, m.column), shownAt(runs, m.column + m.length)]);
  }
}

/**
 * A regular expression of the server's kind as the browser's, or null where it had better be left to the server: the browser's may take for ever where repetitions
 * are nested, and knows other words.
 */
function pattern(query, exact) {
  const inline = /^\(\?i\)/.test(query);
  const body = query.replace(/^\(\?i\)/, '');
  if (/\)\s*[*+{]/.test(body) || /[*+}][^)|]*[*+}]/.test(body) || body.includes('(?')) return null;
  try {
    return new RegExp(body, inline || (!exact && body.toLowerCase() === body) ? 'gi' : 'g');
  } catch {
    return null;
  }
}

// Search over the whole log by the server; what is found is remembered by line, so that next and previous need no request.

const LIMIT = 1000;

export class Search {
  #matches = [];
  #nextFrom = null;
  #current = -1;
  #request = null;
  total = 0;
  query = '';

  constructor(url) {
    this.url = url;
  }

  get position() { return this.#current + 1; }
  get line() { return this.#matches[this.#current]?.n ?? null; }

  /** Looks for a text and stands on the first match at or behind a line (the first of all when there is none). */
  async start(query, from) {
    this.#request?.abort();
    this.query = query;
    [this.#matches, this.#nextFrom, this.#current, this.total] = [[], 1, -1, 0];
    if (query === '') return;
    await this.#more();
    while (this.#nextFrom !== null && this.#matches.at(-1).n < from) await this.#more();
    const at = this.#matches.findIndex(m => m.n >= from);
    if (this.#matches.length > 0) this.#current = at < 0 ? 0 : at;
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

  async #more() {
    const request = this.#request = new AbortController();
    const response = await fetch(`${this.url}/search?q=${encodeURIComponent(this.query)}&from=${this.#nextFrom}&limit=${LIMIT}`, { signal: request.signal });
    if (!response.ok) throw new Error((await response.json().catch(() => null))?.detail ?? `The search failed (${response.status}).`);
    const page = await response.json();
    this.total = page.total;
    this.#nextFrom = page.matches.length === 0 ? null : page.nextFrom;
    for (const match of page.matches) this.#matches.push({ n: match.n });
  }
}

/** Places of a query in a drawn line, by the server's rule: a query without capitals finds every case. */
export function places(text, query) {
  if (query === '') return [];
  const exact = query.toLowerCase() !== query;
  const [where, what] = exact ? [text, query] : [text.toLowerCase(), query];
  const found = [];
  // A few characters change their length with their case; then nothing is highlighted rather than the wrong place.
  if (where.length !== text.length) return found;
  for (let at = where.indexOf(what); at >= 0 && found.length < 200; at = where.indexOf(what, at + what.length)) found.push([at, at + what.length]);
  return found;
}

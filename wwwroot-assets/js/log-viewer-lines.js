// The lines a viewer has: pages fetched when they are looked at, kept for a while, and never fetched twice while they are kept.

const PAGE = 200;
const KEPT_PAGES = 60;

export class Lines {
  #pages = new Map();
  #loading = new Map();
  #retryAt = 0;
  #failures = 0;

  /**
   * @param {string} url base address of the log
   * @param {{loaded: (total: number, ended: boolean) => void, failed: (message: string) => void}} events
   */
  constructor(url, events) {
    this.url = url;
    this.events = events;
  }

  get(n) {
    return this.#pages.get(pageOf(n))?.[(n - 1) % PAGE];
  }

  put(line) {
    const page = pageOf(line.n);
    let lines = this.#pages.get(page);
    if (!lines) this.#pages.set(page, lines = new Array(PAGE));
    lines[(line.n - 1) % PAGE] = line;
  }

  /** Fetches what is missing of lines first..last, and gives up what is still on its way for other places. */
  need(first, last) {
    const from = pageOf(Math.max(1, first)), to = pageOf(last);
    for (const [page, request] of this.#loading) if (page < from || page > to) request.abort();
    for (let page = from; page <= to; page++) {
      const lines = this.#pages.get(page);
      if (lines) { this.#pages.delete(page); this.#pages.set(page, lines); }
      const start = page * PAGE + 1;
      const range = missing(lines, start, Math.min(last, start + PAGE - 1), Math.max(first, start));
      if (range && !this.#loading.has(page) && performance.now() >= this.#retryAt) this.#load(page, start, range);
    }
    for (const page of this.#pages.keys()) {
      if (this.#pages.size <= KEPT_PAGES) break;
      if (page < from || page > to) this.#pages.delete(page);
    }
  }

  /** Asks for what is behind the last known line: how a viewer goes on while its circuit is away. */
  async poll(total) {
    const response = await fetch(`${this.url}?from=${total + 1}&limit=${PAGE}`, { headers: { accept: 'application/x-ndjson' } });
    if (!response.ok) throw new Error(String(response.status));
    return this.#take(response);
  }

  close() {
    for (const request of this.#loading.values()) request.abort();
    this.#loading.clear();
    this.events = { loaded() {}, failed() {} };
  }

  async #load(page, start, [from, to]) {
    const request = new AbortController();
    this.#loading.set(page, request);
    let again = 0;
    try {
      const response = await fetch(`${this.url}?from=${from}&limit=${to - from + 1}`, { signal: request.signal, headers: { accept: 'application/x-ndjson' } });
      if (!response.ok) throw new Error(await problem(response));
      const { total, ended } = await this.#take(response);
      this.#failures = 0;
      this.#loading.delete(page);
      this.events.loaded(total, ended);
    } catch (error) {
      if (request.signal.aborted) return;
      again = Math.min(8000, 500 * 2 ** this.#failures++);
      this.#retryAt = performance.now() + again;
      this.events.failed(error instanceof TypeError ? 'The dashboard cannot be reached. Trying again…' : error.message);
    } finally {
      if (this.#loading.get(page) === request) this.#loading.delete(page);
    }
    if (again > 0) setTimeout(() => this.events.loaded(0, false), again);
  }

  async #take(response) {
    const text = await response.text();
    for (const json of text.split('\n')) if (json !== '') this.put(JSON.parse(json));
    return { total: Number(response.headers.get('X-Total-Lines') ?? 0), ended: response.headers.get('X-Log-Ended') === 'true' };
  }
}

const pageOf = n => Math.floor((n - 1) / PAGE);

/** First and last missing line of a page, or null; a page of which nothing is there is asked for from its beginning. */
function missing(lines, start, last, wantedFrom) {
  let from = 0, to = 0, wanted = false;
  for (let n = start; n <= last; n++) {
    if (lines?.[n - start] !== undefined) continue;
    if (from === 0) from = n;
    to = n;
    wanted ||= n >= wantedFrom;
  }
  return wanted ? [from, to] : null;
}

async function problem(response) {
  try { return (await response.json()).detail ?? `The log could not be read (${response.status}).`; }
  catch { return `The log could not be read (${response.status}).`; }
}

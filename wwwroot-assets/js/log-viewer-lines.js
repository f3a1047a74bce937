// The lines a viewer has: pages fetched when they are looked at, kept for a while, and never fetched twice while they are kept.

const PAGE = 200;
const KEPT_PAGES = 60;
const KEPT_TEXT = 6_000_000;
const AT_ONCE = 4;
const STALE = 2000;
const SOURCES = ['out', 'err', 'sys'];
const MARKS = ['', 'warning', 'error'];

export class Lines {
  #pages = new Map();
  #loading = new Map();
  #text = 0;
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
    const at = (line.n - 1) % PAGE;
    this.#text += line.text.length - (lines[at]?.text.length ?? 0);
    lines[at] = line;
  }

  /** Lines as the circuit sends them: in columns, because a live log sends many and often. */
  putTail(tail) {
    if (!tail) return;
    const tasks = tail.tasks.flatMap(({ count, name }) => new Array(count).fill(name));
    let at = tail.at;
    tail.text.split('\n').forEach((text, i) => {
      at += tail.after[i];
      const kind = tail.kinds === '' ? 0 : tail.kinds.charCodeAt(i) - 97;
      const line = { n: tail.from + i, t: new Date(at).toISOString(), s: SOURCES[kind % 3], task: tasks[i], text };
      const mark = MARKS[Math.floor(kind / 3)];
      if (mark) line.m = mark;
      this.put(line);
    });
  }

  /**
   * Fetches what is missing of some ranges [[from, to], …], nearest first. What is on its way for other places is let come: a drag that gave it up at every frame would
   * never see anything. Each arrival draws again, and asks for what is looked at by then.
   */
  need(ranges) {
    const wanted = new Set();
    for (const [first, last] of ranges) for (let page = pageOf(Math.max(1, first)); page <= pageOf(last); page++) wanted.add(page);
    for (const page of wanted) {
      const lines = this.#pages.get(page);
      if (lines) { this.#pages.delete(page); this.#pages.set(page, lines); }
    }
    for (const [first, last] of ranges) {
      for (let page = pageOf(Math.max(1, first)); page <= pageOf(last); page++) {
        if (this.#loading.has(page) || performance.now() < this.#retryAt) continue;
        const start = page * PAGE + 1;
        const range = missing(this.#pages.get(page), start, Math.min(last, start + PAGE - 1), Math.max(first, start));
        if (range && this.#room(wanted)) this.#load(page, range);
      }
    }
    this.#forget(wanted);
  }

  /** Asks for what is behind the last known line: how a viewer goes on while its circuit is away. */
  async poll(total) {
    const response = await this.#fetch(total + 1, PAGE);
    if (!response.ok) throw new Error(String(response.status));
    return this.#take(response);
  }

  /** Lines from..to without keeping them, for copying: calls back with each page. */
  async each(from, to, signal, page) {
    for (let next = from; next <= to;) {
      const response = await this.#fetch(next, Math.min(10_000, to - next + 1), signal);
      if (!response.ok) throw new Error(await problem(response));
      const lines = parse(await response.text());
      if (lines.length === 0) return;
      page(lines);
      next = lines.at(-1).n + 1;
    }
  }

  close() {
    for (const request of this.#loading.values()) request.abort();
    this.#loading.clear();
    this.events = { loaded() {}, failed() {} };
  }

  #room(wanted) {
    if (this.#loading.size < AT_ONCE) return true;
    const now = performance.now();
    for (const [page, request] of this.#loading) if (!wanted.has(page) && now - request.begun > STALE) { this.#loading.delete(page); request.abort(); return true; }
    return false;
  }

  #forget(wanted) {
    for (const [page, lines] of this.#pages) {
      if (this.#pages.size <= KEPT_PAGES && this.#text <= KEPT_TEXT) return;
      if (wanted.has(page)) continue;
      this.#pages.delete(page);
      lines.forEach(line => { this.#text -= line.text.length; });
    }
  }

  async #load(page, [from, to]) {
    const request = new AbortController();
    request.begun = performance.now();
    this.#loading.set(page, request);
    let again = 0;
    try {
      const response = await this.#fetch(from, to - from + 1, request.signal);
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

  #fetch(from, limit, signal) {
    return fetch(`${this.url}?from=${from}&limit=${limit}`, { signal, headers: { accept: 'application/x-ndjson' } });
  }

  async #take(response) {
    for (const line of parse(await response.text())) this.put(line);
    return { total: Number(response.headers.get('X-Total-Lines') ?? 0), ended: response.headers.get('X-Log-Ended') === 'true' };
  }
}

const pageOf = n => Math.floor((n - 1) / PAGE);

function parse(text) {
  return text.split('\n').filter(json => json !== '').map(json => JSON.parse(json));
}

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

export async function problem(response) {
  try { return (await response.json()).detail ?? `The log could not be read (${response.status}).`; }
  catch { return `The log could not be read (${response.status}).`; }
}

/** JSON of one of the log's other addresses; null where there is none. */
export async function ask(url, signal) {
  const response = await fetch(url, { signal, headers: { accept: 'application/json' } });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(await problem(response));
  return response.json();
}

// Only some lines: those that match, with what is around them; those with errors; those of some instances.

import { ask } from './log-viewer-lines.js';

const MOST_RANGES = 200_000;

/** Ranges of lines that answer a question, gone on with as the log grows. */
export class Ranges {
  #next = 1; #busy = false; #stop = new AbortController();
  ranges = [];
  total = 0;
  covered = 0;
  whole = true;

  constructor(url, question) {
    this.address = `${url}/filter?${question}`;
  }

  /** Reads on to the end the log has now. @returns whether there was something new */
  async read(total) {
    if (this.#busy || total <= this.covered) return false;
    this.#busy = true;
    const before = this.ranges.length + (this.ranges.at(-1)?.[1] ?? 0);
    try {
      let from = this.covered === 0 ? 1 : this.covered + 1;
      while (from !== null && this.ranges.length < MOST_RANGES) {
        const page = await ask(`${this.address}&from=${from}`, this.#stop.signal);
        if (!page) return false;
        for (const range of page.ranges) this.#add(range);
        this.total = page.total;
        this.covered = page.nextFrom === null ? page.totalLines : page.nextFrom - 1;
        this.whole = page.nextFrom === null;
        from = page.nextFrom;
      }
    } finally {
      this.#busy = false;
    }
    return this.ranges.length + (this.ranges.at(-1)?.[1] ?? 0) !== before;
  }

  close() {
    this.#stop.abort();
  }

  #add([from, to]) {
    const last = this.ranges.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to); else this.ranges.push([from, to]);
  }
}

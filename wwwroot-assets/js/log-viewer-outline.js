// What the server knows of a log as a whole: groups, errors, how they are spread. Asked for when a viewer opens and, while the log grows, every now and then.

import { ask } from './log-viewer-lines.js';

/** At least one for each point of the strip, mostly, so that few errors of a long log stay few marks. */
const BUCKETS = 1000;
const SOONEST = 1500;
const PATIENCE = 20;

export class Outline {
  #request = null; #timer = 0; #asked = -1; #cost = 0; #absent = false;
  data = null;
  tree = { groups: [], byKey: new Map(), tasks: [], instances: [] };

  constructor(url, changed) {
    this.url = url;
    this.changed = changed;
  }

  /** The log has this many lines now: asks again, but seldom enough that the answer costs next to nothing. */
  want(total, ended) {
    const state = ended ? -total - 1 : total;
    if (this.#absent || state === this.#asked || this.#timer || this.#request) return;
    const wait = this.#asked === -1 ? 0 : Math.max(SOONEST, this.#cost * PATIENCE);
    this.#timer = setTimeout(() => { this.#timer = 0; this.#load(state); }, wait);
  }

  close() {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.changed = () => {};
  }

  async #load(state) {
    const began = performance.now();
    this.#asked = state;
    this.#request = new AbortController();
    try {
      const data = await ask(`${this.url}/outline?buckets=${BUCKETS}`, this.#request.signal);
      this.#absent = data === null;
      if (data) {
        this.data = data;
        this.tree = grow(data.groups ?? [], data.ended);
        this.changed();
      }
    } catch {
      // The log itself is what matters; it is asked again when the log has grown.
    } finally {
      this.#request = null;
      this.#cost = performance.now() - began;
    }
  }
}

/** Groups as a tree, each with what the views need of it. */
function grow(list, ended) {
  const byKey = new Map();
  for (const group of list) {
    // A header for one line would only say it twice.
    if (group.kind === 'build' && group.lines < 3) continue;
    const running = !ended && (group.status === 'running' || group.status === 'queued');
    byKey.set(group.key, { ...group, status: running || group.status !== 'running' ? group.status : null, children: [], running, title: title(group) });
  }
  const roots = [];
  for (const group of byKey.values()) {
    const parent = byKey.get(group.parent);
    if (parent) parent.children.push(group); else roots.push(group);
  }
  const cover = group => {
    for (const child of group.children) {
      cover(child);
      if (child.first && (!group.first || child.first < group.first)) group.first = child.first;
      if (child.last && (!group.last || child.last > group.last)) group.last = child.last;
    }
  };
  roots.forEach(cover);
  return {
    groups: roots.filter(g => g.kind !== 'instance'),
    byKey,
    tasks: [...byKey.values()].filter(g => g.kind === 'task'),
    instances: [...byKey.values()].filter(g => g.kind === 'instance'),
  };
}

function title(group) {
  return group.kind === 'step' ? `Step ${group.name}` : group.name;
}

/** The groups that hold a line, outermost first. */
export function pathTo(tree, n) {
  const path = [];
  let groups = tree.groups;
  while (groups) {
    const holder = groups.find(g => g.first && n >= g.first && n <= (g.running ? Infinity : g.last) && (!g.all || g.all.some(([a, b]) => n >= a && n <= b)));
    if (!holder) break;
    path.push(holder);
    groups = holder.children;
  }
  return path;
}

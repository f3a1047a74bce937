// The circuit: tells the server what is looked at, hears the state, and goes on by HTTP while the circuit is away.

const HEARTBEAT = 5000;
const POLL = 1000;
const TIMEOUT = 4000;

export class Circuit {
  #timer = 0; #sent = ''; #viewer; #dotnet;
  offline = false;

  constructor(viewer, dotnet) {
    this.#viewer = viewer;
    this.#dotnet = dotnet;
    document.addEventListener('visibilitychange', () => this.sync(), { signal: viewer.signal });
  }

  start() { this.#beat(); }

  close() { clearTimeout(this.#timer); }

  /** The server pushes only what is asked for here: nothing to a hidden tab, no lines to one that looks elsewhere. */
  async sync(always = false) {
    const viewer = this.#viewer;
    const visible = document.visibilityState === 'visible';
    const view = [viewer.following && viewer.views.tailShown && visible, visible, viewer.pane.rowsInView + 1];
    if (!always && this.#sent === String(view)) return;
    this.#sent = String(view);
    const url = viewer.url;
    try {
      const state = await within(this.#dotnet.invokeMethodAsync('SyncAsync', ...view), TIMEOUT);
      if (viewer.closed || url !== viewer.url) return;
      this.offline = false;
      viewer.push(state);
    } catch {
      // Until the circuit is back the log is read by HTTP, see #beat.
      this.#sent = '';
      this.offline = true;
    }
  }

  async #beat() {
    const viewer = this.#viewer;
    if (viewer.closed) return;
    if (!viewer.ended && document.visibilityState === 'visible') {
      await this.sync(true);
      if (this.offline && !viewer.closed) {
        try {
          const { total, ended } = await viewer.lines.poll(viewer.total);
          if (!viewer.closed) viewer.grow(total, ended);
        } catch {
          viewer.say.state();
        }
      }
    }
    if (!viewer.closed) this.#timer = setTimeout(() => this.#beat(), this.offline ? POLL : HEARTBEAT);
  }
}

function within(promise, time) {
  let timer = 0;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error('late')), time); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

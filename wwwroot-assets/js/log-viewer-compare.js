// The difference to another run of the same stage: below each other, or side by side with both in step.

import { ask, Lines } from './log-viewer-lines.js';
import { plural } from './log-viewer-row.js';

export class Compare {
  #viewer; #against = ''; #loaded = false; #note = ['', ''];

  constructor(viewer) {
    this.#viewer = viewer;
    viewer.on('against', 'change', () => this.#choose());
    viewer.on('split', 'click', () => this.#side());
  }

  reset() {
    this.#against = '';
    this.#loaded = false;
    this.#viewer.part('against').value = '';
    this.#viewer.part('split').setAttribute('aria-pressed', 'false');
  }

  get split() { return this.#viewer.part('split').getAttribute('aria-pressed') === 'true'; }

  /** Fills the menu with the runs of the same stage, once and when it is looked at. */
  async offer() {
    if (this.#loaded) return;
    this.#loaded = true;
    const select = this.#viewer.part('against');
    const runs = await this.#viewer.dotnet.invokeMethodAsync('RunsAsync').catch(() => []);
    for (const old of select.querySelectorAll('option[data-run]')) old.remove();
    for (const { id, label } of runs) {
      const option = new Option(label, id);
      option.dataset.run = id;
      select.append(option);
    }
    this.#viewer.part('comparing').hidden = runs.length === 0 && !/\/runs\//.test(this.#viewer.url);
  }

  async #choose() {
    const viewer = this.#viewer;
    const against = viewer.part('against').value;
    this.#against = against;
    if (against === '') { this.#end(); return; }
    try {
      viewer.say.notice('Comparing…');
      const found = await ask(`${viewer.url}/diff?against=${encodeURIComponent(against)}`);
      if (this.#against !== against) return;
      if (!found?.against) {
        viewer.say.notice(against === 'green' ? 'There is no green run of this stage to compare with.' : 'That run has no log to compare with.');
        viewer.part('against').value = '';
        this.#end();
        return;
      }
      viewer.sources[1] = new Lines(viewer.url.replace(/\/runs\/[^/]+\/log$/, `/runs/${encodeURIComponent(found.against.runId)}/log`), { loaded: () => viewer.pane.repaint({}), failed: message => viewer.say.notice(message) });
      viewer.pane.atEnd = false;
      viewer.following = false;
      this.#show(found.rows, found.against, found.truncated);
    } catch (error) {
      viewer.say.notice(error.message);
    }
  }

  #show(rows, against, truncated) {
    const viewer = this.#viewer;
    const count = kind => rows.filter(r => r.kind === kind).reduce((sum, r) => sum + (r.right ?? r.left)[1] - (r.right ?? r.left)[0] + 1, 0);
    const [added, removed] = [count('added'), count('removed')];
    const what = added + removed === 0 ? 'no difference' : `${plural(added, 'line')} only here, ${plural(removed, 'line')} only there`;
    viewer.say.notice('');
    this.#note = [
      `Compared with run ${against.runId}${against.commit ? ` of ${against.commit.slice(0, 7)}` : ''}: ${what}. Times, ids and hashes do not count.${truncated ? ' The logs are too long to compare to their ends.' : ''}`,
      ` On the left run ${against.runId}, on the right this one.`,
    ];
    viewer.views.diff = { rows, split: this.split };
    this.#dress();
    viewer.views.build();
    const first = rows.find(r => r.kind !== 'same');
    if (first) viewer.pane.goToRow(viewer.pane.map.rowOf((first.right ?? first.left)[0], first.right ? 0 : 1).row);
  }

  #side() {
    const viewer = this.#viewer;
    const button = viewer.part('split');
    button.setAttribute('aria-pressed', String(!this.split));
    if (!viewer.views.diff) {
      if (!this.split) return;
      viewer.part('against').value = 'green';
      this.#choose();
      return;
    }
    viewer.views.diff.split = this.split;
    this.#dress();
    viewer.views.build();
  }

  #dress() {
    const viewer = this.#viewer;
    const side = viewer.views.diff?.split === true;
    if (viewer.views.diff) viewer.say.note(side ? this.#note.join('') : this.#note[0]);
    viewer.root.classList.toggle('lv-diff', viewer.views.diff !== null);
    viewer.root.classList.toggle('lv-split', side);
    // Halves have no room to scroll sideways: long lines break.
    viewer.menu.setWrap(side || viewer.menu.wrapWanted, false);
  }

  #end() {
    const viewer = this.#viewer;
    if (!viewer.views.diff) return;
    viewer.sources[1]?.close();
    viewer.sources[1] = null;
    viewer.views.diff = null;
    viewer.say.note('');
    this.#dress();
    viewer.views.build();
    viewer.say.state();
  }
}

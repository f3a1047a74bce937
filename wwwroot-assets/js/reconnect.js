// Goes on trying for as long as the page is open. A server that does not know the circuit any more gets a fresh page: all state is in the address.
// The editor keeps what was typed and puts it back (js/editor.js), so nobody needs to be asked before this reload.
let reloading = false;
addEventListener("beforeunload", event => { if (reloading) event.stopImmediatePropagation(); }, { capture: true });

const bar = document.getElementById("components-reconnect-modal");

bar?.addEventListener("components-reconnect-state-changed", event => {
  const state = event.detail.state;
  if (state === "failed") again();
  else if (state === "rejected" || state === "resume-failed") reload();
});

function again() {
  setTimeout(async () => {
    try {
      if (await Blazor.reconnect()) return;
      if (await Blazor.resumeCircuit?.()) return;
      reload();
    } catch {
      again();
    }
  }, 3000);
}

async function reload() {
  try {
    const answer = await fetch("/healthz", { cache: "no-store" });
    if (answer.status < 500) {
      reloading = true;
      location.reload();
      return;
    }
  } catch { /* not there yet */ }
  setTimeout(reload, 2000);
}

// Most pages show a log: its script comes while the circuit is being made.
import("./log-viewer.js");

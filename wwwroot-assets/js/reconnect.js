// Goes on trying for as long as the page is open. A server that does not know the circuit any more gets a fresh page: all state is in the address.
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
      location.reload();
      return;
    }
  } catch { /* not there yet */ }
  setTimeout(reload, 2000);
}

// Most pages show a log: its script comes while the circuit is being made.
import("./log-viewer.js");

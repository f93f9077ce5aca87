// Pages of running calls look again when the server says that something has
// moved, and every two seconds where no such word arrives.
(() => {
  "use strict";

  const fallback = 2000; // ms between two looks while there is no stream
  const quiet = 6000; // ms without a stream before that begins

  const look = () => {
    if (document.hidden) return;
    for (const el of document.querySelectorAll("[data-stream]")) el.dispatchEvent(new Event("moved"));
  };

  let stream, url, lost;
  const follow = () => {
    const now = document.querySelector("[data-stream]")?.dataset.stream;
    if (now === url) return;
    stream?.close();
    url = now;
    if (!url) return;
    lost = Date.now();
    stream = new EventSource(url);
    stream.addEventListener("open", () => { lost = 0; });
    stream.addEventListener("error", () => {
      lost ||= Date.now();
      if (stream.readyState === EventSource.CLOSED) url = undefined; // the server refused: try anew
    });
    stream.addEventListener("moved", look); // also the first: a call may have moved since the page was made
  };
  follow();
  setInterval(() => {
    follow(); // a call that has ended takes its stream with it
    if (url && lost && Date.now() - lost > quiet) look();
  }, fallback);
  document.addEventListener("visibilitychange", look);
  addEventListener("pagehide", () => { stream?.close(); url = undefined; });
  addEventListener("pageshow", (e) => { if (e.persisted) { follow(); look(); } });

  // Lengths of time grow between two looks.
  const two = (n) => String(n).padStart(2, "0");
  const clock = (s) => (s >= 3600 ? `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}` : String(Math.floor(s / 60))) + ":" + two(s % 60);
  setInterval(() => {
    for (const el of document.querySelectorAll("[data-since]")) {
      const s = Math.max(0, Math.floor((Date.now() - new Date(el.dataset.since)) / 1000));
      const text = clock(s);
      if (el.textContent !== text) el.textContent = text;
    }
  }, 1000);

  for (const b of document.querySelectorAll("[data-copy]")) {
    b.hidden = !navigator.clipboard;
    b.addEventListener("click", async () => {
      await navigator.clipboard.writeText(b.dataset.copy);
      b.textContent = "Copied";
      setTimeout(() => { b.textContent = "Copy"; }, 2000);
    });
  }

  // One question at a time.
  document.addEventListener("toggle", (e) => {
    if (!e.target.matches?.(".ask[open]")) return;
    for (const d of document.querySelectorAll(".ask[open]")) if (d !== e.target) d.open = false;
  }, true);
  document.addEventListener("click", (e) => {
    for (const d of document.querySelectorAll(".ask[open]")) if (!d.contains(e.target)) d.open = false;
  });
  document.addEventListener("keydown", (e) => {
    if (e.key !== "Escape") return;
    for (const d of document.querySelectorAll(".ask[open]")) { d.open = false; d.querySelector("summary").focus(); }
  });
})();

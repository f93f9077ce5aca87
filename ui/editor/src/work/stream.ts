// A stream of events that comes back: the browser retries what breaks, we
// retry what ends, with growing patience.
export function stream(open: () => EventSource, on: Record<string, (data: unknown) => void>, state: (connected: boolean) => void): () => void {
  let source: EventSource | null = null, tries = 0, timer = 0, over = false;
  const start = () => {
    source = open();
    source.onopen = () => { tries = 0; state(true); };
    source.onerror = () => {
      state(false);
      if (source!.readyState !== EventSource.CLOSED || over) return;
      timer = window.setTimeout(start, Math.min(30_000, 1000 * 2 ** tries++) * (0.75 + Math.random() / 2));
    };
    for (const [name, heard] of Object.entries(on)) source.addEventListener(name, (e) => heard(JSON.parse((e as MessageEvent<string>).data)));
  };
  start();
  return () => { over = true; clearTimeout(timer); source?.close(); };
}

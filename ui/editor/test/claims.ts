// A claim is a test with a sentence for a name. The page that runs them reads
// the results from globalThis.
export interface Result { name: string; error: string }
const results: Result[] = [];
(globalThis as unknown as { results: Result[] }).results = results;

export function claim(name: string, check: () => void): void {
  try { check(); results.push({ name, error: "" }); } catch (e) { results.push({ name, error: String((e as Error).stack ?? e) }); }
}

export function equal(got: unknown, want: unknown): void {
  const a = JSON.stringify(got), b = JSON.stringify(want);
  if (a !== b) throw new Error(`got ${a}, want ${b}`);
}

export function truth(got: unknown, what: string): void { if (!got) throw new Error(what); }

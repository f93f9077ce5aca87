// Moments and lengths of time, between what people type and what the API says.

// instant is a local date and time ("2026-03-01T09:30") in a zone, with its
// offset. A time that a clock change skips is read as the one after it.
export function instant(local: string, zone: string): string {
  const guess = Date.parse(local + (local.length === 16 ? ":00Z" : "Z"));
  let offset = offsetAt(guess, zone);
  offset = offsetAt(guess - offset * 60_000, zone); // the offset that holds at the moment itself
  const sign = offset < 0 ? "-" : "+", abs = Math.abs(offset);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${local.length === 16 ? local + ":00" : local}${sign}${two(Math.floor(abs / 60))}:${two(abs % 60)}`;
}

// offsetAt is how many minutes a zone is ahead of UTC.
function offsetAt(ms: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" }).formatToParts(ms);
  const of = (type: string) => Number(parts.find((p) => p.type === type)!.value);
  return Math.round((Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second")) - ms) / 60_000);
}

// localIn is the other way: the local date and time of a moment in a zone.
export function localIn(moment: string, zone: string): string {
  const ms = Date.parse(moment);
  return new Date(ms + offsetAt(ms, zone) * 60_000).toISOString().replace(/(:00)?\.\d+Z$/, "");
}

export function localNow(now: Date): string {
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

// seconds reads Go's way of writing a duration: "1m2.5s".
export function seconds(text: string | undefined): number {
  const unit: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 1e-3, "µs": 1e-6, us: 1e-6, ns: 1e-9 };
  let sum = 0;
  for (const [, n, u] of (text ?? "").matchAll(/([\d.]+)(h|ms|m|s|µs|us|ns)/g)) sum += Number(n) * unit[u!]!;
  return sum;
}

export const duration = (s: number): string => `${s}s`;

// clock is a length of time as a stopwatch shows it.
export function clock(s: number): string {
  const whole = Math.floor(s), m = Math.floor(whole / 60);
  return `${m}:${String(whole % 60).padStart(2, "0")}.${Math.floor((s - whole) * 10 + 1e-6)}`;
}

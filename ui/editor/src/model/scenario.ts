// An imagined call as it is typed into the form, and as the server takes it.
// What is left open is left out: the server's defaults are those that the form
// shows.
import type { Phone, Scenario } from "../types";
import { duration, instant, localIn, seconds } from "./moments";

export interface Typed { does: string; after: string; confirms: string }
export interface Form {
  entry: string; called: string; caller: string; callerName: string; at: string; zone: string;
  keys: { digits: string; after: string; gap: string }[];
  phones: Record<string, Typed>;
  queues: Record<string, { waiting: string; away: Record<string, string> }>;
  overrides: Record<string, string>;
  replies: Record<string, Reply>;
  giveUp: string; talk: string; hangUpBy: string; overLimit: boolean;
}
export interface Reply { status: string; variables: Record<string, string> }

export const usual: Typed = { does: "answers", after: "", confirms: "accepts" };
export const emptyHall: Form["queues"][string] = { waiting: "", away: {} };
export const emptyReply: Reply = { status: "200", variables: {} };

export const emptyForm = (at: string, zone: string): Form => ({
  entry: "", called: "", caller: "+15550123", callerName: "", at, zone, keys: [{ digits: "1", after: "", gap: "" }],
  phones: {}, queues: {}, overrides: {}, replies: {}, giveUp: "", talk: "", hangUpBy: "caller", overLimit: false,
});

const number = (s: string): number => Number(s.trim().replace(",", ".")) || 0;
const length = (s: string): string | undefined => (number(s) > 0 ? duration(number(s)) : undefined);

// lean leaves out what is undefined, and objects that hold nothing.
const lean = <T extends object>(o: T): T => Object.fromEntries(Object.entries(o).filter(([, v]) => v !== undefined && v !== "" && !(typeof v === "object" && v !== null && !Array.isArray(v) && !Object.keys(v).length))) as T;

const each = <A, B>(all: Record<string, A>, of: (a: A) => B | undefined): Record<string, B> =>
  Object.fromEntries(Object.entries(all).map(([k, v]) => [k, of(v)] as const).filter((e): e is readonly [string, B] => e[1] !== undefined));

export function scenarioOf(f: Form, entry: string, called: string): Scenario {
  const phone = (p: Typed): Phone | undefined =>
    p.does === usual.does && !number(p.after) && p.confirms === usual.confirms ? undefined
      : lean({ does: p.does, after: length(p.after), confirms: p.confirms === usual.confirms ? undefined : p.confirms }) as Phone;
  const keys = f.keys.map((k) => ({ ...lean({ after: length(k.after), gap: length(k.gap) }), digits: k.digits.trim() }));
  while (keys.length && !keys.at(-1)!.digits) keys.pop(); // silence at the end is silence anyway
  return lean({
    entry, called, caller: f.caller.trim(), caller_name: f.callerName.trim(), at: instant(f.at, f.zone),
    keys: keys.length ? keys : undefined,
    phones: each(f.phones, phone),
    queues: each(f.queues, (q) => { const hall = lean({ waiting: number(q.waiting) || undefined, away: each(q.away, (a) => a || undefined) }); return Object.keys(hall).length ? hall : undefined; }),
    overrides: each(f.overrides, (o) => o || undefined),
    replies: each(f.replies, (r) => {
      const variables = Object.entries(r.variables).filter(([, value]) => value).map(([name, value]) => ({ name, value }));
      if (r.status === emptyReply.status && !variables.length) return undefined;
      return { ...(number(r.status) ? { status: number(r.status) } : {}), ...(variables.length ? { variables } : {}) };
    }),
    give_up: length(f.giveUp), talk_for: length(f.talk), hang_up_by: f.hangUpBy === "callee" ? "callee" : undefined, over_limit: f.overLimit || undefined,
  }) as Scenario;
}

// formOf is the way back, for a saved test that is looked at again.
export function formOf(s: Scenario, zone: string): Form {
  const text = (d: string | undefined): string => (seconds(d) ? String(seconds(d)) : "");
  return {
    entry: s.entry, called: s.called ?? "", caller: s.caller ?? "", callerName: s.caller_name ?? "", at: localIn(s.at, zone), zone,
    keys: (s.keys ?? []).map((k) => ({ digits: k.digits, after: text(k.after), gap: text(k.gap) })),
    phones: each(s.phones ?? {}, (p) => ({ does: p.does || usual.does, after: text(p.after), confirms: p.confirms || usual.confirms })),
    queues: each(s.queues ?? {}, (q) => ({ waiting: q.waiting ? String(q.waiting) : "", away: q.away ?? {} })),
    overrides: s.overrides ?? {},
    replies: each(s.replies ?? {}, (r) => ({ status: String(r.status ?? 0), variables: Object.fromEntries((r.variables ?? []).map((v) => [v.name, v.value])) })),
    giveUp: text(s.give_up), talk: text(s.talk_for), hangUpBy: s.hang_up_by || "caller", overLimit: s.over_limit ?? false,
  };
}

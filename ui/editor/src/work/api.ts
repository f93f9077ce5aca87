// The panel's API, and what can go wrong with it: the network (try again), the
// revision (merge), or the request itself (say so).
import type { Answer, Cable, Catalog, Change, Comparison, Draft, Module, Pick, Problem, Run, Saved, Scenario, Scene, Test, TestResult, TraceOf, Version, VersionOf, ExitSpec } from "../types";

export class Unreachable extends Error {}
export class Stale extends Error { constructor(public draft: Draft) { super("somebody else saved"); } }
export class Refused extends Error { constructor(public status: number, message: string, public body: Record<string, unknown>) { super(message); } }

const patience = 20_000; // ms before a request counts as lost

async function send(method: string, url: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const init: RequestInit = { method, headers: { Accept: "application/json", ...headers }, signal: AbortSignal.timeout(patience) };
  if (body instanceof URLSearchParams) init.body = body;
  else if (body !== undefined) {
    init.body = JSON.stringify(body);
    (init.headers as Record<string, string>)["Content-Type"] = "application/json";
  }
  let res: Response;
  try { res = await fetch(url, init); } catch { throw new Unreachable("The server cannot be reached"); }
  if (res.ok) return res;
  if (res.status >= 500 || res.status === 429 || res.status === 408) throw new Unreachable(`The server answered ${res.status}`);
  const answer = (await res.json().catch(() => ({}))) as Record<string, unknown>;
  if (res.status === 412 && answer["draft"]) throw new Stale(answer["draft"] as Draft);
  throw new Refused(res.status, String(answer["error"] ?? `The server answered ${res.status}`), answer);
}

const json = async <T>(method: string, url: string, body?: unknown, headers?: Record<string, string>): Promise<T> => {
  const res = await send(method, url, body, headers);
  return res.headers.get("Content-Type")?.startsWith("application/json") ? ((await res.json()) as T) : (undefined as T);
};

export interface Parsed { settings: unknown; exits: ExitSpec[]; subtitle?: string; problems?: Problem[]; unread?: boolean }

export class Api {
  private base: string;
  private drawn = ""; // which of the flows that a call walked is traced
  constructor(private flow: string) { this.base = "/api/flows/" + encodeURIComponent(flow); }

  catalog = () => json<Catalog>("GET", "/api/catalog");
  draft = () => json<Draft>("GET", this.base + "/draft");
  save = (revision: number, name: string, changes: Change[]) =>
    json<Saved>("PATCH", this.base + "/draft", { name, changes }, { "If-Match": `"${revision}"` });
  form = async (module: Module, exits: ExitSpec[]) => (await send("POST", this.base + "/form", { module, exits }, { Accept: "text/html" })).text();
  settings = (form: URLSearchParams) => json<Parsed>("POST", this.base + "/settings", form);
  intoQueue = (group: { module: Module; cables: Cable[]; tests: Test[] }) => json<{ name: string; changes: Change[] }>("POST", this.base + "/into-queue", group);
  publish = (note: string, revision: number) => json<{ version: number }>("POST", this.base + "/publish", { note, revision });
  compare = (from: string, to: string) => json<Comparison>("GET", `${this.base}/compare?${new URLSearchParams({ from, to })}`);
  versions = () => json<Version[]>("GET", this.base + "/versions");
  version = (n: string) => json<VersionOf>("GET", `${this.base}/versions/${encodeURIComponent(n)}`);
  rollBack = (n: number, note: string) => json<{ version: number }>("POST", `${this.base}/versions/${n}/publish`, { note });
  unpublish = () => json<void>("DELETE", this.base + "/published");
  simulate = (scenario: Scenario) => json<Run>("POST", this.base + "/simulate", { scenario });
  scene = () => json<Scene>("GET", this.base + "/scene");
  phones = (q: string) => json<Pick[]>("GET", "/api/pick/contact-method?" + new URLSearchParams({ q }));
  runTests = () => json<TestResult[]>("POST", this.base + "/tests/run", {});
  trace = (call: string, version: string) => {
    this.drawn = version && `?${new URLSearchParams({ flow: this.flow, version })}`;
    return json<TraceOf>("GET", `/api/calls/${encodeURIComponent(call)}/trace${this.drawn}`);
  };
  why = (call: string, module: string) => json<Answer>("GET", `/api/calls/${encodeURIComponent(call)}/why/${encodeURIComponent(module)}${this.drawn}`);
  hangUp = (call: string) => json<void>("POST", `/api/calls/${encodeURIComponent(call)}/hangup`, {});
  moveCall = (call: string, module: string) => json<void>("POST", `/api/calls/${encodeURIComponent(call)}/move`, { module });
  options = (publishOnSave: boolean) => json<void>("PUT", this.base + "/options", { publish_on_save: publishOnSave });
  presence = () => new EventSource(this.base + "/presence");
  moves = () => new EventSource("/live/moves");
  live = () => new EventSource(this.base + "/live");
  testCallLink = () => this.base + "/test-call";
  exportLink = () => this.base + "/export";
  importFlow = (file: string) => send("POST", "/api/flows/import", JSON.parse(file) as unknown).then((r) => r.json() as Promise<{ id: string; missing?: { kind: string; id: string }[] }>);
}

export type Results = { error: string; problems?: Problem[]; tests?: TestResult[] };
export type { Test };

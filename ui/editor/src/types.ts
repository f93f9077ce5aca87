// The words of the API as the editor reads them: a flow, and what the server
// knows about it. Names are those of the Go package flow.

export interface Module {
  id: string;
  kind: string;
  name: string;
  tab?: string;
  x?: number;
  y?: number;
  shelved?: boolean;
  note?: string;
  hang_up_here?: string[];
  settings: unknown; // typed by the server alone; the canvas never looks inside
}

export interface Cable { from: string; exit: string; to: string }
export interface Tab { id: string; name: string }
export interface Paper { id: string; tab?: string; text: string; x: number; y: number; w: number; h: number }

export interface Keying { digits: string; after?: string; gap?: string }
export interface Phone { does: string; after?: string; confirms?: string }
export interface Scenario {
  entry: string;
  caller?: string;
  caller_name?: string;
  called?: string;
  at: string;
  keys?: Keying[];
  phones?: Record<string, Phone>;
  replies?: Record<string, { status?: number; variables?: { name: string; value: string }[]; note?: string }>;
  overrides?: Record<string, string>;
  queues?: Record<string, { waiting?: number; away?: Record<string, string> }>;
  talk_for?: string;
  hang_up_by?: string;
  give_up?: string;
  over_limit?: boolean;
}
export interface TestStep { module: string; exit: string }
export interface Test { id: string; name: string; scenario: Scenario; want: TestStep[]; cause?: string }

export interface Flow {
  id: string;
  name: string;
  modules: Module[];
  cables: Cable[];
  tabs?: Tab[];
  frames?: Paper[];
  notes?: Paper[];
  tests?: Test[];
}

export type In = "name" | "tabs" | "module" | "cable" | "frame" | "note" | "test";
export interface Change { in: In; key: string; before: unknown; after: unknown }

export interface ExitSpec { id: string; label: string; main: boolean; fallback?: string; tone?: string }
export interface Problem { id: string; level: "error" | "warning"; module?: string; field?: string; text: string }

export interface Kind {
  kind: string;
  title: string;
  family: string;
  entry: boolean;
  waits: boolean;
  text: string;
  synonyms: string[];
  settings: unknown;
  exits: ExitSpec[];
}
export interface Catalog { families: { id: string; title: string }[]; kinds: Kind[] }

export type ExitsOf = Record<string, ExitSpec[]>;

export interface Draft {
  flow: Flow;
  revision: number;
  published: number;
  publish_on_save: boolean;
  exits: ExitsOf;
  subtitles: Record<string, string>;
  held?: Record<string, string>; // time routers that somebody holds open or closed
  problems: Problem[];
  rights: { edit: boolean; publish: boolean; simulate: boolean; control: boolean; call?: boolean };
  me: string;
  stays?: string[]; // modules that cannot be removed or shelved
}

export interface Saved {
  revision: number;
  exits?: ExitsOf;
  subtitles?: Record<string, string>;
  problems?: Problem[];
  published?: number;
  publish_problems?: Problem[];
}

export interface Conflict { in: In; key: string; base: unknown; mine: unknown; theirs: unknown; label: string }

export interface PathEntry {
  module: string;
  flow?: { id: string; name: string; version: number }; // where it is not the call's first
  name: string;
  kind: string;
  entered: string;
  left?: string;
  exit?: string;
  reason: { code: string; text: string; facts?: { name: string; value: string }[] };
}
// Told is what the panel says of a test call.
export interface Told { kind: string; call?: string; path?: PathEntry[]; ringing?: string[]; talking?: string; text?: string; error?: string; problems?: Problem[] }
export interface RunStep { at: string; module?: string; text: string }
export interface Run { path: PathEntry[]; steps: RunStep[]; outcome: string; cause: string; ending: string; lasted: string }
export interface TestResult { id: string; name: string; passed: boolean; text: string; at?: number; run: Run }

// Scene is what an imagined call through the draft can meet.
export interface SceneModule { id: string; name: string; sub?: string }
export interface ScenePhone { id: string; title: string; sub?: string; asks?: boolean }
export interface Scene {
  entries: (SceneModule & { numbers?: string[] })[];
  phones: ScenePhone[];
  others: boolean;
  queues: (SceneModule & { members: string[] })[];
  routers: SceneModule[];
  servers: (SceneModule & { variables: string[] })[];
  zone: string;
}

export interface Version { version: number; author: string; note: string; at: string; current: boolean }
export interface VersionOf { flow: Flow; exits: ExitsOf; subtitles?: Record<string, string> }
export interface ModuleChange { id: string; name: string; kind: string; what: string; told?: { name: string; before: string; after: string }[] }
export interface Comparison { name?: { before: string; after: string }; modules: ModuleChange[]; cables: (Cable & { what: string })[]; parts?: { kind: string; name: string; what: string }[] }
export interface TracePart { name: string; edition: string; link: string; here?: boolean; steps: number[] }
export interface TraceOf extends VersionOf { version: number; path: PathEntry[]; steps: number[]; parts: TracePart[]; live: boolean; [fact: string]: unknown }
export interface Answer { reached: boolean; at: number; text: string }
export interface Mark { call: string; caller: string; called: string; module: string; name: string; since: string; started: string; from?: string; exit?: string; version: number; draft?: number; ringing?: string[]; talking?: string }
export interface InForce { published: number; held: Record<string, string> }
export interface Editor { email: string; since: string }
export interface Pick { id: string; title: string; sub?: string; claimant?: string }

export type Mode = "edit" | "version" | "compare" | "trace" | "live";

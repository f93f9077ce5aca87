// Everything the editor shows, in one value.
import type { Catalog, Conflict, Editor as Colleague, ExitsOf, Flow, Mark, Mode, PathEntry, Problem, Run, TestResult } from "../types";
import type { SaveView } from "./saver";

export interface ExitAt { module: string; exit: string }
export interface Point { x: number; y: number }

export type Popup =
  | { is: "add"; at: Point | null; screen: Point | null; from?: ExitAt; cable?: string; entries?: boolean }
  | { is: "connect"; from: ExitAt; tab?: string } // to a module of that tab
  | { is: "menu"; screen: Point; at: Point; cable?: string } // of what is selected, of a cable, or of the empty canvas
  | { is: "find" }
  | { is: "tab"; ids: string[] }
  | { is: "move call"; call: string }
  | { is: "crowded"; module: string; field: string } // a ring group that a queue would serve better
  | { is: "help" }
  | { is: "publish" }
  | { is: "versions" };

export type Right = "palette" | "closed";
export type Drawer = "problems" | "simulate" | "test call" | null;

// What a call did so far, drawn on the canvas: by simulation, by trace, or as a test call goes on.
export interface Shown { path: PathEntry[]; steps?: number[]; upTo: number; run?: Run; source: "simulate" | "trace" | "call" }

// A test call, under way or the last one. Moments are of performance.now().
export interface TestCall {
  stage: "dialling" | "placed" | "ringing" | "answered" | "ending" | "ended";
  id: string; // of the call, once the engine has taken it
  began: number;
  answered?: number;
  ended?: number;
  log: { at: number; text: string; step?: number; keys?: string }[]; // at in seconds; a step is of path
  path: PathEntry[];
  ringing: string;
  talking: string;
  text: string; // what became of it
  note: string; // why nothing is said
  error: string;
  muted: boolean;
}

// How an item of a comparison is drawn.
export type Difference = "added" | "removed" | "changed";

export interface State {
  mode: Mode;
  status: "loading" | "ready" | "failed";
  drawn: boolean; // the first view has been fitted: what is on the screen stays where it is
  error: string;
  flow: Flow;
  exits: ExitsOf;
  subtitles: Record<string, string>;
  held: Record<string, string>; // time routers that somebody holds open or closed
  problems: Problem[];
  unread: Problem[]; // with what was typed into forms and cannot be read
  catalog: Catalog;
  rights: { edit: boolean; publish: boolean; simulate: boolean; control: boolean; call?: boolean };
  me: string;
  stays: string[]; // modules that cannot be removed or shelved
  published: number;
  publishOnSave: boolean;
  narrow: boolean;
  tab: string;
  selected: string[]; // ids of modules, frames and notes
  cables: string[]; // keys of selected cables
  exit: string | null; // the chosen exit of the one selected module
  open: string | null; // the module whose settings are shown
  fresh: string | null; // the module of a first form: cancel removes it
  writing: string | null; // the frame or note that is being written
  field: string | null; // where the open form puts the focus
  right: Right;
  drawer: Drawer;
  outline: boolean;
  popup: Popup | null;
  moving: boolean; // the arrows move what is selected
  drawing: boolean; // the next drag draws a frame
  save: SaveView;
  editors: Colleague[];
  conflicts: Conflict[] | null;
  shown: Shown | null;
  testCall: TestCall | null;
  results: TestResult[] | null;
  marks: Mark[];
  connected: boolean;
  call: string | null; // the running call that is chosen
  facts: Record<string, unknown>;
  answers: Record<string, string>;
  differences: Record<string, { is: Difference; fields: string[] }>;
  toast: { text: string; undo?: boolean; n: number } | null;
  said: string; // for the live region
  changed: number; // counts changes of the history, so that its menu is drawn again
}

export const emptyFlow: Flow = { id: "", name: "", modules: [], cables: [] };

export const initial = (mode: Mode): State => ({
  mode, status: "loading", drawn: false, error: "", flow: emptyFlow, exits: {}, subtitles: {}, held: {}, problems: [], unread: [],
  catalog: { families: [], kinds: [] }, rights: { edit: false, publish: false, simulate: false, control: false }, me: "", stays: [], published: 0, publishOnSave: false,
  narrow: false, tab: "", selected: [], cables: [], exit: null, open: null, fresh: null, writing: null, field: null,
  right: "palette", drawer: null, outline: false, popup: null, moving: false, drawing: false,
  save: { state: "saved", waiting: 0, error: "" }, editors: [], conflicts: null, shown: null, results: null, marks: [], connected: true, call: null, testCall: null,
  facts: {}, answers: {}, differences: {}, toast: null, said: "", changed: 0,
});

// lineOf is what stands below a module's name.
export const lineOf = (s: Pick<State, "subtitles" | "held">, id: string): string =>
  [s.held[id] && `held ${s.held[id]}`, s.subtitles[id]].filter(Boolean).join(" · ");

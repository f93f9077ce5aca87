// Saves edits in the order they were made. What could not be sent waits and is
// tried again; nothing is dropped because the network was.
import type { Change, Draft, Flow, Saved } from "../types";
import type { Api } from "./api";
import { Refused, Stale, Unreachable } from "./api";
import { apply, coalesce } from "../model/change";

export type SaveState = "saved" | "saving" | "offline" | "refused" | "merging";
export interface SaveView { state: SaveState; waiting: number; error: string }

export interface Keeper {
  saved(answer: Saved): void;
  stale(base: Flow, draft: Draft): void;
  view(v: SaveView): void;
}

const gatherMs = 300, backoffMs = [1000, 2000, 4000, 8000, 15000, 30000];

export class Saver {
  revision = 0;
  private base!: Flow; // the draft as the server has it
  private waiting: { name: string; changes: Change[] }[] = [];
  private flying = 0; // groups of waiting that are under way
  private timer = 0;
  private tries = 0;
  private started = 0; // counts starts: the answer to an earlier draft means nothing
  private state: SaveState = "saved";
  private error = "";

  constructor(private api: Api, private keeper: Keeper) {
    addEventListener("online", () => this.state === "offline" && this.now());
    addEventListener("beforeunload", (e) => { if (this.waiting.length) e.preventDefault(); });
  }

  // start takes the draft as the server has it; what waited is put in anew.
  start(flow: Flow, revision: number, waiting: { name: string; changes: Change[] }[] = []): void {
    this.base = flow;
    this.revision = revision;
    this.waiting = waiting;
    this.flying = 0;
    this.started++;
    this.show(waiting.length ? "saving" : "saved", "");
    if (waiting.length) this.soon(0);
  }

  get server(): Flow { return this.base; }
  get pending(): Change[] { return coalesce(this.waiting.flatMap((w) => w.changes)); }
  get busy(): boolean { return this.flying > 0; }
  get idle(): boolean { return this.waiting.length === 0; }

  add(name: string, changes: Change[]): void {
    this.waiting.push({ name, changes });
    if (this.state === "merging" || this.state === "refused") return this.show(this.state, this.error);
    if (this.state !== "offline") this.show("saving", "");
    else this.show("offline", this.error);
    if (!this.flying && this.state !== "offline") this.soon(gatherMs);
  }

  // now sends at once: somebody asked, or the network is back.
  now(): void { this.tries = 0; this.soon(0); }

  // flushed answers when everything has been saved; false when it cannot be.
  async flushed(): Promise<boolean> {
    if (!this.idle) this.soon(0);
    while (!this.idle && (this.state === "saving" || this.state === "saved")) await new Promise((r) => setTimeout(r, 50));
    return this.idle;
  }

  hold(): void { clearTimeout(this.timer); this.show("merging", ""); }

  private soon(ms: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.send(), ms);
  }

  private async send(): Promise<void> {
    if (this.flying || !this.waiting.length) return;
    const group = this.waiting.slice();
    const changes = coalesce(group.flatMap((g) => g.changes));
    const began = this.started;
    this.flying = group.length;
    this.show(this.state === "offline" ? "offline" : "saving", this.error);
    try {
      const names = [...new Set(group.map((g) => g.name))];
      const name = names.length > 2 ? `${names[0]} and ${names.length - 1} more` : names.join(", ");
      const answer = changes.length ? await this.api.save(this.revision, name, changes) : { revision: this.revision };
      if (began !== this.started) return;
      this.waiting.splice(0, this.flying);
      this.flying = this.tries = 0;
      this.base = apply(this.base, changes);
      this.revision = answer.revision;
      this.show(this.waiting.length ? "saving" : "saved", "");
      this.keeper.saved(answer);
      if (this.waiting.length) this.soon(0);
    } catch (e) {
      if (began !== this.started) return;
      this.flying = 0;
      this.failed(e);
    }
  }

  private failed(e: unknown): void {
    if (e instanceof Stale) return this.keeper.stale(this.base, e.draft);
    if (e instanceof Refused) return this.show("refused", e.message);
    this.show("offline", e instanceof Unreachable ? e.message : String(e));
    const wait = backoffMs[Math.min(this.tries++, backoffMs.length - 1)]!;
    this.soon(wait * (0.75 + Math.random() / 2)); // spread, or all editors come back at once
  }

  private show(state: SaveState, error: string): void {
    this.state = state;
    this.error = error;
    this.keeper.view({ state, waiting: this.waiting.length, error });
  }
}

// What is typed into settings forms, until it stands in the draft. A form may
// be left, the server be away, a value be unreadable: the words stay here, with
// the form as it was, until they could be sent and were understood.
import type { Problem } from "../types";
import { Refused } from "./api";
import type { Editor } from "./editor";
import { same } from "../model/json";

const typingMs = 300, againMs = 3000;

export interface Words {
  kind: string;
  base: unknown; // the settings that the form showed when typing began
  body: string; // the form as it stands, urlencoded
}

export interface Typing extends Words {
  form: ChildNode[] | null; // the form itself, while another module's is shown
  failed: string; // why it is not in the draft, where the server said so or said nothing
}

export class Typed {
  private all = new Map<string, Typing>();
  private timers = new Map<string, number>();
  private asked = new Map<string, Promise<void>>();
  readonly names = new Map<string, string>(); // of modules, as typed where that cannot be one

  constructor(private editor: Editor) {
    addEventListener("beforeunload", (e) => { if (this.all.size || [...this.names.keys()].some((id) => editor.module(id))) e.preventDefault(); });
  }

  get waiting(): [string, Words][] { return [...this.all].map(([id, { kind, base, body }]) => [id, { kind, base, body }]); }

  of(id: string): Typing | undefined { return this.all.get(id); }

  // type takes the words of a form, to be sent once its reader pauses.
  type(id: string, kind: string, base: unknown, body: string, soon = typingMs): void {
    const was = this.all.get(id);
    this.all.set(id, { kind, base: was ? was.base : base, body, form: null, failed: was?.failed ?? "" });
    this.wait(id, soon);
  }

  drop(id: string): void {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
    this.all.delete(id);
    this.tell(id, [], "");
  }

  // settle sends what waits; false: something is not in the draft and cannot be.
  async settle(): Promise<boolean> {
    await Promise.all([...this.all.keys()].map((id) => (this.timers.has(id) || !this.asked.has(id) ? this.send(id) : this.asked.get(id))));
    return this.all.size === 0;
  }

  private wait(id: string, ms: number): void {
    clearTimeout(this.timers.get(id));
    this.timers.set(id, window.setTimeout(() => void this.send(id), ms));
  }

  private send(id: string): Promise<void> {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
    const sent = this.transmit(id).finally(() => { if (this.asked.get(id) === sent) this.asked.delete(id); });
    this.asked.set(id, sent);
    return sent;
  }

  private async transmit(id: string): Promise<void> {
    const t = this.all.get(id), m = this.editor.module(id);
    if (!t) return;
    if (m?.kind !== t.kind) return this.drop(id); // it is gone, or somebody has turned it into another
    const body = new URLSearchParams(t.body);
    body.set("kind", t.kind);
    try {
      const got = await this.editor.api.settings(body);
      if (this.all.get(id) !== t) return; // typed on meanwhile
      const now = this.editor.module(id);
      if (now?.kind !== t.kind) return this.drop(id);
      if (got.unread) return this.tell(id, got.problems ?? [], "");
      this.drop(id);
      if (!same(t.base, now.settings)) return this.editor.ask(id, t.base, got.settings);
      if (this.editor.form?.id === id) this.editor.form.took(got.settings, got.problems ?? []);
      this.editor.setSettings(id, got.settings, got.exits, got.subtitle);
    } catch (e) {
      if (this.all.get(id) !== t) return;
      if (e instanceof Refused) return this.tell(id, (e.body["problems"] as Problem[] | undefined) ?? [], e.body["problems"] ? "" : e.message);
      this.tell(id, [], "Not saved yet: the server cannot be reached. What you typed is kept.");
      this.wait(id, againMs);
    }
  }

  // tell puts what is wrong with the words of a form where the editor shows it.
  private tell(id: string, problems: Problem[], failed: string): void {
    const t = this.all.get(id), { unread } = this.editor.state;
    if (t) t.failed = failed;
    const others = unread.filter((p) => p.module !== id);
    if (others.length !== unread.length || problems.length) this.editor.set({ unread: [...others, ...problems.map((p) => ({ ...p, module: id }))] });
    if (this.editor.form?.id === id) this.editor.form.told(problems, failed);
  }
}

// Edits of the tabs. The first tab holds what names none, so a change of the
// first names it.
import type { Change, Flow, Tab } from "../types";
import { change, editPaper, remove } from "./edit";
import { newId, tabOf, tabsOf } from "./names";

export const mostTabs = 20;

// addTab adds the last tab, with the first number for a name that no other has.
export function addTab(flow: Flow): { changes: Change[]; tab: string; name: string } {
  const first = flow.tabs?.length ? flow.tabs : [{ id: newId(), name: "Main" }];
  const taken = new Set(first.map((t) => t.name));
  let n = first.length + 1;
  while (taken.has(`Tab ${n}`)) n++;
  const tab: Tab = { id: newId(), name: `Tab ${n}` };
  return { changes: [{ in: "tabs", key: "", before: flow.tabs ?? null, after: [...first, tab] }], tab: tab.id, name: tab.name };
}

export function setTabs(flow: Flow, after: Tab[]): Change[] {
  const out: Change[] = [{ in: "tabs", key: "", before: flow.tabs ?? null, after: after.length ? after : null }];
  const first = tabsOf(flow)[0]!.id;
  if (first && after[0]?.id !== first)
    for (const i of [...flow.modules, ...(flow.frames ?? []), ...(flow.notes ?? [])]) if (!i.tab) out.push(...onTab(flow, i.id, first));
  return out;
}

// removeTab takes a tab with all that stands on it.
export function removeTab(flow: Flow, tab: string): Change[] {
  const on = [...flow.modules, ...(flow.frames ?? []), ...(flow.notes ?? [])].filter((i) => tabOf(flow, i) === tab);
  const gone = remove(flow, new Set(on.map((i) => i.id)));
  const removed = new Set(on.map((i) => i.id));
  const tabs = setTabs(flow, tabsOf(flow).filter((t) => t.id !== tab)).filter((c) => !removed.has(c.key));
  return [...gone, ...tabs];
}

export function toTab(flow: Flow, ids: Set<string>, tab: string): Change[] {
  return [...flow.modules, ...(flow.frames ?? []), ...(flow.notes ?? [])].filter((i) => ids.has(i.id) && tabOf(flow, i) !== tab).flatMap((i) => onTab(flow, i.id, tab));
}

const onTab = (flow: Flow, id: string, tab: string): Change[] => [...change(flow, id, { tab }), ...editPaper(flow, "frame", id, { tab }), ...editPaper(flow, "note", id, { tab })];

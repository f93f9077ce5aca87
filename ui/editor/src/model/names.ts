// Names and ids of new items, and which tab a module stands on.
import type { Flow, Tab } from "../types";

// newId is short, since it stands in paths and reports, and unique by chance.
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (b) => "0123456789abcdefghijklmnopqrstuv"[b & 31]).join("");
}

export function freeName(wanted: string, taken: Set<string>): string {
  const name = wanted.slice(0, 60);
  if (!taken.has(name)) return name;
  const stem = name.replace(/ \d+$/, "").slice(0, 55);
  for (let n = 2; ; n++) if (!taken.has(`${stem} ${n}`)) return `${stem} ${n}`;
}

// moduleName follows "{tab} {kind} {n}"; the nameless tab lends no word.
export function moduleName(flow: Flow, tab: string, title: string): string {
  const on = flow.tabs?.find((t) => t.id === tab)?.name;
  const stem = ((on && flow.tabs!.length > 1 ? on + " " : "") + title).slice(0, 55);
  const taken = namesOf(flow);
  for (let n = 1; ; n++) if (!taken.has(`${stem} ${n}`)) return `${stem} ${n}`;
}

export const namesOf = (flow: Flow): Set<string> => new Set(flow.modules.map((m) => m.name));

// tabsOf are the flow's tabs; a flow without any has one without a name.
export const tabsOf = (flow: Flow): Tab[] => (flow.tabs?.length ? flow.tabs : [{ id: "", name: "Main" }]);

// tabOf is the tab an item stands on: none named is the first.
export function tabOf(flow: Flow, item: { tab?: string }): string {
  const tabs = tabsOf(flow);
  return tabs.some((t) => t.id === item.tab) ? item.tab! : tabs[0]!.id;
}

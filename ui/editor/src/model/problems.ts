// Where a finding has its place: in the settings form of a module, beside it in
// the inspector, or in the flow around the modules.
import type { Problem } from "../types";

// Of a module, beside its settings: what the inspector itself shows.
const beside = ["", "id", "name", "note", "tab", "cables"];

export const exitOf = (p: Problem): string | null => (p.field?.startsWith("exits.") ? p.field.slice(6) : null);
export const inForm = (field: string): boolean => !beside.includes(field) && !field.startsWith("exits.");

export const ofModule = (all: Problem[], id: string): (Problem & { inForm: boolean })[] =>
  all.filter((p) => p.module === id).map((p) => ({ ...p, inForm: inForm(p.field ?? "") }));

// partOf is the list of the flow that a finding without module means, and the
// place in it: tabs.1, notes.0.
export function partOf(p: Problem): { list: string; at: number } {
  const [list = "", at] = (p.field ?? "").split(".");
  return { list, at: Number(at ?? 0) };
}

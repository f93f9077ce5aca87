// Findings at the fields of a form that the server has rendered. A field path
// is a name, or a name with the place in a list: entries.2, destinations.0.length.
// Where the form keeps a line for a field (data-for), the finding stands there.
import type { Problem } from "../types";

// fieldAt finds the control that a path means, or the nearest above it. Of a
// list of boxes to tick, data-at names the place of each that is ticked.
export function fieldAt(host: HTMLElement, path: string): HTMLElement | null {
  const ticked = host.querySelector<HTMLElement>(`[data-at="${CSS.escape(path)}"]`);
  if (ticked) return ticked;
  const named = (name: string) => [...host.querySelectorAll<HTMLElement>("[name]")].filter((f) => f.getAttribute("name") === name);
  const parts = path.split(".");
  for (let n = parts.length; n > 0; n--) {
    const stem = parts.slice(0, n).join("."), place = Number(parts.slice(n).find((p) => /^\d+$/.test(p)) ?? 0);
    const all = named(stem);
    if (all.length) return all[place] ?? all[0]!;
    const under = host.querySelector<HTMLElement>(`[name^="${CSS.escape(stem)}."]`);
    if (under && path) return under;
  }
  return null;
}

// shownFor is what a person sees of a control: a picker hides its own.
const shownFor = (f: HTMLElement): HTMLElement => (f.hidden && f.parentElement?.querySelector<HTMLElement>(".pick")) || f;

export function markProblems(host: HTMLElement, problems: Problem[]): void {
  for (const old of host.querySelectorAll(".fe-problem")) old.remove();
  for (const line of host.querySelectorAll<HTMLElement>("[data-fe-line]")) { line.textContent = ""; delete line.dataset["feLine"]; delete line.dataset["problem"]; line.classList.remove("fe-warning"); }
  for (const f of host.querySelectorAll<HTMLElement>("[data-fe-marked]")) {
    f.removeAttribute("aria-invalid");
    if (f.dataset["feMarked"]) f.removeAttribute("aria-describedby");
    delete f.dataset["feMarked"];
  }
  problems.forEach((p, i) => mark(host, p, i));
}

function mark(host: HTMLElement, p: Problem, i: number): void {
  const path = p.field ?? "", found = fieldAt(host, path), f = found && shownFor(found);
  const kept = host.querySelector<HTMLElement>(`[data-for="${CSS.escape(path)}"]`);
  const line = kept ?? document.createElement("p");
  const text = p.text.slice(0, 1).toUpperCase() + p.text.slice(1);
  line.textContent = kept?.textContent ? `${kept.textContent}. ${text}` : text;
  line.dataset["problem"] = p.id;
  line.classList.toggle("fe-warning", p.level === "warning");
  if (kept) kept.dataset["feLine"] = "";
  else {
    line.classList.add("fe-problem");
    line.id = "fe-problem-" + i;
    (f?.closest(".field") ?? f?.parentElement ?? host.querySelector("fieldset") ?? host).append(line);
  }
  if (!f) return;
  if (p.level === "error") f.setAttribute("aria-invalid", "true");
  const described = f.hasAttribute("aria-describedby") && f.dataset["feMarked"] === undefined;
  f.dataset["feMarked"] = described ? "" : "own";
  if (!described && line.id) f.setAttribute("aria-describedby", line.id);
}

// listAt is the first thing to work with in the field of a list that is empty:
// what adds to it.
function listAt(host: HTMLElement, path: string): HTMLElement | null {
  const field = host.querySelector(`[data-for="${CSS.escape(path.split(".")[0]!)}"]`)?.closest(".field");
  return field?.querySelector<HTMLElement>("button:not(:disabled), input:not([type=hidden]):not([hidden])") ?? null;
}

const first = "input:not([type=hidden]):not(:disabled):not([hidden]), select:not(:disabled):not([hidden]), textarea:not(:disabled), button:not(:disabled)";

// focusField leads to the field of a path; false: the form has none.
export function focusField(host: HTMLElement, path: string): boolean {
  const found = path === "*" ? host.querySelector<HTMLElement>(first) : fieldAt(host, path) ?? listAt(host, path);
  const f = found && shownFor(found);
  f?.scrollIntoView({ block: "nearest" });
  f?.focus({ preventScroll: true });
  return f !== null;
}

// Findings at the fields of a form that the server has rendered. A field path
// is a name, or a name with the place in a list: entries.2, destinations.0.length.
import type { Problem } from "../types";

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

// fieldAt finds the control that a path means, or the nearest above it.
export function fieldAt(host: HTMLElement, path: string): HTMLElement | null {
  const named = (name: string) => [...host.querySelectorAll<HTMLElement>("[name]")].filter((f) => f.getAttribute("name") === name);
  const parts = path.split(".");
  const exact = named(path)[0] ?? host.querySelector<HTMLElement>(`[data-field="${CSS.escape(path)}"]`);
  if (exact) return exact;
  for (let n = parts.length; n > 0; n--) {
    const stem = parts.slice(0, n).join(".");
    const rest = parts.slice(n).filter((p) => !/^\d+$/.test(p)), place = Number(parts.slice(n).find((p) => /^\d+$/.test(p)) ?? 0);
    const deep = rest.length ? named(`${stem}.${rest.join(".")}`) : [];
    const all = deep.length ? deep : named(stem);
    if (all.length) return all[place] ?? all[0]!;
    const whole = host.querySelector<HTMLElement>(`[data-field="${CSS.escape(stem)}"]`);
    if (whole) return whole;
  }
  return null;
}

export function markProblems(host: HTMLElement, problems: Problem[]): void {
  for (const old of host.querySelectorAll(".fe-problem")) old.remove();
  for (const f of host.querySelectorAll("[data-fe-marked]")) {
    f.removeAttribute("aria-invalid");
    f.removeAttribute("aria-describedby");
    f.removeAttribute("data-fe-marked");
  }
  problems.forEach((p, i) => {
    const f = fieldAt(host, p.field ?? ""), at = f?.closest(".field") ?? f ?? host.querySelector("fieldset") ?? host;
    const line = document.createElement("p");
    line.className = "fe-problem" + (p.level === "warning" ? " fe-warning" : "");
    line.id = "fe-problem-" + i;
    line.dataset["problem"] = p.id;
    line.textContent = p.text[0]!.toUpperCase() + p.text.slice(1);
    at.append(line);
    if (!f) return;
    f.setAttribute("aria-describedby", [f.getAttribute("aria-describedby"), line.id].filter(Boolean).join(" "));
    if (p.level === "error") f.setAttribute("aria-invalid", "true");
    f.setAttribute("data-fe-marked", "");
  });
}

export function focusField(host: HTMLElement, path: string): void {
  const f = path === "*" ? host.querySelector<Field>("input:not([type=hidden]):not(:disabled), select:not(:disabled), textarea:not(:disabled)") : fieldAt(host, path);
  f?.scrollIntoView({ block: "nearest" });
  f?.focus({ preventScroll: true });
}

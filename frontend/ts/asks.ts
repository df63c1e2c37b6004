// A form asks only what the chosen kind of purchase needs. Without this script every question is there.
import { all } from "./page";

function fit(form: HTMLFormElement, usual: Record<string, string>): void {
  const told = (name: string): string => {
    const field = form.elements.namedItem(name);
    return field instanceof HTMLSelectElement ? field.value : "";
  };
  const others = all<HTMLSelectElement>(form, "select[name^=other_group_]").map((field) => field.value);
  const kinds = [told("group") || usual[told("line")] || "", ...others].filter(Boolean);
  for (const part of all(form, "[data-kinds]")) {
    const asking = (part.dataset.kinds || "").split(" ");
    part.hidden = !kinds.some((kind) => asking.includes(kind));
  }
}

/** Show the questions of the chosen kind, now and at every change; a draft that comes back counts as one. */
export function startAsks(part: ParentNode): void {
  for (const form of all<HTMLFormElement>(part, "form[data-asks]")) {
    const usual = JSON.parse(form.dataset.asks || "{}") as Record<string, string>;
    const again = (): void => fit(form, usual);
    form.addEventListener("change", again);
    form.addEventListener("rembug:restored", again);
    again();
  }
}

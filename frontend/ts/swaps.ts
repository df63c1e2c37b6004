// What someone typed while the server was answering stays, when htmx brings the same fields back.
import { isControl } from "./page";
import type { Control } from "./page";

type Values = Map<string, string>;
interface Swap {
  target?: HTMLElement;
}

let asked: Values = new Map();
let typedSince: Values = new Map();

export function startSwaps(): void {
  document.addEventListener("htmx:beforeRequest", (event) => (asked = values(target(event))));
  document.addEventListener("htmx:beforeSwap", (event) => {
    const now = values(target(event));
    typedSince = new Map(Array.from(now).filter(([id, value]) => asked.has(id) && asked.get(id) !== value));
  });
  document.addEventListener("htmx:afterSettle", () => {
    typedSince.forEach((value, id) => {
      const field = document.getElementById(id);
      if (isControl(field)) field.value = value;
    });
    typedSince.clear();
  });
}

function target(event: Event): HTMLElement | undefined {
  return ((event as CustomEvent).detail as Swap).target;
}

function values(part: HTMLElement | undefined): Values {
  const fields = part ? Array.from(part.querySelectorAll<Control>("input, select, textarea")) : [];
  return new Map(fields.filter((one) => one.id && one.type !== "file").map((one): [string, string] => [one.id, one.value]));
}

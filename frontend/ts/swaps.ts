// What someone typed while the server was answering stays, when htmx brings the same fields back. And nothing moves under
// a finger: an answer that comes while one is down waits until its press has counted.
import { isControl } from "./page";
import type { Control } from "./page";

type Values = Map<string, string>;
interface Swap {
  target?: HTMLElement;
  xhr?: XMLHttpRequest;
}

const LONGEST_PRESS = 700;
let held: (() => void)[] | null = null; // what came while a finger is down; null when none is
let lifting = 0;

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
  window.addEventListener("pointerdown", () => held || ((held = []), liftIn(LONGEST_PRESS)), true);
  // A touch becomes a click a moment after the finger has left.
  for (const name of ["pointerup", "pointercancel"]) window.addEventListener(name, () => held && liftIn(50), true);
  document.addEventListener("htmx:beforeSend", (event) => {
    const { xhr } = (event as CustomEvent).detail as Swap;
    const arrived = xhr && xhr.onload;
    if (!xhr || !arrived) return;
    // Late, but always told: htmx sends nothing more from there before it knows. What was called off meanwhile is empty.
    xhr.onload = (event) => (held ? held.push(() => arrived.call(xhr, event)) : arrived.call(xhr, event));
  });
}

function liftIn(wait: number): void {
  window.clearTimeout(lifting);
  lifting = window.setTimeout(() => {
    const came = held || [];
    held = null;
    came.forEach((show) => show());
  }, wait);
}

function target(event: Event): HTMLElement | undefined {
  return ((event as CustomEvent).detail as Swap).target;
}

function values(part: HTMLElement | undefined): Values {
  const fields = part ? Array.from(part.querySelectorAll<Control>("input, select, textarea")) : [];
  return new Map(fields.filter((one) => one.id && one.type !== "file").map((one): [string, string] => [one.id, one.value]));
}

/** Words of the page in its own language; they stand on the script tag (components/script_words.html). */
export function word(name: string): string {
  const script = document.querySelector<HTMLElement>("script[data-words]");
  return (script && script.dataset[name]) || "";
}

/** All elements of a part of the page, the part itself included. */
export function all<E extends HTMLElement>(part: ParentNode, selector: string): E[] {
  const found = Array.from(part.querySelectorAll<E>(selector));
  return part instanceof HTMLElement && part.matches(selector) ? [part as unknown as E, ...found] : found;
}

const ADDED = "rembug:added";

/** Run for the page, and again for every part that comes in later, whichever script put it in. */
export function whenAdded(start: (part: ParentNode) => void): void {
  start(document);
  const come = (event: Event): void => {
    if (event.target instanceof HTMLElement && event.target !== document.body) start(event.target);
  };
  document.addEventListener("htmx:load", come);
  document.addEventListener(ADDED, come);
}

/** A part of the page was put in by our own hand: htmx and everything of ours gets to know it. */
export function announce(part: HTMLElement): void {
  const { htmx } = window as unknown as { htmx?: { process(part: HTMLElement): void } };
  if (htmx) htmx.process(part);
  part.dispatchEvent(new CustomEvent(ADDED, { bubbles: true }));
}

/** A notice made here looks like those the server makes. */
export function notice(state: string, text: string, ...more: Node[]): HTMLElement {
  const box = document.createElement("div");
  box.className = `notice ${state}`;
  box.setAttribute("role", "status");
  const line = document.createElement("p");
  line.textContent = text;
  box.append(line, ...more);
  return box;
}

/** localStorage, which a phone may refuse or have filled up; then nothing is kept and nothing breaks. */
export const store = {
  read(key: string): string | null {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  write(key: string, text: string): boolean {
    try {
      localStorage.setItem(key, text);
      return true;
    } catch {
      return false;
    }
  },
  remove(key: string): void {
    try {
      localStorage.removeItem(key);
    } catch {
      // Nothing was kept.
    }
  },
  keys(prefix: string): string[] {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
    } catch {
      return [];
    }
  },
};

export type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

export function isControl(thing: unknown): thing is Control {
  return (
    thing instanceof HTMLInputElement || thing instanceof HTMLSelectElement || thing instanceof HTMLTextAreaElement
  );
}

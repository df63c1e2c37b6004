// A form with data-draft="key" keeps what is typed on this phone until the server says it has it.
//
// Never kept: files, passwords, hidden fields, and anything that looks like an identity number. On a shared phone each
// person has their own drafts: the page says whose they are (body data-person).
import { all, isControl, notice, store, word } from "./page";
import type { Control } from "./page";

const PREFIX = "rembug:draft:";
const SECRET = /(^|[-_])(nik|kk|pin|sandi|password|token|secret|otp)($|[-_\d])/i;
const KEPT_DAYS = 30;

interface Draft {
  at: number;
  fields: [string, string][];
}

export function startDrafts(part: ParentNode): void {
  for (const done of all(part, "[data-draft-done]")) forgetNamed(done.dataset.draftDone || "");
  for (const form of all<HTMLFormElement>(part, "form[data-draft]")) startForm(form);
  if (part === document) forgetOld();
}

/** Keep a form now; true when it was kept. */
export function keep(form: HTMLFormElement): boolean {
  if (!form.dataset.draft) return false;
  const draft: Draft = { at: Date.now(), fields: typed(form) };
  return store.write(keyOf(form.dataset.draft), JSON.stringify(draft));
}

/** The server has it: nothing of this form is offered again. */
export function forget(form: HTMLFormElement): void {
  if (form.dataset.draft) store.remove(keyOf(form.dataset.draft));
}

const mine = (): string => `${PREFIX}${document.body.dataset.person || ""}:`;

// A draft belongs to one form of one page: the same form about another matter has another address.
function keyOf(name: string): string {
  return `${mine()}${location.pathname}:${name}`;
}

function forgetNamed(name: string): void {
  for (const key of store.keys(mine())) if (key.endsWith(`:${name}`)) store.remove(key);
}

function startForm(form: HTMLFormElement): void {
  const key = keyOf(form.dataset.draft || "");
  const answered = "answered" in form.dataset || form.querySelector(".errors, .is-wrong") !== null;
  const draft = read(key);
  // What the server sends back, with faults or filled in, is newer than what the phone kept.
  if (draft && !answered && restore(form, draft)) sayRestored(form, key, draft);
  let timer = 0;
  const now = () => {
    timer = 0;
    if (form.isConnected && keep(form)) sayKept(form);
  };
  const soon = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(now, 400);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  window.addEventListener("pagehide", () => timer && now());
}

function read(key: string): Draft | null {
  try {
    const draft = JSON.parse(store.read(key) || "null") as Draft | null;
    return draft && Array.isArray(draft.fields) ? draft : null;
  } catch {
    return null;
  }
}

function kept(control: Element): control is Control {
  return (
    isControl(control) &&
    control.name !== "" &&
    !["file", "password", "hidden", "submit", "button"].includes(control.type) &&
    !SECRET.test(control.name) &&
    !("noDraft" in control.dataset)
  );
}

const ticks = (control: Control): control is HTMLInputElement => control.type === "checkbox" || control.type === "radio";

function typed(form: HTMLFormElement): [string, string][] {
  return Array.from(form.elements)
    .filter(kept)
    .filter((control) => !ticks(control) || control.checked)
    .map((control): [string, string] => [control.name, control.value]);
}

/** Put the kept text back; true when that changed anything. */
function restore(form: HTMLFormElement, draft: Draft): boolean {
  const left = new Map<string, string[]>();
  for (const [name, value] of draft.fields) left.set(name, [...(left.get(name) || []), value]);
  let changed = false;
  for (const control of Array.from(form.elements).filter(kept)) {
    const values = left.get(control.name);
    if (ticks(control)) {
      const on = values !== undefined && values.includes(control.value);
      changed = changed || on !== control.checked;
      control.checked = on;
    } else {
      const value = values && values.shift();
      if (value === undefined || value === control.value) continue;
      control.value = value;
      changed = true;
    }
  }
  if (changed) form.dispatchEvent(new CustomEvent("rembug:restored", { bubbles: true }));
  return changed;
}

function clock(at: number): string {
  const moment = new Date(at);
  const two = (n: number) => String(n).padStart(2, "0");
  const day = moment.toDateString() === new Date().toDateString() ? "" : `${moment.getDate()}/${moment.getMonth() + 1}, `;
  return `${day}${two(moment.getHours())}.${two(moment.getMinutes())}`;
}

function sayRestored(form: HTMLFormElement, key: string, draft: Draft): void {
  const discard = document.createElement("button");
  discard.type = "button";
  discard.className = "link";
  discard.textContent = word("discard");
  const photos = form.querySelector('input[type="file"]') ? ` ${word("photos")}` : "";
  const box = notice("info", `${word("restored")} (${clock(draft.at)})${photos} `, discard);
  box.classList.add("draft-notice");
  discard.addEventListener("click", () => {
    store.remove(key);
    form.reset();
    box.remove();
  });
  form.prepend(box);
}

function sayKept(form: HTMLFormElement): void {
  const line = form.querySelector<HTMLElement>("[data-draft-note]");
  if (line) line.textContent = `${word("saved")} ${clock(Date.now())}`;
}

function forgetOld(): void {
  const oldest = Date.now() - KEPT_DAYS * 86_400_000;
  for (const key of store.keys(PREFIX)) {
    const draft = read(key);
    if (!draft || draft.at < oldest) store.remove(key);
  }
}

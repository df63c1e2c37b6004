// A press counts once. Without a signal nothing is sent, the text is kept, and the page says so. A second press joins the first.
import { keep } from "./drafts";
import { notice, word } from "./page";
import { canUpload, say, upload } from "./upload";

const PATIENCE = 180_000; // for the few forms the browser sends itself
let pressed: HTMLElement | null = null;
const waiting = new Map<HTMLButtonElement, string>();

export function startSending(): void {
  document.addEventListener("click", (event) => {
    pressed = event.target instanceof Element ? event.target.closest<HTMLElement>("button") : null;
  });
  document.addEventListener("submit", (event) => {
    // A form htmx sends itself arrives here already stopped; see below.
    if (!event.defaultPrevented && event.target instanceof HTMLFormElement) send(event, event.target);
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target instanceof HTMLFormElement && event.target.hasAttribute("hx-post")) send(event, event.target);
  });
  for (const name of ["htmx:afterRequest", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => event.target instanceof HTMLFormElement && release(event.target));
  }
  document.addEventListener("htmx:sendError", (event) => event.target instanceof HTMLFormElement && say(event.target, "slow"));
  window.addEventListener("pageshow", (event) => event.persisted && back());
}

/** A page that comes back from the browser's memory: its keys are used, and its person may have left. */
function back(): void {
  const personal = "person" in document.body.dataset || document.querySelector("main form[method=post]");
  if (!personal) return document.querySelectorAll("form").forEach(release);
  const reload = () => location.reload();
  if (navigator.onLine !== false) {
    document.body.hidden = true;
    return reload();
  }
  document.body.textContent = "";
  document.body.append(notice("wait", word("back")));
  window.addEventListener("online", reload);
}

function send(event: Event, form: HTMLFormElement): void {
  if (form.method !== "post" && !form.hasAttribute("hx-post")) return;
  if ("noGuard" in form.dataset) return;
  if ("sending" in form.dataset) return event.preventDefault();
  keep(form);
  if (navigator.onLine === false) {
    event.preventDefault();
    say(form, "offline");
    return;
  }
  form.dataset.sending = "";
  const button = buttonOf(form);
  if (!form.hasAttribute("hx-post") && canUpload(form)) {
    event.preventDefault();
    upload(form, button, () => release(form));
  } else {
    window.setTimeout(() => {
      if (!("sending" in form.dataset)) return;
      say(form, "slow");
      release(form);
    }, PATIENCE);
  }
  // The pressed button's own name and value must still be in what is sent.
  if (button) window.setTimeout(() => hold(form, button));
}

function buttonOf(form: HTMLFormElement): HTMLButtonElement | null {
  if (pressed instanceof HTMLButtonElement && pressed.form === form) return pressed;
  return form.querySelector<HTMLButtonElement>("button:not([type=button])");
}

function hold(form: HTMLFormElement, button: HTMLButtonElement): void {
  if (waiting.has(button) || !("sending" in form.dataset)) return;
  waiting.set(button, button.innerHTML);
  button.disabled = true;
  button.textContent = word("sending");
}

function release(form: HTMLFormElement): void {
  delete form.dataset.sending;
  waiting.forEach((inner, button) => {
    if (button.form !== form && button.isConnected) return;
    button.innerHTML = inner;
    button.disabled = false;
    waiting.delete(button);
  });
}

// Sends a form in the background, so that the page stays as it was until the server has it: progress is shown by the bytes that
// left, and what goes wrong is said beside the button, with everything typed and chosen still there.
import { forget } from "./drafts";
import { announce, notice, word } from "./page";
import { sizeOf } from "./photos";

const QUIET = 20_000; // without a byte: the signal is weak, say so
const GIVE_UP = 180_000; // without a byte: nothing comes any more
const AGAIN = 2; // times a busy server is asked by itself
const SMALL = 60_000; // bytes that need no progress

/** Only what carries a key may go twice. `done` lets the button go. */
export function canUpload(form: HTMLFormElement): boolean {
  return form.querySelector("input[name=key]") !== null && !form.target && "FormData" in window;
}

export function upload(form: HTMLFormElement, button: HTMLButtonElement | null, done: () => void): void {
  const body = new FormData(form);
  // The pressed button's own name and value belong to what is sent.
  if (button && button.name) body.append(button.name, button.value);
  const to = (button && button.getAttribute("formaction")) || form.getAttribute("action") || location.pathname + location.search;
  post(form, new URL(to, location.href).href, body, done, AGAIN);
}

function post(form: HTMLFormElement, to: string, body: FormData, done: () => void, left: number): void {
  const line = new XMLHttpRequest();
  line.open("POST", to);
  line.setRequestHeader("X-Rembug-Sending", "1");
  let heard = Date.now();
  let told = "";
  const watch = window.setInterval(() => {
    const quiet = Date.now() - heard;
    if (quiet > GIVE_UP) line.abort();
    else if (quiet > QUIET) say(form, "quiet");
    else if (told) tell(form, told);
  }, 1000);
  const fail = () => (say(form, "slow"), done());
  line.upload.addEventListener("progress", (event) => {
    heard = Date.now();
    if (!event.lengthComputable || event.total < SMALL) return;
    told = goingOf(event.loaded, event.total);
    tell(form, told);
  });
  line.upload.addEventListener("load", () => ((heard = Date.now()), told && (told = word("waiting"))));
  line.addEventListener("error", fail);
  line.addEventListener("abort", fail);
  line.addEventListener("loadend", () => window.clearInterval(watch));
  line.addEventListener("load", () => {
    if (line.status === 503 && left > 0) {
      say(form, "busy");
      const wait = Math.min(Number(line.getResponseHeader("Retry-After")) || 5, 20);
      window.setTimeout(() => post(form, to, body, done, left - 1), wait * 1000);
    } else if (!answered(form, line)) done();
  });
  line.send(body);
}

function goingOf(sent: number, total: number): string {
  if (sent >= total) return word("waiting");
  return `${word("going")} ${Math.floor((100 * sent) / total)}% / ${sizeOf(total)}`;
}

/** True when the page goes on to another, so that the button stays held. */
function answered(form: HTMLFormElement, line: XMLHttpRequest): boolean {
  const where = line.getResponseHeader("X-Location");
  if (line.status === 204 && where) return forget(form), go(where), true;
  if (line.status === 401 && where) return signIn(form, where), false;
  if (line.status === 200 || line.status === 422) return show(line), false;
  return trouble(form, line), false;
}

function go(where: string): void {
  const to = new URL(where, location.href);
  const here = to.pathname === location.pathname && to.search === location.search;
  location.assign(to.href);
  // With a mark (#) the same address would only scroll.
  if (here && to.hash) location.reload();
}

/** The answer takes the place of the page: its main part, its title and its address. */
function show(line: XMLHttpRequest): void {
  const page = new DOMParser().parseFromString(line.responseText, "text/html");
  const [fresh, old] = [page.querySelector("main"), document.querySelector("main")];
  if (!fresh || !old) return location.reload();
  document.title = page.title;
  if (line.responseURL && line.responseURL !== location.href) history.replaceState(null, "", line.responseURL);
  const part = document.adoptNode(fresh);
  old.replaceWith(part);
  const place = part.querySelector("[data-land]");
  if (place) place.scrollIntoView();
  else window.scrollTo(0, 0);
  announce(part);
  if (!part.contains(document.activeElement)) part.focus();
}

function signIn(form: HTMLFormElement, where: string): void {
  const link = document.createElement("a");
  link.href = where;
  link.textContent = word("again");
  tell(form, word("left"), "wait", link);
}

/** What the server says of it, in its own words; the page stays. */
function trouble(form: HTMLFormElement, line: XMLHttpRequest): void {
  const page = new DOMParser().parseFromString(line.responseText, "text/html");
  const words = ["main h1", "main .lead"].map((name) => (page.querySelector(name)?.textContent || "").trim());
  const said = words.filter((one) => one).join(". ") || word("slow");
  const reload = document.createElement("button");
  reload.type = "button";
  reload.className = "link";
  reload.textContent = word("reload");
  reload.addEventListener("click", () => location.reload());
  tell(form, `${said} ${word("kept")}`, "wait", ...(line.status === 403 ? [reload] : []));
}

/** Say something of the page's own words beside the button. */
export function say(form: HTMLFormElement, name: string): void {
  tell(form, word(name));
}

function tell(form: HTMLFormElement, text: string, state = "wait", ...more: Node[]): void {
  const before = form.querySelector<HTMLElement>(".send-notice");
  const line = before && before.querySelector("p");
  if (line && !more.length && before.childElementCount === 1) {
    if (line.textContent !== text) line.textContent = text;
    return;
  }
  form.querySelectorAll(".send-notice").forEach((old) => old.remove());
  const box = notice(state, text, ...more);
  box.classList.add("send-notice");
  box.setAttribute("role", "alert");
  const button = form.querySelector<HTMLButtonElement>("button:not([type=button])");
  if (button && button.parentElement) button.parentElement.insertBefore(box, button);
  else form.append(box);
}

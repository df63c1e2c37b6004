// Shortcuts of the desk: one letter presses the button that carries it, only while the box is ticked.
import { isControl, store } from "./page";

const CHOICE = "rembug:keys";

/** The box says what was chosen on this device. */
export function startKeyBox(part: ParentNode): void {
  const box = part.querySelector<HTMLInputElement>("input[data-keys]");
  if (box) box.checked = store.read(CHOICE) === "on";
}

export function startKeys(): void {
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box instanceof HTMLInputElement && "keys" in box.dataset) store.write(CHOICE, box.checked ? "on" : "off");
  });
  document.addEventListener("keydown", (event) => {
    const typing = isControl(event.target) && !("keys" in event.target.dataset);
    if (typing || event.ctrlKey || event.altKey || event.metaKey || event.repeat || !switchedOn()) return;
    const button = buttonFor(event.key.toLowerCase());
    if (!button) return;
    event.preventDefault();
    button.click();
  });
}

function switchedOn(): boolean {
  const box = document.querySelector<HTMLInputElement>("input[data-keys]");
  return box !== null && box.checked;
}

function buttonFor(key: string): HTMLElement | null {
  const found = Array.from(document.querySelectorAll<HTMLElement>("[data-key]"));
  return found.find((one) => (one.dataset.key || "").toLowerCase() === key && one.offsetParent !== null) || null;
}

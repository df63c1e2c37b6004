// Shortcuts of the desk: one letter presses the button that carries it, only while the box is ticked.
import { isControl, store } from "./page";

const CHOICE = "rembug:keys";

export function startKeys(): void {
  const box = document.querySelector<HTMLInputElement>("input[data-keys]");
  if (!box) return;
  box.checked = store.read(CHOICE) === "on";
  box.addEventListener("change", () => store.write(CHOICE, box.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    const typing = isControl(event.target) && event.target !== box;
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

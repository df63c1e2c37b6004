// Before and after: two pictures become one, with a slider that uncovers the later one.
import { all } from "./page";

export function startCompare(part: ParentNode): void {
  if (!window.CSS || !CSS.supports("clip-path", "inset(0)")) return;
  for (const box of all(part, ".compare[data-compare]")) {
    const range = box.nextElementSibling;
    if (!(range instanceof HTMLInputElement) || box.children.length !== 2) continue;
    const cut = () => box.style.setProperty("--cut", `${range.value}%`);
    box.classList.add("is-live");
    range.addEventListener("input", cut);
    cut();
  }
}

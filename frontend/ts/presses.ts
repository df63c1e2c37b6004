// A choice that fills other fields: select[data-press] names the button that does it, and presses it when something was
// chosen. Without this script one presses the button oneself.
export function startPresses(): void {
  document.addEventListener("change", (event) => {
    const select = event.target;
    if (!(select instanceof HTMLSelectElement) || !select.dataset.press || !select.value) return;
    const button = document.getElementById(select.dataset.press);
    if (button) button.click();
  });
  // A prepared sentence is put into the field whose id data-fill names.
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("button[data-fill]") : null;
    if (button) write(button.dataset.fill || "", button.dataset.text || button.textContent || "");
  });
}

function write(id: string, text: string): void {
  const field = document.getElementById(id);
  if (!(field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement)) return;
  const before = field.value.trim();
  field.value = before ? `${before} ${text.trim()}.` : `${text.trim()}.`;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

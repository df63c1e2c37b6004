// Buttons that open a dialog, close it, print the page, or put a prepared sentence into a field.

export function startDialogs(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("button") : null;
    if (!button) return;
    const { dialog, close, fill, print } = button.dataset;
    if (dialog !== undefined) open(dialog);
    if (print !== undefined) window.print();
    if (close !== undefined) button.closest("dialog")?.close();
    if (fill !== undefined) write(fill, button.dataset.text || button.textContent || "");
  });
}

/** What is wrong is read first. */
export function startFaults(part: ParentNode): void {
  const faults = part.querySelector<HTMLElement>(".errors");
  if (faults) faults.focus();
}

function open(id: string): void {
  const dialog = document.getElementById(id) as HTMLDialogElement | null;
  // A browser that does not know dialogs shows them in the page, open.
  if (dialog && "showModal" in dialog && !dialog.open) dialog.showModal();
}

function write(id: string, text: string): void {
  const field = document.getElementById(id);
  if (!(field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement)) return;
  const before = field.value.trim();
  field.value = before ? `${before} ${text.trim()}.` : `${text.trim()}.`;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

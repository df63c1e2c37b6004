// Buttons that open a dialog, close it, or print the page.

export function startDialogs(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("button") : null;
    if (!button) return;
    const { dialog, close, print } = button.dataset;
    if (dialog !== undefined) open(dialog);
    if (print !== undefined) window.print();
    if (close !== undefined) button.closest("dialog")?.close();
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

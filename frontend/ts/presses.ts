// A choice that fills other fields: select[data-press] names the button that does it, and presses it when something was
// chosen. Without this script one presses the button oneself.
export function startPresses(): void {
  document.addEventListener("change", (event) => {
    const select = event.target;
    if (!(select instanceof HTMLSelectElement) || !select.dataset.press || !select.value) return;
    const button = document.getElementById(select.dataset.press);
    if (button) button.click();
  });
}

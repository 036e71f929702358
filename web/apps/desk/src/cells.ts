// A column of short fields is filled from the keyboard: Enter goes to the next one, not to the server.

export function startCells(): void {
  document.addEventListener("keydown", (event) => {
    const cell = event.target;
    if (event.key !== "Enter" || event.isComposing) return;
    if (!(cell instanceof HTMLInputElement) || !cell.matches("[data-cell]")) return;
    const all = Array.from(document.querySelectorAll<HTMLInputElement>("[data-cell]"));
    const next = all[all.indexOf(cell) + 1];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.select();
  });
}

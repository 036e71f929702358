// A button with data-print prints the page as the paper form (see the print styles).

export function startPrint(): void {
  document.addEventListener("click", (event) => {
    if ((event.target as Element | null)?.closest("[data-print]")) window.print();
  });
}

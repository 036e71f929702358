// A button with data-copy copies that text and says so with data-copied.

export function startCopy(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element | null)?.closest<HTMLElement>("[data-copy]");
    if (!button) return;
    void navigator.clipboard.writeText(button.dataset["copy"] ?? "").then(() => {
      const before = button.textContent;
      button.textContent = button.dataset["copied"] ?? before;
      window.setTimeout(() => {
        button.textContent = before;
      }, 1500);
    });
  });
}

// A toast that is not a refusal leaves by itself; a refusal stays until it is read and closed.

function watch(toast: HTMLElement): void {
  if (toast.dataset["leaves"]) window.setTimeout(() => toast.remove(), 6000);
}

export function startToasts(): void {
  const box = document.getElementById("toasts");
  if (!box) return;
  box.querySelectorAll<HTMLElement>(".toast-line").forEach(watch);
  new MutationObserver((changes) => {
    for (const change of changes) {
      change.addedNodes.forEach((node) => {
        if (node instanceof HTMLElement) watch(node);
      });
    }
  }).observe(box, { childList: true });
  box.addEventListener("click", (event) => {
    const close = (event.target as Element | null)?.closest("[data-close]");
    close?.closest(".toast-line")?.remove();
  });
}

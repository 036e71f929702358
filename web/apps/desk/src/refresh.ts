// A page that shows what is late goes stale. One marked data-refresh="120" reloads itself after so many
// seconds, never while somebody types, has text selected, or looks elsewhere.

function busy(): boolean {
  const at = document.activeElement;
  const typing = at instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName);
  return typing || document.hidden || (window.getSelection()?.toString() ?? "") !== "";
}

export function startRefresh(): void {
  const seconds = Number(document.querySelector<HTMLElement>("[data-refresh]")?.dataset["refresh"] ?? 0);
  if (!(seconds > 0)) return;
  const tick = (): void => {
    if (busy() || document.querySelector("details[open][data-keep]")) {
      window.setTimeout(tick, 5000);
    } else {
      window.location.reload();
    }
  };
  window.setTimeout(tick, seconds * 1000);
}

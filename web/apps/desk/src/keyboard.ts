// "/" goes to search, j and k walk the rows, Enter opens, e exports, ? lists these keys.

function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT|BUTTON)$/.test(target.tagName))
  );
}

function rows(): HTMLElement[] {
  return Array.from(document.querySelectorAll<HTMLElement>("[data-row]")).filter(
    (row) => row.offsetParent !== null,
  );
}

function step(by: number): void {
  const all = rows();
  if (all.length === 0) return;
  const now = all.findIndex((row) => row.classList.contains("is-current"));
  const next = Math.min(Math.max(now + by, 0), all.length - 1);
  all[now]?.classList.remove("is-current");
  const row = all[next];
  if (!row) return;
  row.classList.add("is-current");
  row.scrollIntoView({ block: "nearest" });
  (row.querySelector<HTMLElement>("a[data-open]") ?? row).focus({ preventScroll: true });
}

function open(): boolean {
  const link = document.querySelector<HTMLAnchorElement>("[data-row].is-current a[data-open]");
  link?.click();
  return link !== null;
}

function press(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && event.target instanceof HTMLElement) event.target.blur();
  if (typing(event.target)) return;
  switch (event.key) {
    case "/": {
      const field = document.querySelector<HTMLInputElement>("[data-search]");
      field?.focus();
      field?.select();
      break;
    }
    case "j":
      step(1);
      break;
    case "k":
      step(-1);
      break;
    case "Enter":
      if (event.target instanceof HTMLAnchorElement || !open()) return;
      break;
    case "e": {
      const exportPanel = document.querySelector<HTMLDetailsElement>("details[data-export]");
      if (!exportPanel) return;
      exportPanel.open = true;
      exportPanel.querySelector<HTMLElement>("input:not([type=hidden]), textarea, select")?.focus();
      break;
    }
    case "?": {
      const help = document.querySelector<HTMLDetailsElement>("details[data-keys]");
      if (!help) return;
      help.open = !help.open;
      break;
    }
    default:
      return;
  }
  event.preventDefault();
}

export function startKeyboard(): void {
  document.addEventListener("keydown", press);
}

// Keying in a paper: a form with data-grid. Three digits and the next field has the cursor; Enter goes on to the
// next line's reading; on the last line it saves. Up and down walk the lines. Works without script by Tab.

const READINGS = "[data-key=reading]";

function move(form: HTMLFormElement, field: HTMLInputElement, by: number): boolean {
  const all = Array.from(form.querySelectorAll<HTMLInputElement>(READINGS));
  const row = field.closest("tr");
  const now = all.findIndex((one) => one.closest("tr") === row);
  const next = all[now + by];
  if (!next) return false;
  next.focus();
  next.select();
  return true;
}

function typed(event: Event): void {
  const field = event.target as HTMLInputElement | null;
  if (!field?.matches(READINGS) || (event as InputEvent).isComposing) return;
  const full = /^[34]\d\d$/.test(field.value) || /^[34]\d[.。,]\d$/.test(field.value);
  if (full) field.closest("tr")?.querySelector<HTMLInputElement>("[data-key=symptoms]")?.focus();
}

function pressed(event: KeyboardEvent): void {
  const field = event.target as HTMLInputElement | null;
  const form = field?.closest<HTMLFormElement>("form[data-grid]");
  if (!field || !form || field.tagName !== "INPUT" || event.isComposing) return;
  if (event.key === "Enter") {
    if (move(form, field, 1)) event.preventDefault();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    move(form, field, event.key === "ArrowDown" ? 1 : -1);
    event.preventDefault();
  }
}

export function startGrid(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-grid]");
  if (!form) return;
  form.addEventListener("input", typed);
  form.addEventListener("keydown", pressed);
  const first = form.querySelector<HTMLInputElement>("[aria-invalid=true]") ?? form.querySelector(READINGS);
  (first as HTMLInputElement | null)?.focus();
}

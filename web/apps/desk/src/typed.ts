// What was typed is not lost when the office refuses a form: it waits in this tab for the next page, and is put back
// there if that page tells of a refusal; otherwise it is forgotten. Passwords, files and hidden fields never wait.

const KEPT = "shouwang-typed";
const NEVER = new Set(["hidden", "password", "file", "submit", "button"]);

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
type Typed = [name: string, value: string, checked: boolean];

function fields(form: HTMLFormElement): Field[] {
  return Array.from(form.elements).filter(
    (one): one is Field =>
      (one instanceof HTMLInputElement || one instanceof HTMLTextAreaElement || one instanceof HTMLSelectElement) &&
      one.name !== "" &&
      !NEVER.has(one.type),
  );
}

function ticked(field: Field): boolean {
  return field instanceof HTMLInputElement && field.checked;
}

function isTick(field: Field): field is HTMLInputElement {
  return field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type);
}

function keep(form: HTMLFormElement): void {
  const typed: Typed[] = fields(form).map((one) => [one.name, one.value, ticked(one)]);
  window.sessionStorage.setItem(KEPT, JSON.stringify({ action: form.action, typed }));
}

function putBack(): void {
  const kept = window.sessionStorage.getItem(KEPT);
  window.sessionStorage.removeItem(KEPT);
  if (!kept || !document.querySelector("[data-refused]")) return;
  const { action, typed } = JSON.parse(kept) as { action: string; typed: Typed[] };
  const form = Array.from(document.forms).find((one) => one.method === "post" && one.action === action);
  if (!form) return;
  const left = fields(form);
  for (const [name, value, checked] of typed) {
    const at = left.findIndex((one) => one.name === name && (!isTick(one) || one.value === value));
    const field = left.splice(at, at < 0 ? 0 : 1)[0];
    if (!field) continue;
    if (isTick(field)) field.checked = checked;
    else field.value = value;
  }
  for (let one = form.closest("details"); one; one = one.parentElement?.closest("details") ?? null) one.open = true;
}

export function startTyped(): void {
  putBack();
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (!event.defaultPrevented && form.method === "post" && form.target !== "_blank") keep(form);
  });
}

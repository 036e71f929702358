// A call is walked through by keys: 1–9 choose, Enter goes on, Esc goes back. Without this all questions show.

function steps(form: HTMLFormElement): HTMLElement[] {
  return Array.from(form.querySelectorAll<HTMLElement>("[data-step]")).filter((step) => asked(form, step));
}

// A question that follows from another is asked only after one of the answers it names, or after any answer.
function asked(form: HTMLFormElement, step: HTMLElement): boolean {
  const failed = step.dataset["question"] !== undefined && !spoke(form);
  if (failed) return false;
  const after = step.dataset["after"];
  if (!after) return true;
  const answer = String(new FormData(form).get(`a-${after}`) ?? "").trim();
  const wanted = (step.dataset["afterAnswers"] ?? "").split(" ").filter(Boolean);
  return wanted.length > 0 ? wanted.includes(answer) : !["", "no", "unknown", "无", "没有", "none"].includes(answer);
}

function spoke(form: HTMLFormElement): boolean {
  const outcome = new FormData(form).get("outcome");
  return outcome === null || outcome === "answered";
}

function show(form: HTMLFormElement, wanted: HTMLElement): void {
  form.querySelectorAll<HTMLElement>("[data-step]").forEach((step) => {
    step.classList.toggle("is-step", step === wanted);
  });
  const field =
    wanted.querySelector<HTMLElement>("input[type=radio]:checked, input:not([type=hidden]):not([type=radio])") ??
    wanted.querySelector<HTMLElement>("input[type=radio], button");
  field?.focus({ preventScroll: true });
}

function current(form: HTMLFormElement): HTMLElement | null {
  return form.querySelector<HTMLElement>("[data-step].is-step");
}

function go(form: HTMLFormElement, by: number): void {
  const all = steps(form);
  const here = current(form);
  const now = here ? all.indexOf(here) : -1;
  const next = all[Math.min(Math.max(now + by, 0), all.length - 1)];
  if (next) show(form, next);
}

function choose(step: HTMLElement, number: number): boolean {
  const box = step.querySelectorAll<HTMLInputElement>("input[type=radio], .chips input[type=checkbox]")[number - 1];
  box?.click();
  box?.focus({ preventScroll: true });
  return box !== undefined;
}

function press(form: HTMLFormElement, event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const here = current(form);
  const target = event.target as HTMLElement;
  if (!here || (!form.contains(target) && /^(INPUT|TEXTAREA|SELECT|BUTTON|SUMMARY|A)$/.test(target.tagName))) return;
  const typing = target instanceof HTMLInputElement && !["radio", "checkbox"].includes(target.type);
  if (event.key === "Escape") {
    go(form, -1);
  } else if (event.key === "Enter") {
    if (here.dataset["last"] && form.contains(target)) return;
    go(form, 1);
  } else if (/^[1-9]$/.test(event.key) && !typing) {
    if (!choose(here, Number(event.key))) return;
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

export function startCall(): void {
  document.querySelectorAll<HTMLFormElement>("form[data-call]").forEach((form) => {
    form.classList.add("is-walked");
    const first = steps(form)[0];
    if (first) show(form, first);
    document.addEventListener("keydown", (event) => press(form, event), { capture: true });
  });
}

// Back-entry of paper rounds: one line a door, by keyboard alone. A digit is the outcome; "met" goes on to the
// number of people, filled with how many the register knows; Enter goes to the next door. Lines are sent in
// batches by themselves. Every line bears the id of its visit from the start, so what is sent twice is one
// fact; a line that could not be sent stays and is sent again.

const BATCH = 20;
const QUIET_MS = 4000;
const AGAIN_MS = 8000;

interface Answer {
  rows: { id: string; saved: boolean; told: string }[];
}

function field(line: HTMLElement, name: string): HTMLInputElement {
  return line.querySelector<HTMLInputElement>(`input[name=${name}]`) as HTMLInputElement;
}

class Sheet {
  private readonly lines: HTMLElement[];
  private readonly words = new Map<string, { word: string; met: boolean }>();
  private readonly waiting = new Map<string, HTMLElement>();
  private timer = 0;
  private sending = false;
  private saved = 0;

  constructor(private readonly form: HTMLFormElement) {
    this.lines = Array.from(form.querySelectorAll<HTMLElement>("[data-line]"));
    document.querySelectorAll<HTMLElement>("#entry-words [data-key]").forEach((item) => {
      this.words.set(item.dataset["key"] ?? "", {
        word: item.textContent ?? "",
        met: item.dataset["met"] === "1",
      });
    });
    form.addEventListener("input", (event) => this.typed(event.target as HTMLInputElement));
    form.addEventListener("keydown", (event) => this.pressed(event));
    form.addEventListener("focusin", (event) => this.show(event.target as HTMLElement));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.lines.forEach((line) => this.take(line));
      void this.send();
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.waiting.size > 0) event.preventDefault();
    });
    const first = this.lines.find((line) => !field(line, "o").value);
    if (first) field(first, "o").focus();
  }

  private show(target: HTMLElement): void {
    this.lines.forEach((line) => line.classList.toggle("is-current", line.contains(target)));
    if (target instanceof HTMLInputElement) target.select();
  }

  private typed(target: HTMLInputElement): void {
    const line = target.closest<HTMLElement>("[data-line]");
    if (!line || target.name !== "o") return;
    const known = this.words.get(target.value);
    const word = line.querySelector<HTMLElement>(".word");
    if (word) word.textContent = known?.word ?? "";
    const people = field(line, "p");
    if (!known) {
      target.value = "";
    } else if (known.met) {
      if (!people.value) people.value = line.dataset["known"] === "0" ? "" : (line.dataset["known"] ?? "");
      people.focus();
    } else {
      people.value = "";
    }
  }

  private pressed(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    const line = target.closest<HTMLElement>("[data-line]");
    if (!line || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.lines.indexOf(line);
    if (event.key === "Enter" || event.key === "ArrowDown") {
      event.preventDefault();
      if (event.key === "Enter" && !this.take(line)) return;
      this.go(at + 1);
    } else if (event.key === "ArrowUp") {
      event.preventDefault();
      this.go(at - 1);
    }
  }

  private go(index: number): void {
    const next = this.lines[index];
    if (next) {
      field(next, "o").focus();
    } else if (index >= this.lines.length) {
      void this.send();
    }
  }

  // Whether the line may be left: complete, or empty. A complete one waits to be sent.
  private take(line: HTMLElement): boolean {
    const key = field(line, "o");
    if (!key.value || line.classList.contains("is-saved")) return true;
    const people = field(line, "p");
    if (this.words.get(key.value)?.met && !/^\d+$/.test(people.value)) {
      people.focus();
      return false;
    }
    this.waiting.set(field(line, "v").value, line);
    line.classList.remove("is-wrong");
    this.say();
    window.clearTimeout(this.timer);
    if (this.waiting.size >= BATCH) void this.send();
    else this.timer = window.setTimeout(() => void this.send(), QUIET_MS);
    return true;
  }

  private async send(): Promise<void> {
    if (this.sending || this.waiting.size === 0) return;
    this.sending = true;
    const batch = new Map(this.waiting);
    const body = new URLSearchParams();
    for (const name of ["csrfmiddlewaretoken", "at", "visitor"]) {
      body.append(name, this.form.querySelector<HTMLInputElement>(`[name=${name}]`)?.value ?? "");
    }
    for (const line of batch.values()) {
      for (const name of ["v", "d", "o", "p", "t"]) body.append(name, field(line, name).value);
      line.querySelectorAll<HTMLInputElement>("input").forEach((input) => (input.readOnly = true));
    }
    try {
      const answer = await fetch(window.location.href, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      this.settle(batch, (await answer.json()) as Answer);
      this.sending = false;
      this.say();
      if (this.waiting.size >= BATCH || this.isThrough()) void this.send();
    } catch {
      this.sending = false;
      this.say(true);
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => void this.send(), AGAIN_MS);
    }
  }

  private settle(batch: Map<string, HTMLElement>, answer: Answer): void {
    for (const row of answer.rows) {
      const line = batch.get(row.id);
      if (!line) continue;
      this.waiting.delete(row.id);
      line.classList.toggle("is-saved", row.saved);
      line.classList.toggle("is-wrong", !row.saved);
      const told = line.querySelector<HTMLElement>(".told");
      if (told) told.textContent = row.told;
      if (row.saved) this.saved += 1;
      else line.querySelectorAll<HTMLInputElement>("input").forEach((input) => (input.readOnly = false));
    }
  }

  private isThrough(): boolean {
    return this.lines.every((line) => line.classList.contains("is-saved") || field(line, "o").value !== "");
  }

  private say(failed = false): void {
    const state = document.getElementById("entry-state");
    if (!state) return;
    const parts = [`${this.saved} ${state.dataset["saved"]}`];
    if (this.waiting.size > 0) {
      parts.push(`${this.waiting.size} ${failed ? state.dataset["failed"] : state.dataset["waiting"]}`);
    } else if (this.lines.every((line) => line.classList.contains("is-saved"))) {
      parts.push(state.dataset["done"] ?? "");
    }
    state.textContent = parts.join(" · ");
    state.classList.toggle("late", failed);
  }
}

export function startEntry(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-entry]");
  if (form && form.querySelector("[data-line]")) new Sheet(form);
}

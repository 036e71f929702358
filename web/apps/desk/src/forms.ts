// Small conveniences of forms: chosen filters apply at once, a double click sends once, one tap fills a value.

export function startForms(): void {
  document.addEventListener("change", (event) => {
    const field = event.target as HTMLElement | null;
    if (field?.matches("[data-submit]")) field.closest("form")?.requestSubmit();
  });

  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.method !== "post") return;
    if (form.dataset["sent"]) {
      event.preventDefault();
      return;
    }
    form.dataset["sent"] = "1";
    window.setTimeout(() => {
      delete form.dataset["sent"];
    }, 3000);
  });

  document.addEventListener("click", (event) => {
    const chip = (event.target as Element | null)?.closest<HTMLElement>("[data-fill]");
    const field = chip?.dataset["for"] ? document.getElementById(chip.dataset["for"]) : null;
    if (chip && field instanceof HTMLInputElement) {
      field.value = chip.dataset["fill"] ?? "";
      field.focus();
    }
  });

  // "No symptoms" and a symptom cannot both be true.
  document.addEventListener("change", (event) => {
    const box = event.target as HTMLInputElement | null;
    const group = box?.closest("[data-none-first]");
    if (!box?.checked || !group) return;
    const none = group.querySelector<HTMLInputElement>("[data-none]");
    group.querySelectorAll<HTMLInputElement>("input[type=checkbox]").forEach((other) => {
      if (other !== box && (box === none || other === none)) other.checked = false;
    });
  });
}

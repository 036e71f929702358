// On a narrow screen the side list folds behind one button. Without script it simply stays open.

export function startMenu(): void {
  const button = document.querySelector<HTMLButtonElement>("[data-menu]");
  const side = button?.closest(".side");
  if (!button || !side) return;
  document.documentElement.classList.add("has-script");
  button.addEventListener("click", () => {
    const open = side.classList.toggle("is-open");
    button.setAttribute("aria-expanded", String(open));
  });
}

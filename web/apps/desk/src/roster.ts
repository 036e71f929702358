// A roster is a week wide, a telephone two days: the shift that runs now is brought beside its hours, sideways only.

export function startRoster(): void {
  const now = document.querySelector<HTMLElement>(".roster .is-now");
  const box = now?.closest<HTMLElement>(".rows-box");
  const hours = now?.closest("tr")?.querySelector<HTMLElement>("th");
  if (!now || !box || !hours) return;
  box.scrollLeft += now.getBoundingClientRect().left - hours.getBoundingClientRect().right;
}

// A roster is a week wide, a telephone two days: the shift that runs now is brought into sight, sideways only.

export function startRoster(): void {
  const now = document.querySelector<HTMLElement>(".roster .is-now");
  const box = now?.closest<HTMLElement>(".rows-box");
  if (!now || !box) return;
  box.scrollLeft += now.getBoundingClientRect().left - box.getBoundingClientRect().left - BESIDE;
}

const BESIDE = 8;

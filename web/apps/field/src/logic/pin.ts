/** 口令 Whether six figures are among those that everybody tries first. */
export function isWeakPin(pin: string): boolean {
  const figures = [...pin].map(Number);
  const steps = new Set(figures.slice(1).map((figure, at) => (figure - (figures[at] ?? 0) + 10) % 10));
  if (steps.size === 1) return true; // 000000, 123456, 987654, 135791
  const halves = pin.slice(0, pin.length / 2) === pin.slice(pin.length / 2);
  const pairs = new Set(pin.match(/../g)).size === 1;
  return halves || pairs; // 123123, 121212
}

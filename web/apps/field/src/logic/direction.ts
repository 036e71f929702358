/** 方位 From one door to the next: how far, and which way. */

export type Point = readonly [lat: number, lon: number];

export interface Leg {
  readonly metres: number;
  /** 0 north, 1 north-east … 7 north-west. */
  readonly eighth: number;
}

const EARTH = 6_371_008.8;
const ARROWS = ["↑", "↗", "→", "↘", "↓", "↙", "←", "↖"] as const;

export function legOf(from: Point, to: Point): Leg {
  const [a, b] = [radians(from[0]), radians(to[0])];
  const turn = radians(to[1] - from[1]);
  const haversine = Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(turn / 2) ** 2;
  const metres = 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(haversine)));
  const east = Math.sin(turn) * Math.cos(b);
  const north = Math.cos(a) * Math.sin(b) - Math.sin(a) * Math.cos(b) * Math.cos(turn);
  const bearing = (Math.atan2(east, north) * 180) / Math.PI;
  return { metres, eighth: (Math.round(bearing / 45) + 8) % 8 };
}

export function arrow(leg: Leg): string {
  return ARROWS[leg.eighth] ?? "↑";
}

/** As one would say it: 40 m, 350 m, 1.2 km. */
export function distance(metres: number): { readonly unit: "m" | "km"; readonly amount: string } {
  if (metres < 995) return { unit: "m", amount: String(Math.max(10, Math.round(metres / 10) * 10)) };
  return { unit: "km", amount: (metres / 1000).toFixed(metres < 9950 ? 1 : 0) };
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

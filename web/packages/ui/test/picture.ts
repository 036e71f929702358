/** A QR code as segno draws it (error level M), and photographs of it: grey, turned, blurred, noisy. */
import type { Pixels } from "../src/decode.ts";

export const TEXT = "https://shouwang.example/field/#enrol=K7M2PX9QRT";

const ROWS = [
  "#######.#######..#....#...#######",
  "#.....#..####.......#...#.#.....#",
  "#.###.#.####.#.#.#.#.#....#.###.#",
  "#.###.#..#..#..#...#..#.#.#.###.#",
  "#.###.#...#.##.#.#.#.#..#.#.###.#",
  "#.....#.##.#..##...#......#.....#",
  "#######.#.#.#.#.#.#.#.#.#.#######",
  ".........##....##..##.#..........",
  "#.#...##.##.#.#.#...#......#..#.#",
  ".##.#.......##.###.##..##.#..#..#",
  "..#..##..#.#...#...#.###.#...##.#",
  "...#.#.#.#.#.#..##....#.######.#.",
  "##...##..#####.#.#.#.#.#.####...#",
  "###.#..#.....#...#...##.####.####",
  ".##.###....#####.#.#...##...##..#",
  "...###.####.###..........#####...",
  "####.##.###.#####..##..#..##...#.",
  ".#..##....##.####..##..####..#..#",
  "###.#.#.##.###.#.####.##..##.##.#",
  "..##.#.##.#..#....#....####.##.##",
  ".##.####...###..###.##....#....##",
  "...###.#.##.#.#.#.#.#.#.#.......#",
  "###.######..##..##..#..#######..#",
  "...###..####.#.##.###.##.#####...",
  "###..##.####..#.#.#...########.##",
  "........#..##.####.##...#...#...#",
  "#######.#.#....##..#.#..#.#.#####",
  "#.....#...###..###..#..##...##.##",
  "#.###.#..#.....#.#.##########....",
  "#.###.#...#####..#...#...#.######",
  "#.###.#.##.#.#.#...##..#.#.##..##",
  "#.....#..#.#......#....#######...",
  "#######.#.#....##..##..##.####..#",
] as const;

export interface Shot {
  /** Degrees by which the phone is held askew. */
  readonly turned?: number;
  /** Pixels to one module of the code. */
  readonly module?: number;
  readonly dark?: number;
  readonly light?: number;
  /** Grey levels of noise, the same in every run. */
  readonly noise?: number;
}

/** What a camera 640 pixels square sees of the code. */
export function photographed({ turned = 0, module = 8, dark = 40, light = 215, noise = 0 }: Shot): Pixels {
  const size = 640;
  const data = new Uint8ClampedArray(size * size * 4);
  const [cos, sin] = [Math.cos((turned * Math.PI) / 180), Math.sin((turned * Math.PI) / 180)];
  let seed = 1;
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const [u, v] = [x - size / 2, y - size / 2];
      const column = Math.floor((u * cos + v * sin) / module + ROWS.length / 2);
      const row = Math.floor((v * cos - u * sin) / module + ROWS.length / 2);
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      const grey = (ROWS[row]?.[column] === "#" ? dark : light) + ((seed / 2_147_483_648) * 2 - 1) * noise;
      data.set([grey, grey, grey, 255], (y * size + x) * 4);
    }
  }
  return { data, width: size, height: size };
}

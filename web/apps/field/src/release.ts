/** Counts releases of the app (docs/reference/sync.md, 6): goes with every request as `X-Shouwang-App`. */
export const RELEASE = 3;

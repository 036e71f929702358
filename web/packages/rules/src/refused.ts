/** What the house says no with: a kebab-case code, the same as in Python, and what it speaks of. */
export class Refused extends Error {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;

  constructor(code: string, params: Readonly<Record<string, string | number>> = {}) {
    super(`${code} ${JSON.stringify(params)}`);
    this.name = "Refused";
    this.code = code;
    this.params = params;
  }
}

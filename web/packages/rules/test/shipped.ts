/** The packs that ship, and their cases, from the very files that Python reads. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { parse as parseToml, TomlDate } from "smol-toml";
import { parse as parseYaml, type ScalarTag } from "yaml";

import type { Day, Pack } from "../src/index.ts";

const DATA = fileURLToPath(new URL("../../../../src/shouwang/packs/data", import.meta.url));

export interface Case {
  readonly case: string;
  readonly found: Day;
  readonly person: {
    readonly area?: string;
    readonly born?: Day;
    readonly sex?: string;
    readonly tags?: readonly string[];
    readonly trips?: readonly { readonly from?: string; readonly left?: Day; readonly returned?: Day }[];
    readonly exposures?: readonly { readonly kind: string; readonly first?: Day; readonly last?: Day }[];
    readonly discharged?: readonly Day[];
  };
  readonly expect: {
    readonly category: string | null;
    readonly certain?: boolean | null;
    readonly ledgers?: readonly string[] | null;
    readonly exempt?: string | null;
    readonly found?: string | null;
    readonly "first-day"?: Day | null;
    readonly "last-day"?: Day | null;
    readonly days?: Readonly<
      Record<Day, { readonly stage?: string; readonly due?: readonly string[]; readonly tests?: readonly string[] }>
    >;
  };
  readonly checks?: readonly {
    readonly temperature?: number;
    readonly symptoms?: readonly string[];
    readonly test?: string;
    readonly alerts?: readonly string[];
  }[];
}

export function packIds(): readonly string[] {
  return readdirSync(DATA, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && readdirSync(join(DATA, entry.name)).includes("pack.toml"))
    .map((entry) => entry.name)
    .sort();
}

export function packOf(id: string): Pack {
  return plain(parseToml(readFileSync(join(DATA, id, "pack.toml"), "utf8"))) as Pack;
}

export function casesOf(id: string): readonly Case[] {
  const folder = join(DATA, id, "cases");
  return readdirSync(folder)
    .sort()
    .flatMap((name) => read(name, readFileSync(join(folder, name), "utf8")) as Case[]);
}

function read(name: string, text: string): unknown {
  if (name.endsWith(".toml")) return plain(parseToml(text));
  return parseYaml(text, { schema: "failsafe", customTags: TAGS });
}

/** YAML as the house reads it: only these are anything but text, so 12:00 and 2020-01-30 are text. */
const TAGS: ScalarTag[] = [
  { tag: "tag:yaml.org,2002:bool", default: true, test: /^(?:true|false)$/, resolve: (text) => text === "true" },
  { tag: "tag:yaml.org,2002:int", default: true, test: /^-?(?:0|[1-9][0-9]*)$/, resolve: Number },
  { tag: "tag:yaml.org,2002:null", default: true, test: /^(?:null|~)$/, resolve: () => null },
];

/** Days and clock times as text, as in the JSON that the telephone gets. */
function plain(value: unknown): unknown {
  if (value instanceof TomlDate) return value.isTime() ? value.toISOString().slice(0, 5) : value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

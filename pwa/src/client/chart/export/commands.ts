/** A chart as a command and as a script: both run as they stand. */

import { type Format, MEDIA_TYPES } from "../../../shared/pictures";
import { TOKEN_OPTION } from "../../session/token";

/** Linux takes no single argument of 128 KiB or more. */
const LONGEST_ARGUMENT = 100_000;
/** Characters in a line of Python. */
const LINE = 88;

export interface Order {
  /** `https://charts.example.org`. */
  origin: string;
  spec: object;
  format: Format;
  /** The file that the picture goes into. */
  file: string;
  /** Whether the server wants to know who asks: `PLOTKILN_TOKEN` says it then. */
  withToken?: boolean;
}

/** Return a `curl` command that draws a chart into a file. */
export function curlCommand({ origin, spec, format, file, withToken }: Order): string {
  const body = JSON.stringify(spec);
  const isLong = new TextEncoder().encode(body).length > LONGEST_ARGUMENT;
  const parts = [
    `curl -fsS -X POST ${quoted(`${origin}/plot`)}`,
    "-H 'Content-Type: application/json'",
    ...(withToken ? [TOKEN_OPTION] : []),
    `-H ${quoted(`Accept: ${MEDIA_TYPES[format]}`)}`,
    `-o ${quoted(file)}`,
    isLong ? "--data-binary @- <<'SPEC'" : `--data-binary ${quoted(body)}`,
  ];
  return `${parts.join(" \\\n  ")}\n${isLong ? `${body}\nSPEC\n` : ""}`;
}

/** Return a text as one word of a POSIX shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Return a Python script, without any package, that draws a chart into a file. */
export function pythonScript({ origin, spec, format, file, withToken }: Order): string {
  const token = withToken ? ', "Authorization": f"Bearer {os.environ[\'PLOTKILN_TOKEN\']}"' : "";
  return `import json
${withToken ? "import os\n" : ""}import sys
import urllib.error
import urllib.request

spec = ${literal(spec, "")}

request = urllib.request.Request(
    ${JSON.stringify(`${origin}/plot`)},
    data=json.dumps(spec).encode(),
    headers={"Content-Type": "application/json", "Accept": "${MEDIA_TYPES[format]}"${token}},
)
try:
    with urllib.request.urlopen(request) as answer, open(${JSON.stringify(file)}, "wb") as picture:
        picture.write(answer.read())
except urllib.error.HTTPError as refusal:
    sys.exit(refusal.read().decode())
`;
}

/** Write a JSON value in Python; JSON's strings are Python's, too. */
function literal(value: unknown, indent: string): string {
  const short = inline(value);
  if (indent.length + short.length < LINE || typeof value !== "object") return short;
  const inner = `${indent}    `;
  if (Array.isArray(value)) {
    const items = value.some((item) => typeof item === "object" && item !== null)
      ? value.map((item) => `${inner}${literal(item, inner)},`)
      : filled(value.map(inline), inner);
    return `[\n${items.join("\n")}\n${indent}]`;
  }
  const members = membersOf(value).map(
    ([name, member]) => `${inner}${JSON.stringify(name)}: ${literal(member, inner)},`,
  );
  return `{\n${members.join("\n")}\n${indent}}`;
}

function inline(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  const members = membersOf(value);
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}: ${inline(member)}`).join(", ")}}`;
}

/** As JSON has them: what is undefined is not there. */
function membersOf(value: object | null): [string, unknown][] {
  return Object.entries(value ?? {}).filter(([, member]) => member !== undefined);
}

/** Return short texts as full lines. */
function filled(items: readonly string[], indent: string): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const item of items) {
    if (line.length + item.length + 1 > LINE && line !== indent) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `${item}, `;
  }
  return [...lines, line.trimEnd()];
}

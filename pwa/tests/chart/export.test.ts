import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { curlCommand, pythonScript, quoted } from "../../src/client/chart/export/commands";
import { fileName } from "../../src/client/chart/export/file_name";
import { imageElement } from "../../src/client/chart/export/image_element";
import { faultyLine, jsonText } from "../../src/client/chart/export/json_text";
import { inPixels, inUnit, PRESETS, presetOf } from "../../src/client/chart/export/sizes";

const AWKWARD = 'It\'s $HOME, "quoted"; `date` \\ & 图表\n<b>%d</b> !';

describe("commands", () => {
  test.each([AWKWARD, "", "''", "-x", "a\\'b"])("a shell reads %j as one word", (text) => {
    const read = execFileSync("sh", ["-c", `printf %s ${quoted(text)}`], { encoding: "utf8" });
    expect(read).toBe(text);
  });

  test("curl sends the spec and names the file", () => {
    const command = curlCommand({
      origin: "https://charts.example.org",
      spec: { title: AWKWARD, y: [1, 2] },
      format: "svg",
      file: "it-s.svg",
    });
    // a function in the place of curl shows its arguments
    const script = `curl() { printf '%s\\0' "$@"; }\n${command}`;
    const words = execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\0");
    expect(JSON.parse(words[words.indexOf("--data-binary") + 1] ?? "")).toEqual({
      title: AWKWARD,
      y: [1, 2],
    });
    expect(words).toContain("https://charts.example.org/plot");
    expect(words).toContain("Accept: image/svg+xml");
    expect(words[words.indexOf("-o") + 1]).toBe("it-s.svg");
  });

  test("where people sign in, both send the token of the shell that runs them", () => {
    const order = {
      origin: "https://charts.example.org",
      spec: { y: [1] },
      format: "png",
      file: "chart.png",
      withToken: true,
    } as const;
    const script = `curl() { printf '%s\\0' "$@"; }\nPLOTKILN_TOKEN='a b'\n${curlCommand(order)}`;
    const words = execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\0");
    expect(words).toContain("Authorization: Bearer a b");
    const shown = pythonScript(order).replace(/try:[\s\S]*/, "print(request.headers)");
    const env = { ...process.env, PLOTKILN_TOKEN: "a b" };
    const printed = execFileSync("python3", ["-c", shown], { encoding: "utf8", env });
    expect(printed).toContain("'Authorization': 'Bearer a b'");
  });

  test("curl takes a spec that is too long for an argument from its input", () => {
    const spec = { title: AWKWARD, y: Array.from({ length: 60_000 }, (_, at) => at) };
    const order = { origin: "http://127.0.0.1", spec, format: "png", file: "chart.png" } as const;
    const script = `curl() { cat; }\n${curlCommand(order)}`;
    const sent = execFileSync("sh", { input: script, encoding: "utf8", maxBuffer: 2 ** 22 });
    expect(JSON.parse(sent)).toEqual(spec);
  });

  test("python writes every value of JSON", () => {
    const spec = {
      title: AWKWARD,
      x: Array.from({ length: 40 }, (_, at) => `2026-03-${at}`),
      y: [1, -2.5, 1e21, null, true, false],
      gone: undefined,
      axes: { y: { limits: [null, 10], label: "长标签".repeat(40) } },
    };
    const script = pythonScript({ origin: "http://x", spec, format: "png", file: "a.png" });
    const literal = script.slice(script.indexOf("spec = "), script.indexOf("request = "));
    const lines = literal.split("\n").filter((line) => !line.includes("长标签"));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(90);
    expect(
      literal.replace(/None/g, "null").replace(/True/g, "true").replace(/False/g, "false"),
    ).toContain('"y": [1, -2.5, 1e+21, null, true, false]');
  });
});

describe("an element for pages", () => {
  test("says its alternative text, whatever it holds", () => {
    expect(imageElement("https://x/charts/a.png", 'A "b" <c> & d', { width: 800 })).toBe(
      '<img src="https://x/charts/a.png" alt="A &quot;b&quot; &lt;c&gt; &amp; d" width="800">',
    );
  });
});

describe("file names", () => {
  test.each([
    ["Sales by quarter, 2026", "sales-by-quarter-2026.png"],
    ["销售额（万元）", "销售额-万元.png"],
    ["It’s what’s sold", "its-whats-sold.png"],
    ["../../etc/passwd", "etc-passwd.png"],
    ["$…$", "chart.png"],
    [undefined, "chart.png"],
    ["-rf", "rf.png"],
    ["😀 Émile", "émile.png"],
  ])("%j becomes %j", (title, name) => {
    expect(fileName(title, "png")).toBe(name);
  });

  test("are short enough for every file system", () => {
    const name = fileName("图".repeat(500), "webp");
    expect(new TextEncoder().encode(name).length).toBeLessThan(255);
  });
});

describe("sizes", () => {
  test("every preset is known again", () => {
    for (const [name, size] of Object.entries(PRESETS)) expect(presetOf(size)).toBe(name);
    expect(presetOf({ width: 1201 })).toBeNull();
    expect(presetOf(undefined)).toBe("style");
  });

  test("16 cm at 300 dpi are 1890 pixels, and back", () => {
    expect(inPixels(16, "cm", 300)).toBe(1890);
    expect(inUnit(1890, "cm", 300)).toBe(16);
    expect(inPixels(6.3, "in", 300)).toBe(1890);
  });
});

describe("a spec as text", () => {
  test("is the same spec", () => {
    const spec = { y: Array.from({ length: 100 }, (_, at) => at / 7), axes: { x: {} }, s: AWKWARD };
    expect(JSON.parse(jsonText(spec))).toEqual(spec);
  });

  test("keeps short lists on one line, and breaks long ones", () => {
    const text = jsonText({ x: [1, 2, 3], y: Array.from({ length: 60 }, (_, at) => at) });
    expect(text).toContain('"x": [1, 2, 3]');
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test.each([
    ['{\n  "y": [1, 2],\n  oops\n}', 3],
    ['{\n  "y": [1,\n}', 3],
    ['{\n  "y": [1, 2]\n', 3],
    ['{"y": [1, 2]}', null],
  ])("%j has its mistake in line %j", (text, line) => {
    expect(faultyLine(text)).toBe(line);
  });
});

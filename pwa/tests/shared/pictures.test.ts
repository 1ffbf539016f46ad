import { describe, expect, test } from "vitest";
import { pictureKey, storedHeaders } from "../../src/shared/pictures";

const SPEC = '{"y":[1,2.5,null],"title":"A"}';

describe("pictureKey", () => {
  test("does not depend on the order of members or on white space", async () => {
    const other = '{ "title": "A",\n "y": [1, 2.50, null] }';
    expect(await pictureKey(other, "/plot", "image/png")).toBe(
      await pictureKey(SPEC, "/plot", "image/png"),
    );
  });

  test("differs with everything else", async () => {
    const asked: [string, string, string][] = [
      [SPEC, "/plot", "image/png"],
      [SPEC, "/plot", "image/svg+xml"],
      [SPEC, "/plot?style=dark", "image/png"],
      ['{"y":[2.5,1,null],"title":"A"}', "/plot", "image/png"],
      ['{"y":[1,2.5,null],"title":"a"}', "/plot", "image/png"],
      ['{"y":[1,2.5,0],"title":"A"}', "/plot", "image/png"],
      ['{"y":[1,2.5,"null"],"title":"A"}', "/plot", "image/png"],
      ["x,y\n1,2", "/plot", "image/png"],
      ["x,y\n1,3", "/plot", "image/png"],
    ];
    const keys = await Promise.all(asked.map((one) => pictureKey(...one)));
    expect(new Set(keys).size).toBe(asked.length);
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{64}$/);
  });
});

test("a 304 keeps what it leaves out, and says what is new", () => {
  const stored = new Headers({
    "Content-Type": "image/png",
    "Content-Location": "/charts/a.png",
    "Content-Encoding": "gzip",
    "Plotkiln-Style": "default@1",
  });
  const headers = storedHeaders("k", new Headers({ "Plotkiln-Style": "default@2" }), stored);
  expect(headers.get("Content-Type")).toBe("image/png");
  expect(headers.get("Content-Location")).toBe("/charts/a.png");
  expect(headers.get("Content-Encoding")).toBeNull();
  expect(headers.get("Plotkiln-Style")).toBe("default@2");
  expect(headers.get("Plotkiln-Key")).toBe("k");
});

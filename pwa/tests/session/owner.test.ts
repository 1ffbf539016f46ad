import { beforeEach, expect, test, vi } from "vitest";
import { begin, NOBODY, remembered, told } from "./browser";

const forgetAll = vi.fn(() => Promise.resolve());
const forgetPictures = vi.fn(() => Promise.resolve());

beforeEach(() => {
  begin();
  vi.clearAllMocks();
  vi.doMock("../../src/client/session/forgetting", () => ({ forgetAll, forgetPictures }));
});

/** Take up a session; true where the page goes on. */
async function taken(changed = {}): Promise<boolean> {
  const { takeOver } = await import("../../src/client/session/owner");
  const goesOn = takeOver(told(changed)).then(() => true);
  const stays = vi.waitFor(() => expect(location.reload).toHaveBeenCalled()).then(() => false);
  return Promise.race([goesOn, stays]);
}

function owner(): string | undefined {
  return remembered.get("plotkiln.owner");
}

test("what lies here belongs to the first who signs in", async () => {
  expect(await taken()).toBe(true);
  expect(owner()).toBe("user:ada");
  expect(forgetAll).not.toHaveBeenCalled();
});

test("a session that ran out takes nothing, and the same person finds all of it", async () => {
  await taken();
  expect(await taken(NOBODY)).toBe(true);
  expect([owner(), remembered.get("plotkiln.signed-out")]).toEqual(["user:ada", "1"]);
  expect(await taken()).toBe(true);
  expect(remembered.has("plotkiln.signed-out")).toBe(false);
  expect(forgetAll).not.toHaveBeenCalled();
});

test("the next one finds nothing of the last: it is removed, and the page is loaded anew", async () => {
  await taken();
  let whose: string | undefined;
  forgetAll.mockImplementationOnce(async () => {
    whose = owner();
  });
  expect(await taken({ name: "user:bob" })).toBe(false);
  expect(forgetAll).toHaveBeenCalledTimes(1);
  // Other tabs store nothing any more while it is removed.
  expect(whose).toBe("!");
  expect(owner()).toBe("user:bob");
});

test("a removal that was broken off is finished, whoever is signed in", async () => {
  remembered.set("plotkiln.owner", "!");
  expect(await taken(NOBODY)).toBe(false);
  expect(forgetAll).toHaveBeenCalledTimes(1);
  expect(owner()).toBe("");
});

test("pictures that came after the last one had signed out are removed before the next one's", async () => {
  remembered.set("plotkiln.owner", "");
  expect(await taken({ name: "user:bob" })).toBe(true);
  expect(forgetPictures).toHaveBeenCalledTimes(1);
  expect(forgetAll).not.toHaveBeenCalled();
  expect(owner()).toBe("user:bob");
});

test("where identity was turned off, nothing is anybody's", async () => {
  remembered.set("plotkiln.owner", "user:ada");
  remembered.set("plotkiln.signed-out", "1");
  expect(await taken({ ...NOBODY, identity: false })).toBe(true);
  expect(remembered.has("plotkiln.signed-out")).toBe(false);
  expect(forgetAll).not.toHaveBeenCalled();
});

import { expect, test } from "vitest";
import { inTurn } from "../../src/client/jobs/gate";

const never = new AbortController().signal;

test("two run at once, the others wait for their turn", async () => {
  const ends: (() => void)[] = [];
  const begun: number[] = [];
  const all = [1, 2, 3].map((number) =>
    inTurn(never, () => {
      begun.push(number);
      return new Promise<void>((resolve) => ends.push(resolve));
    }),
  );
  await Promise.resolve();
  expect(begun).toEqual([1, 2]);
  ends[0]?.();
  await all[0];
  await Promise.resolve();
  expect(begun).toEqual([1, 2, 3]);
  ends[1]?.();
  ends[2]?.();
  await Promise.all(all);
});

test("whoever gives up meanwhile does not run, and holds nobody up", async () => {
  const giving = new AbortController();
  const ends: (() => void)[] = [];
  const hold = () => new Promise<void>((resolve) => ends.push(resolve));
  const running = [inTurn(never, hold), inTurn(never, hold)];
  let ran = false;
  const waiting = inTurn(giving.signal, async () => {
    ran = true;
  });
  giving.abort();
  for (const end of ends) end();
  await Promise.all([...running, waiting]);
  expect(ran).toBe(false);
  await inTurn(never, async () => {
    ran = true;
  });
  expect(ran).toBe(true);
});

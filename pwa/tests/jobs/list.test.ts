import { expect, test, vi } from "vitest";
import { job } from "./jobs";

vi.stubGlobal("navigator", { onLine: true });
vi.stubGlobal("addEventListener", () => undefined);

const { known } = await import("../../src/client/jobs/known");
const { hear, seenUnderWay } = await import("../../src/client/jobs/list");
const { grouped } = await import("../../src/client/jobs/pages");

test("a job heard of before the list was read stays in sight when it is over", () => {
  const told = (members: Parameters<typeof job>[1]) => ({
    id: "1",
    source: "/jobs",
    type: "plotkiln.job.changed",
    subject: "a",
    data: job("a", members),
  });
  hear(told({ state: "running" }));
  hear(told({ state: "succeeded", version: 2 }));
  // A page that was asked for before the job was submitted comes now.
  const { over } = grouped({ ids: [] }, seenUnderWay.value, known.value);
  expect(over.map(({ id }) => id)).toEqual(["a"]);
});

import type { Job } from "../http/jobs";
import { words } from "./words";

/** Why a job has no picture, in words. */
export function Reason({ of: { problem, state } }: { of: Job }) {
  const { gone, noReason } = words();
  if (state === "cancelled" || state === "expired") {
    return <p class="quiet jobs-reason">{gone[state]}</p>;
  }
  if (state !== "failed") return null;
  const faults = problem?.errors ?? [];
  if (faults.length === 0) {
    return <p class="jobs-reason">{problem?.detail ?? problem?.title ?? noReason}</p>;
  }
  return (
    <ul class="jobs-reason">
      {faults.slice(0, 6).map(({ path, message }) => (
        <li key={`${path} ${message}`}>
          {path && <strong>{path}: </strong>}
          {message}
        </li>
      ))}
    </ul>
  );
}

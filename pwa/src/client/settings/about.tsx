import { signal } from "@preact/signals";
import { online } from "../pictures/connection";
import { applyUpdate, checkForUpdate, updateWaiting } from "../pictures/service_worker";
import { words } from "./words";

type Search = "idle" | "checking" | "upToDate" | "found" | "unreachable";

const search = signal<Search>("idle");

/** Which version this is, whether there is a newer one, and whether the server is there. */
export function About() {
  return (
    <dl class="settings-facts">
      <div>
        <dt>{words().connection}</dt>
        <dd>{online.value ? words().online : words().offline}</dd>
      </div>
      <div>
        <dt>
          {words().version}
          <span class="quiet" role="status">
            {said()}
          </span>
        </dt>
        <dd>
          {import.meta.env.PLOTKILN_VERSION}
          {updateWaiting.value ? (
            <button type="button" class="primary" onClick={applyUpdate}>
              {words().reload}
            </button>
          ) : (
            <button type="button" disabled={search.value === "checking"} onClick={look}>
              {words().check}
            </button>
          )}
        </dd>
      </div>
    </dl>
  );
}

function said(): string {
  if (updateWaiting.value) return words().waiting;
  return search.value === "idle" ? "" : words()[search.value];
}

async function look(): Promise<void> {
  search.value = "checking";
  try {
    search.value = (await checkForUpdate()) ? "found" : "upToDate";
  } catch {
    search.value = "unreachable";
  }
}

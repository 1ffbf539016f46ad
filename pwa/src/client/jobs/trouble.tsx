import { Icon } from "../elements/icon";
import { lazy } from "../elements/lazy";
import { isForNow, type Problem } from "../http/problems";
import { words } from "./words";

interface TroubleProps {
  problem: Problem;
  /** Whether what was known before is still shown. */
  old: boolean;
  retry: () => void;
}

/** Why jobs could not be read, and what can be done. */
export function Trouble({ problem, old, retry }: TroubleProps) {
  const { fault, offline, offlineOld, retry: again } = words().trouble;
  const isOffline = problem.kind === "offline";
  if (isForNow(problem)) return <Refused problem={problem} retry={retry} />;
  const said = isOffline ? (old ? offlineOld : offline) : fault(problem.message);
  return (
    <p class={isOffline ? "jobs-note" : "jobs-note bad"} role="alert">
      <Icon name="warning" />
      <span>{said}</span>
      <button type="button" class="link" onClick={retry}>
        {again}
      </button>
    </p>
  );
}

const Refused = lazy(() => import("../session/refused").then((part) => part.Refused), 40);

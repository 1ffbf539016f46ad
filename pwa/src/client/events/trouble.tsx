import { Icon } from "../elements/icon";
import { lazy } from "../elements/lazy";
import { isForNow, type Problem } from "../http/problems";
import { look } from "./looking";
import { words } from "./words";

interface TroubleProps {
  problem: Problem;
  /** Whether what was known before is still shown. */
  old?: boolean;
  retry?: () => void;
}

/** Why events could not be read, and what can be done. */
export function Trouble({ problem, old = false, retry = () => void look() }: TroubleProps) {
  const { fault, offline, offlineOld } = words().trouble;
  const gone = problem.kind === "offline";
  if (isForNow(problem)) return <Refused problem={problem} retry={retry} />;
  const said = gone ? (old ? offlineOld : offline) : fault(problem.message);
  return (
    <p class={gone ? "events-note" : "events-note bad"} role="alert">
      <Icon name="warning" />
      <span>{said}</span>
      <button type="button" class="link" onClick={retry}>
        {words().retry}
      </button>
    </p>
  );
}

const Refused = lazy(() => import("../session/refused").then((part) => part.Refused), 40);

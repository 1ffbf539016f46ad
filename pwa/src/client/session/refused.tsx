import { useEffect } from "preact/hooks";
import { Icon } from "../elements/icon";
import type { Problem } from "../http/problems";
import { session } from "./session";
import { SignIn } from "./signed_out";
import { words } from "./words";
import "./session.css";

await words.load();

export interface RefusedProps {
  problem: Problem;
  retry: () => void;
}

/** In place of what is refused for now: where to sign in, or when there is room; asked again then. */
export function Refused({ problem, retry }: RefusedProps) {
  const { message, retryAfter, status } = problem;
  useEffect(() => {
    if (status !== 429) return;
    const timer = setTimeout(retry, 1000 * (retryAfter ?? 1));
    return () => clearTimeout(timer);
  }, [problem]);
  const address = status === 401 && session.value?.sign_in;
  return (
    <p class="session-lacking" role="status">
      <Icon name="wait" />
      <span>{message}</span>
      {address && <SignIn address={address} />}
    </p>
  );
}

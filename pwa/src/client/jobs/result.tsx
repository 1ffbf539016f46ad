import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import type { Job } from "../http/jobs";
import { online } from "../pictures/connection";
import { resultOf } from "./pictures";

interface ResultProps {
  of: Job;
  alt: string;
  /** Whether it is fetched only when it comes into sight. */
  lazy?: boolean;
  /** What stands in its place where it cannot be fetched; it is tried anew with the network. */
  children: ComponentChildren;
}

/** The picture of a job that succeeded. */
export function Result({ of: job, alt, lazy = false, children }: ResultProps) {
  const src = resultOf(job);
  const attempt = useAttempt(`${src} ${online.value}`);
  const [broken, setBroken] = useState(0);
  if (broken === attempt) return <>{children}</>;
  return (
    <img
      key={attempt}
      src={src}
      alt={alt}
      loading={lazy ? "lazy" : "eager"}
      onError={() => setBroken(attempt)}
    />
  );
}

/** Count what was tried: that one failed before the network went says nothing of when it is back. */
function useAttempt(circumstances: string): number {
  const last = useRef({ circumstances: "", number: 0 });
  if (last.current.circumstances !== circumstances) {
    last.current = { circumstances, number: last.current.number + 1 };
  }
  return last.current.number;
}

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
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
  // With each change of the network it is another attempt.
  const attempt = `${src} ${online.value}`;
  const [broken, setBroken] = useState("");
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

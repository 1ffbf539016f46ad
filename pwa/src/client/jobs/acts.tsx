import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { fileName } from "../chart/export/file_name";
import { Icon, type IconName } from "../elements/icon";
import { usePlace } from "../elements/place";
import { hasEnded, type Job } from "../http/jobs";
import { cancel, copyAddress, retry, tellWhenDone } from "./actions";
import { followed, unfollow } from "./followed";
import { nameOf, rowId } from "./naming";
import { resultOf } from "./pictures";
import { words } from "./words";

interface Of {
  of: Job;
}

interface ActsProps extends Of {
  /** Whether there is room for words beside every drawing. */
  roomy?: boolean;
}

/** What can be done with a job as it stands. */
export function Acts({ of: job, roomy = false }: ActsProps) {
  return (
    <div class="jobs-acts">
      {!hasEnded(job) && <Tell of={job} />}
      {!hasEnded(job) && (
        <Act of={job} icon="close" label={words().acts.cancel} act={() => void cancel(job)}>
          {words().acts.cancel}
        </Act>
      )}
      {job.state === "succeeded" && <Download of={job} roomy={roomy} />}
      {job.state === "succeeded" && <Copy of={job} roomy={roomy} />}
      {hasEnded(job) && job.state !== "succeeded" && (
        <Act of={job} icon="fresh" label={words().acts.retry} act={() => void retry(job)}>
          {words().acts.retry}
        </Act>
      )}
    </div>
  );
}

/** A bell: whether the end is told. */
export function Tell({ of: job }: Of) {
  const told = followed.value.get(job.id) ?? false;
  const { tell, tellShort, untell } = words().acts;
  return (
    <button
      ref={usePlace<HTMLButtonElement>(() => stillThere(job))}
      type="button"
      class="jobs-tell"
      aria-pressed={told}
      aria-label={words().of(tell, nameOf(job))}
      title={told ? untell : tell}
      onClick={() => (told ? unfollow(job.id) : void tellWhenDone(job))}
    >
      <Icon name="bell" /> {told ? words().told : tellShort}
    </button>
  );
}

interface ActProps extends Of {
  icon: IconName;
  label: string;
  act: () => void;
  children: ComponentChildren;
}

function Act({ of: job, icon, label, act, children }: ActProps) {
  return (
    <button
      ref={usePlace<HTMLButtonElement>(() => stillThere(job))}
      type="button"
      aria-label={words().of(label, nameOf(job))}
      onClick={act}
    >
      <Icon name={icon} /> {children}
    </button>
  );
}

/** Where the keyboard goes on when a button goes away: the row's link, or what else can be done. */
function stillThere({ id }: Job): HTMLElement | null {
  return document.getElementById(rowId(id)) ?? document.querySelector(".jobs-acts :is(a, button)");
}

function Download({ of: job, roomy }: ActsProps) {
  const { download } = words().acts;
  const file = fileName(nameOf(job), job.format === "jpeg" ? "jpg" : job.format);
  return (
    <a
      class={roomy ? "button" : "button bare"}
      href={resultOf(job)}
      download={file}
      aria-label={words().of(download, nameOf(job))}
      title={download}
    >
      <Icon name="download" /> {roomy && download}
    </a>
  );
}

/** Milliseconds that "copied" stays. */
const STAY = 2_500;

function Copy({ of: job, roomy }: ActsProps) {
  const [copied, setCopied] = useState(false);
  const act = async () => {
    if (!(await copyAddress(job))) return;
    setCopied(true);
    setTimeout(() => setCopied(false), STAY);
  };
  const { copy } = words().acts;
  return (
    <>
      <button
        type="button"
        class={roomy ? "" : "bare"}
        aria-label={words().of(copy, nameOf(job))}
        title={copied ? words().copied : copy}
        onClick={() => void act()}
      >
        <Icon name={copied ? "check" : "link"} /> {roomy && copy}
      </button>
      <span class="said" role="status">
        {copied && words().copied}
      </span>
    </>
  );
}

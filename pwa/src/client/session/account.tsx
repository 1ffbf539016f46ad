import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { Dialog } from "../elements/dialog";
import { Problem } from "../http/problems";
import { moment } from "../language/formats";
import type { GroupProps } from "../settings/index";
import { notify } from "../shell/notices";
import { hrefOf } from "../shell/routes";
import { database } from "../store/database";
import { CLEARING, owner } from "./remembered";
import { SCOPES, type Session } from "./session";
import { SignIn } from "./signed_out";
import { words } from "./words";
import "./session.css";

/** How many charts of the gallery signing out would remove; null while it is not asked. */
const leaving = signal<number | null>(null);
const busy = signal(false);
/** Whether they are signed out here, and the provider was not told. */
const stays = signal(false);
/** Whether the session at the provider is to end, too. */
const everywhere = signal(true);

await words.load();

interface AccountProps {
  of: Session;
  /** What puts it under a heading. */
  group: ComponentType<GroupProps>;
}

/** Who is signed in, what they may, and the way out. */
export function Account({ of, group: Group }: AccountProps) {
  const { title, titleOut } = words().account;
  const isOut = of.name === null;
  return (
    <Group title={isOut ? titleOut : title}>
      {isOut ? <Outside of={of} /> : <Inside of={of} />}
      {(!isOut || isSomebodys()) && <WayOut />}
      {stays.value ? <Stays /> : <Leaving />}
    </Group>
  );
}

function Outside({ of: { sign_in } }: { of: Session }) {
  if (!sign_in) return <p class="quiet">{words().keysOnly}</p>;
  return (
    <div class="row">
      <SignIn class="button primary" address={sign_in} />
    </div>
  );
}

function Inside({ of }: { of: Session }) {
  const labels = words().account;
  return (
    <>
      <p class="session-who">
        <strong>{of.label || nameOf(of)}</strong>
        {of.expires && <span class="quiet">{labels.until(moment(Date.parse(of.expires)))}</span>}
      </p>
      <May of={of} />
    </>
  );
}

/** What they may, in words; who looks after the server may all of it. */
function May({ of: { scopes } }: { of: Session }) {
  const { account, acts } = words();
  const listed = SCOPES.filter((scope) => scopes.includes(scope));
  if (listed.length === 0) return <p class="quiet">{account.nothing}</p>;
  return (
    <>
      <p class="quiet">{account.may}</p>
      <ul class="session-may">
        {listed.map((scope) => (
          <li key={scope}>{acts[scope]}</li>
        ))}
      </ul>
    </>
  );
}

/** Also where the session has ended: the work, and the session at the provider, have not. */
function WayOut() {
  const { hint, signOut } = words().account;
  return (
    <div class="session-act">
      <button type="button" onClick={() => void ask()}>
        {signOut}
      </button>
      <p class="quiet settings-hint">{hint}</p>
    </div>
  );
}

/** Nobody is to believe that they are signed out at the provider. */
function Stays() {
  const labels = words().account;
  const goOn = () => void import("./leaving").then((part) => part.beginAnew());
  return (
    <Dialog open title={labels.titleOut} onClose={goOn}>
      <div class="session-leaving">
        <p>{labels.stays}</p>
        <button type="button" class="primary" onClick={goOn}>
          {labels.goOn}
        </button>
      </div>
    </Dialog>
  );
}

/** It cannot be undone, so that it is asked for, with what goes. */
function Leaving() {
  const labels = words().account;
  const charts = leaving.value;
  const close = () => {
    leaving.value = null;
  };
  return (
    <Dialog open={charts !== null} title={labels.ask} onClose={close}>
      <div class="session-leaving">
        <p>{labels.goes(charts ?? 0)}</p>
        <label class="check">
          <input
            type="checkbox"
            checked={everywhere.value}
            onChange={({ currentTarget }) => {
              everywhere.value = currentTarget.checked;
            }}
          />
          {labels.everywhere}
        </label>
        <div class="row">
          <button type="button" class="primary" disabled={busy.value} onClick={() => void leave()}>
            {labels.signOut}
          </button>
          {charts ? (
            <a class="button" href={hrefOf("gallery")} onClick={close}>
              {labels.export}
            </a>
          ) : null}
          <button type="button" onClick={close}>
            {labels.stay}
          </button>
        </div>
      </div>
    </Dialog>
  );
}

async function ask(): Promise<void> {
  leaving.value = await (await database()).count("charts");
}

async function leave(): Promise<void> {
  busy.value = true;
  const labels = words().account;
  try {
    const { signOut } = await import("./leaving");
    stays.value = !(await signOut({ everywhere: everywhere.value }));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    notify(error.kind === "offline" ? labels.offline : labels.failed(error.message));
  } finally {
    busy.value = false;
    leaving.value = null;
  }
}

/** `user:ada` is Ada, as far as she is concerned. */
function nameOf({ name }: Session): string {
  return (name ?? "").replace(/^user:/, "");
}

/** Whether what lies here is the work of somebody who signed in. */
function isSomebodys(): boolean {
  const whose = owner();
  return Boolean(whose) && whose !== CLEARING;
}

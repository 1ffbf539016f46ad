import { useState } from "preact/hooks";
import { copyText } from "../elements/clipboard";
import { Icon } from "../elements/icon";
import { session } from "../session/session";
import { notify } from "../shell/notices";
import { curlCommand, sendCommand } from "./commands";
import { words } from "./words";
import "./empty.css";

/** How to send the first event. */
export function Empty() {
  const { command, curl, hint, title } = words().empty;
  const withToken = session.value?.identity === true;
  return (
    <div class="events-empty">
      <Icon name="events" />
      <h3>{title}</h3>
      <p class="quiet">{hint}</p>
      <Command label={command} text={sendCommand(location.origin)} />
      <Command label={curl} text={curlCommand(location.origin, { withToken })} />
    </div>
  );
}

/** No embedded broker runs in this server. */
export function Away() {
  const { away, awayHint } = words().trouble;
  return (
    <div class="events-empty">
      <Icon name="events" />
      <h3>{away}</h3>
      <p class="quiet">{awayHint}</p>
    </div>
  );
}

/** Milliseconds that "copied" stays. */
const STAY = 2_500;

function Command({ label, text }: { label: string; text: string }) {
  const [copied, setCopied] = useState(false);
  const { copied: said, copy, copyOf, refused } = words().empty;
  const act = async () => {
    try {
      await copyText(text);
    } catch {
      notify(refused);
      return;
    }
    setCopied(true);
    setTimeout(() => setCopied(false), STAY);
  };
  return (
    <div class="events-command">
      <p>{label}</p>
      <div>
        <code>{text}</code>
        <button type="button" aria-label={copyOf(label)} onClick={() => void act()}>
          <Icon name={copied ? "check" : "copy"} />
          {copied ? said : copy}
        </button>
      </div>
      <span class="said" role="status">
        {copied && said}
      </span>
    </div>
  );
}

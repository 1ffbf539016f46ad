import { Icon } from "../elements/icon";
import { owner } from "./remembered";
import { session } from "./session";
import { words } from "./words";
import "./session.css";

await words.load();

/** One calm line: nobody is signed in, and where to do so. */
export function SignedOut() {
  const address = session.value?.sign_in;
  if (!address) return <p class="banner quiet">{words().keysOnly}</p>;
  return (
    <p class="banner quiet session-line">
      <span>{owner() ? words().signedOut : words().welcome}</span> <SignIn address={address} />
    </p>
  );
}

/** The same on the stage, where the eyes are. */
export function SignedOutNote() {
  const address = session.value?.sign_in;
  return (
    <div class="preview-problem calm">
      <p>
        <Icon name="wait" /> {address ? words().waits : words().keysOnly}
        {address && <SignIn address={address} />}
      </p>
    </div>
  );
}

interface SignInProps {
  address: string;
  class?: string;
}

/** The way to the provider, and from there back to where the page is at the click. */
export function SignIn({ address, class: looks = "session-in" }: SignInProps) {
  return (
    <a
      class={looks}
      href={leading(address)}
      onClick={({ currentTarget }) => {
        currentTarget.href = leading(address);
      }}
    >
      {words().signIn}
    </a>
  );
}

function leading(address: string): string {
  const next = location.pathname + location.search + location.hash;
  return `${address}?${new URLSearchParams({ next })}`;
}

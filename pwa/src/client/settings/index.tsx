import type { ComponentChildren } from "preact";
import { lazy } from "../elements/lazy";
import { type Language, language, speak } from "../language/language";
import { knowSession, readSession, session } from "../session/session";
import type { View } from "../shell/routes";
import { allowSingleKeys, listing, singleKeys } from "../shell/shortcuts";
import { choose, THEMES, theme } from "../shell/theme";
import { About } from "./about";
import { Choice } from "./choice";
import { Notifications } from "./notifications";
import { countPictures, Storage } from "./storage";
import { words } from "./words";
import "./settings.css";

/** Where nobody has to sign in there is nothing to say. */
const Account = lazy(() => import("../session/account").then((part) => part.Account), 260);

/** Each in its own name: whoever is lost in another language finds theirs. */
const LANGUAGES: Record<Language, string> = { en: "English", zh: "中文" };

function Settings() {
  return (
    <div class="settings">
      <h1>{words().title}</h1>
      <div class="sheet">
        {session.value?.identity && <Account of={session.value} group={Group} />}
        <Group title={words().language}>
          <Choice
            name={words().language}
            options={LANGUAGES}
            chosen={language.value}
            choose={(to) => void speak(to)}
          />
        </Group>
        <Group title={words().theme}>
          <Choice
            name={words().theme}
            options={Object.fromEntries(THEMES.map((one) => [one, words().themes[one]]))}
            chosen={theme.value}
            choose={choose}
          />
        </Group>
        <Group title={words().keyboard}>
          <label class="check">
            <input
              type="checkbox"
              checked={singleKeys.value}
              aria-describedby="settings-keys"
              onChange={(event) => allowSingleKeys(event.currentTarget.checked)}
            />
            {words().singleKeys}
          </label>
          <p class="quiet settings-hint" id="settings-keys">
            {words().singleKeysHint}
          </p>
        </Group>
        <Group title={words().notifications.title}>
          <Notifications />
        </Group>
        <Group title={words().storage}>
          <Storage />
        </Group>
        <Group title={words().app}>
          <About />
        </Group>
        <Group title={words().help}>
          <div class="row">
            <button type="button" onClick={() => (listing.value = true)}>
              {words().shortcuts}
            </button>
            <a class="button" href="/docs">
              {words().reference}
            </a>
          </div>
        </Group>
      </div>
    </div>
  );
}

/** One heading, and what stands beside it. */
export interface GroupProps {
  title: string;
  children: ComponentChildren;
}

function Group({ title, children }: GroupProps) {
  return (
    <section class="settings-group" aria-label={title}>
      <h2>{title}</h2>
      <div>{children}</div>
    </section>
  );
}

function load(): Promise<unknown> {
  // What is known may have ended since: it is asked for anew, and not waited for.
  if (session.peek()?.identity) void readSession();
  return Promise.all([words.load(), countPictures(), knowSession()]);
}

const view: View = { component: Settings, load };

export default view;

import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../elements/icon";
import { lazy } from "../elements/lazy";
import { online } from "../pictures/connection";
import { applyUpdate, updateWaiting } from "../pictures/service_worker";
import { activeJobs } from "./badge";
import { Notices } from "./notice_list";
import { standing } from "./notices";
import { hrefOf, type Route, route, routeFault, VIEW_NAMES, type ViewName } from "./routes";
import { addShortcuts, listing, startShortcuts } from "./shortcuts";
import { words } from "./words";
import "./shell.css";

const ShortcutList = lazy(
  () => import("./shortcut_list").then((part) => part.ShortcutList),
  () => null,
);

/** The frame around every view. */
export function Shell() {
  useEffect(startShortcuts, []);
  useEffect(() => addShortcuts([...VIEW_NAMES.map(shortcutTo), listShortcuts]), []);
  const current = route.value;
  useTitle(current?.name);
  useFocus(current);
  return (
    <>
      <button type="button" class="skip" onClick={skip}>
        {words().skip}
      </button>
      <Header current={current?.name} />
      <Banners />
      <main id="main" tabIndex={-1}>
        {current && <current.view.component argument={current.argument} />}
      </main>
      <Notices />
      {listing.value && <ShortcutList />}
    </>
  );
}

/** Name the page after its view, for tabs, bookmarks and screen readers. */
function useTitle(name: ViewName | undefined): void {
  const title = name ? `${words().views[name]} · plotkiln` : "plotkiln";
  useEffect(() => {
    document.title = title;
  }, [title]);
}

/** Let the focus follow to another view, unless that view took it already; the first page keeps it. */
function useFocus(current: Route | null): void {
  const before = useRef(current);
  useEffect(() => {
    const main = document.getElementById("main");
    const isFirst = before.current === null || before.current === current;
    before.current = current;
    if (!isFirst && !main?.contains(document.activeElement)) main?.focus({ preventScroll: true });
  }, [current]);
}

function Header({ current }: { current: ViewName | undefined }) {
  return (
    <header class="top">
      <a class="brand" href={hrefOf("chart")}>
        <Icon name="kiln" /> plotkiln
      </a>
      <nav aria-label={words().navigation}>
        {VIEW_NAMES.map((name) => (
          <a key={name} href={hrefOf(name)} aria-current={name === current ? "page" : undefined}>
            <Icon name={name} />
            <span>{words().views[name]}</span>
            {name === "jobs" && activeJobs.value > 0 && <Badge />}
          </a>
        ))}
      </nav>
      <a class="aside" href="/docs">
        {words().reference}
      </a>
    </header>
  );
}

/** How many jobs are under way. */
function Badge() {
  return (
    <b>
      {activeJobs.value} <span class="said">{words().underWay}</span>
    </b>
  );
}

function Banners() {
  const Standing = standing.value;
  return (
    <div class="banners" role="status">
      {Standing && <Standing />}
      {!online.value && <p class="banner quiet">{words().offline}</p>}
      {routeFault.value && <p class="banner">{words().viewMissing}</p>}
      {updateWaiting.value && (
        <p class="banner">
          {words().updateWaiting}{" "}
          <button type="button" class="link" onClick={applyUpdate}>
            {words().update}
          </button>
        </p>
      )}
    </div>
  );
}

/** Each view has the digit of its place. */
function shortcutTo(name: ViewName, place: number) {
  return {
    key: String(place + 1),
    label: () => words().goTo(words().views[name]),
    act: () => {
      location.hash = hrefOf(name);
    },
  };
}

const listShortcuts = {
  key: "?",
  label: () => words().listShortcuts,
  act: () => {
    listing.value = !listing.value;
  },
};

/** The address behind `#` names views, so that a link cannot lead there. */
function skip(): void {
  document.getElementById("main")?.focus();
}

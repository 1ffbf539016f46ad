import { useEffect, useLayoutEffect } from "preact/hooks";
import { resume } from "../charts/current";
import { lazy } from "../elements/lazy";
import { Section } from "../elements/section";
import type { View } from "../shell/routes";
import { Data } from "./data";
import { DropArea, listenToPaste } from "./data/drop_area";
import { Preview } from "./preview";
import { summaries } from "./summaries";
import { words } from "./words";
import "./chart.css";

const KindChoice = lazy(() => import("./kind/index").then((part) => part.KindChoice), 540);
const Columns = lazy(() => import("./columns/index").then((part) => part.Columns), 300);
const Refine = lazy(() => import("./refine/index").then((part) => part.Refine), 420);
const Export = lazy(() => import("./export/index").then((part) => part.Export), 420);

/** The start: the work at the left, its picture always in sight at the right. */
function Chart() {
  useEffect(workBehind, []);
  useLayoutEffect(listenToPaste, []);
  const { data, kind, columns } = summaries();
  const { sections } = words();
  return (
    <div class="chart">
      <h1 class="said">{words().title}</h1>
      <div class="chart-bench sheet">
        <Section name="data" title={sections.data} summary={data}>
          <Data />
        </Section>
        <Section name="kind" title={sections.kind} summary={kind}>
          <KindChoice />
        </Section>
        <Section name="columns" title={sections.columns} summary={columns}>
          <Columns />
        </Section>
        <Section name="refine" title={sections.refine}>
          <Refine />
        </Section>
        <Section name="export" title={sections.export}>
          <Export />
        </Section>
      </div>
      <div class="chart-sight">
        <Preview />
      </div>
      <DropArea />
    </div>
  );
}

/** What reads tables, and what takes them from other apps, is fetched behind the first sight. */
function workBehind(): () => void {
  const started = Promise.all([
    import("../charts/reading").then(({ startReading }) => startReading()),
    import("./data/handed").then(({ takeHanded }) => takeHanded()),
  ]);
  return () =>
    void started.then((stops) => {
      for (const stop of stops) stop();
    });
}

let resumed: Promise<void> | undefined;

/** The draft is read once; what other views open stands over it. */
function resumeOnce(): Promise<void> {
  resumed ??= resume();
  return resumed;
}

const view: View = {
  component: Chart,
  load: () => Promise.all([words.load(), resumeOnce()]),
};

export default view;

import "./elements/paper.css";
import "./elements/elements.css";
import { render } from "preact";
import { startLanguage } from "./language/language";
import { startServiceWorker } from "./pictures/service_worker";
import { owner } from "./session/remembered";
import { startRouting } from "./shell/routes";
import { Shell } from "./shell/shell";
import { startTheme } from "./shell/theme";
import { words } from "./shell/words";

startTheme();
await startLanguage();
// What one person left is not shown to another, nor sent on: who is here is known first.
if (owner()) {
  await words.load();
  show();
  await import("./session/holding").then((part) => part.untilKnown());
}
await Promise.all([words.load(), startRouting()]);
show();
startServiceWorker();
import("./background")
  .then(({ startBackground }) => startBackground())
  .catch((error: unknown) => console.warn("nothing is kept up to date", error));

function show(): void {
  const place = document.getElementById("app");
  if (place) render(<Shell />, place);
}

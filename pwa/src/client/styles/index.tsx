import type { View } from "../shell/routes";
import { words } from "./words";

const view: View = {
  component: () => <h1>{words().title}</h1>,
  load: words.load,
};

export default view;

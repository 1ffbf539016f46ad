import { knowSession } from "../session/session";
import type { View } from "../shell/routes";
import { refreshList } from "./desk";
import { DeskView } from "./desk_view";
import { StyleList } from "./list";
import { words } from "./words";
import "./styles.css";

function Styles({ argument }: { argument: string }) {
  return argument ? <DeskView key={argument} name={argument} /> : <StyleList />;
}

const view: View = {
  component: Styles,
  load: () => Promise.all([words.load(), refreshList(), knowSession()]),
};

export default view;

import type { Words } from "./en";

const zh: Words = {
  title: "Chart",
};

export default zh;

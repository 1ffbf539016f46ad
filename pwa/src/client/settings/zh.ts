import type { Words } from "./en";

const zh: Words = {
  title: "Settings",
};

export default zh;

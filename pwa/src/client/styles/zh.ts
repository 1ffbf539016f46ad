import type { Words } from "./en";

const zh: Words = {
  title: "Styles",
};

export default zh;

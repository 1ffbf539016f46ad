const en = {
  title: "Styles",
};

export default en;
export type Words = typeof en;

// Loaded into a replica: its clock differs from the others' by HAWSER_CRASH_SHIFT_MS. What counts time from its start is not touched.

const shiftMs = Number(process.env.HAWSER_CRASH_SHIFT_MS ?? 0);
const RealDate = Date;

globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + shiftMs);
    else super(...args);
  }

  static now() {
    return RealDate.now() + shiftMs;
  }
};

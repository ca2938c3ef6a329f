/** Something that costs a request, done when there has been a reason: soon, but not more often than every so often. */

export function paced(work, { soonMs = 150, everyMs = 1500 } = {}) {
  let timer = null;
  let again = false;
  let last = -Infinity;
  const run = async () => {
    again = false;
    last = performance.now();
    try {
      await work();
    } finally {
      timer = null;
      if (again) {
        plan();
      }
    }
  };
  const plan = () => {
    if (timer !== null) {
      again = true;
      return;
    }
    timer = setTimeout(run, Math.max(soonMs, last + everyMs - performance.now()));
  };
  return plan;
}

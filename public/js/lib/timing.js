const HIDDEN_FRAME_MS = 250;

// A hidden tab draws no frames, so a timer stands in for them.
export function onNextFrame(callback) {
  const run = () => {
    cancel();
    callback();
  };
  const cancel = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
  const frame = requestAnimationFrame(run);
  const timer = setTimeout(run, HIDDEN_FRAME_MS);
  return cancel;
}

export function backoffMs(failures, mostMs) {
  return Math.min(mostMs, 500 * 2 ** failures) * (0.5 + Math.random() / 2);
}

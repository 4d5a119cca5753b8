// Runs in a desk before its own script: notes when the first picture stands, and moves its sliders.

window.bench = (() => {
  const bench = { picture: 0, worked: [] };
  const frame = window.requestAnimationFrame.bind(window);
  // What the page does in a frame is its solve and its drawing.
  window.requestAnimationFrame = (draw) => frame((now) => {
    const began = performance.now();
    draw(now);
    bench.worked.push(performance.now() - began);
  });
  const shown = (done) => frame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => done(performance.now());
    port2.postMessage(null);
  });
  new MutationObserver((_, observer) => {
    if (!document.querySelector("#countries svg")) return;
    observer.disconnect();
    shown((now) => { bench.picture = now; });
  }).observe(document, { childList: true, subtree: true });

  const part = (values, share) => [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))];
  const summary = (values) => ({ median: part(values, 0.5), p95: part(values, 0.95) });

  bench.run = async (moves) => {
    const until = async (holds) => { while (!holds()) await new Promise((rested) => { setTimeout(rested, 50); }); };
    const filled = () => document.querySelector("#interval .progress")?.hidden;
    await until(filled);
    const sliders = [...document.querySelectorAll("#policies input[type=range]")];
    bench.worked.length = 0;
    const waited = [];
    for (let move = 0; move < moves; move++) {
      const slider = sliders[Math.floor((move * sliders.length) / moves)];
      const [low, high] = [Number(slider.min), Number(slider.max)];
      slider.value = low + ((high - low) * ((move * 3) % 100)) / 100;
      const began = performance.now();
      slider.dispatchEvent(new Event("input"));
      waited.push((await new Promise(shown)) - began);
    }
    const rested = performance.now();
    const worked = summary(bench.worked);
    await until(filled);
    return { picture: bench.picture, moves, move: summary(waited), work: worked,
      interval: (performance.now() - rested) / 1000 };
  };
  return bench;
})();

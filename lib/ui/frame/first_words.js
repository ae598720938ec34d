// The answers of 总览 that came with the page itself stand until the scripts have drawn them.
document.addEventListener("DOMContentLoaded", () => {
  const words = document.getElementById("first-words");
  if (!words) return;
  if (matchMedia("(prefers-color-scheme: dark)").matches) words.className = "figures dark";
  const drawn = new MutationObserver(() => {
    if (!document.querySelector('[data-testid="stMain"] h1, [data-testid="stException"]')) return;
    drawn.disconnect();
    words.remove();
  });
  drawn.observe(document.body, { childList: true, subtree: true });
});

// Charts and tables keep the pixels of the screen on paper: tells print.css how much to shrink a
// page so that its width, and its tallest chart under the page's head, fit A4 landscape.
const WIDTH = 1030; // CSS pixels between the margins of print.css
const HEIGHT = 680;
const CHART = 530;
const SMALLEST = 0.45;
const PHONE = 0.86;
function isDark() {
  const colour = getComputedStyle(document.querySelector('[data-testid="stApp"]')).backgroundColor;
  const parts = colour.match(/\d+/g).slice(0, 3).map(Number);
  return Math.max(...parts) < 128;
}
function fit() {
  const block = document.querySelector('[data-testid="stMainBlockContainer"]');
  if (!block) return;
  const style = getComputedStyle(block);
  const width = block.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  const charts = [...block.querySelectorAll('[data-testid="stPlotlyChart"]')];
  const tallest = Math.max(1, ...charts.map((chart) => chart.getBoundingClientRect().height));
  const widest = width < 700 ? PHONE : 1; // a phone's charts stand side by side on paper
  let zoom = Math.min(widest, WIDTH / width, Math.max(SMALLEST, CHART / tallest));
  const whole = HEIGHT / block.firstElementChild.scrollHeight;
  if (whole < zoom && whole > 0.85 * zoom) zoom = whole; // a few lines over: on one sheet
  document.documentElement.style.setProperty("--print-zoom", zoom);
  document.documentElement.toggleAttribute("data-print-dark", isDark());
}
window.addEventListener("beforeprint", fit);

// Saves the nearest chart as a picture. plotly draws a chart as several SVG layers; they are put
// into one SVG with the finding above and the source below. Text stays text, in the reader's fonts.
const NS = "http://www.w3.org/2000/svg";
const FONTS = "'Microsoft YaHei','PingFang SC','Noto Sans CJK SC','Source Han Sans SC',sans-serif";
const MARGIN = 16;

function nearestChart(start) {
  for (let node = start; node; node = node.parentElement) {
    const chart = node.querySelector(".js-plotly-plot");
    if (chart) return chart;
  }
  return null;
}

function wrap(text, size, room) {
  const lines = [""];
  let taken = 0;
  for (const character of text) {
    const step = (character.charCodeAt(0) > 255 ? 1 : 0.56) * size;
    if (taken + step > room) {
      lines.push("");
      taken = 0;
    }
    lines[lines.length - 1] += character;
    taken += step;
  }
  return lines;
}

function write(svg, lines, top, size, colour, weight) {
  lines.forEach((line, number) => {
    const text = document.createElementNS(NS, "text");
    text.setAttribute("x", MARGIN);
    text.setAttribute("y", top + size + number * size * 1.4);
    text.setAttribute("font-size", size);
    text.setAttribute("font-weight", weight);
    text.setAttribute("fill", colour);
    text.textContent = line;
    svg.appendChild(text);
  });
  return top + lines.length * size * 1.4;
}

function compose(chart, data) {
  const layers = [...chart.querySelectorAll(".svg-container > .main-svg")];
  const box = layers[0].getBoundingClientRect();
  const width = Math.round(box.width) + 2 * MARGIN;
  const svg = document.createElementNS(NS, "svg");
  const surface = document.createElementNS(NS, "rect");
  svg.appendChild(surface);
  const top = write(svg, wrap(data.title, 18, width - 2 * MARGIN), MARGIN, 18, data.ink, 600) + 8;
  for (const layer of layers) {
    const copy = layer.cloneNode(true);
    copy.querySelectorAll(".hoverlayer, .zoomlayer, .selectionlayer").forEach((one) => one.remove());
    copy.removeAttribute("style");
    copy.setAttribute("x", MARGIN);
    copy.setAttribute("y", top);
    svg.appendChild(copy);
  }
  const below = top + box.height + 4;
  const height =
    write(svg, wrap(data.source, 12, width - 2 * MARGIN), below, 12, data.muted, 400) + MARGIN;
  for (const [name, value] of Object.entries({
    xmlns: NS,
    width,
    height: Math.round(height),
    viewBox: `0 0 ${width} ${Math.round(height)}`,
    "font-family": FONTS,
  })) {
    svg.setAttribute(name, value);
  }
  surface.setAttribute("width", "100%");
  surface.setAttribute("height", "100%");
  surface.setAttribute("fill", data.surface);
  const text = new XMLSerializer().serializeToString(svg);
  // plotly names clip paths with the page's whole address: in a file they are its own.
  const local = text.replace(/url\((?:&quot;|["'])?[^()#]*#([^()"'&]+)(?:&quot;|["'])?\)/g, "url(#$1)");
  return { text: local, width, height: Math.round(height) };
}

function measured(drawn) {
  const svg = new DOMParser().parseFromString(drawn, "image/svg+xml").documentElement;
  return { text: drawn, width: Number(svg.getAttribute("width")), height: Number(svg.getAttribute("height")) };
}

function save(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

async function raster(picture) {
  const image = new Image();
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(picture.text);
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = picture.width * 2; // sharp on paper and on a projector
  canvas.height = picture.height * 2;
  const pen = canvas.getContext("2d");
  pen.scale(2, 2);
  pen.drawImage(image, 0, 0, picture.width, picture.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

export default function ({ data, parentElement }) {
  const host = parentElement.host ?? parentElement;
  for (const button of parentElement.querySelectorAll("button")) {
    button.onclick = async () => {
      const chart = data.drawn ? null : nearestChart(host);
      if (!data.drawn && !chart) return;
      const picture = data.drawn ? measured(data.drawn) : compose(chart, data);
      const kind = button.dataset.kind;
      const content =
        kind === "svg"
          ? new Blob([picture.text], { type: "image/svg+xml;charset=utf-8" })
          : await raster(picture);
      save(content, `${data.file}.${kind}`);
    };
  }
}
